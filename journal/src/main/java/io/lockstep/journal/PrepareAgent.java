package io.lockstep.journal;

import io.lockstep.engine.port.JournalFailedException.Kind;
import io.lockstep.engine.port.SpaceLevel;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.IntSupplier;
import org.agrona.concurrent.Agent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the file after the current one allocated before the writer needs it, gives back what full files did not use, and
 * samples free space. Runs on a thread of its own, since it blocks on the disk.
 *
 * <p>Allocation keeps pace with the writer, slice by slice, so that the disk is never busy with it for long, and an idle
 * node allocates nothing. A disk that is full is tried again at every sample; a file that was deleted or cut short fails the
 * journal.
 */
final class PrepareAgent implements Agent {
    private static final Logger LOG = LoggerFactory.getLogger(PrepareAgent.class);
    private static final int SLICE_BYTES_MIN = 4 << 20;
    private static final int SLICE_BYTES_MAX = 16 << 20;

    /** How much faster the next file grows than the current one is used: it stands when a third is used. */
    private static final int PACE = 3;

    private static final int PAGE_BYTES = 4096;

    private final JournalContext context;
    private final Path generationFolder;
    private final Path reserve;
    private final FileTable files;
    private final int allocatedBytes;
    private final int blockBytes;
    private final IntSupplier usedBytes;
    private final FailureLatch latch;
    private final JournalWatch watch;
    private final SpaceGuard guard;
    private FileStore store;
    private FileChannel next;
    private int nextNumber;
    private int nextBytes;
    private int trimmedIndex;
    private long sampledNs;
    private boolean full;
    private boolean allocationWarned;
    private boolean sampleWarned;
    private boolean gone;
    private volatile boolean failing;
    private volatile long freeBytes;
    private volatile int readyNumber = -1;
    private volatile int assuredNumber = -1;
    private volatile int wantedNumber;
    private volatile String trouble = "none";

    PrepareAgent(
            final JournalContext context,
            final JournalFolder folder,
            final int generation,
            final FileTable files,
            final IntSupplier usedBytes,
            final FailureLatch latch) {
        this.context = context;
        this.latch = latch;
        this.files = files;
        this.usedBytes = usedBytes;
        generationFolder = folder.generationFolder(generation);
        reserve = folder.reserveFile();
        watch = new JournalWatch(files, folder.markFile());
        guard = new SpaceGuard(context);
        allocatedBytes = QueueWriter.allocatedBytes(context.fileBytes());
        blockBytes = QueueWriter.blockBytes(context.fileBytes());
        trimmedIndex = files.nextIndex();
        freeBytes = sample();
        sampledNs = System.nanoTime();
    }

    /** Allocates the first file at once. Opening thread, before the agent runs. */
    void prepareFirst() throws IOException {
        allocateTo(allocatedBytes);
    }

    /** Appender thread: file {@code number - 1} is now written, so {@code number} is needed next. */
    void want(final int number) {
        wantedNumber = number;
    }

    /** Whether a file of the generation is allocated, synced and in the folder. Any thread. */
    boolean isReady(final int number) {
        return readyNumber >= number;
    }

    /** How much room is left. Any thread. */
    SpaceLevel level() {
        return guard.level(freeBytes, remainingBytes(), isNextAssured());
    }

    /** See {@link SpaceGuard#hasRoomForBulk}. Any thread. */
    boolean hasRoomForBulk() {
        return guard.hasRoomForBulk(remainingBytes(), isReady(wantedNumber), isNextAssured());
    }

    private long remainingBytes() {
        return QueueWriter.remainingBytes(blockBytes, usedBytes.getAsInt());
    }

    /**
     * Whether the file after the current one is allocated, or merely late: since the current one was begun, twice the
     * room that it needs was seen, and the disk has not refused. Any thread.
     */
    boolean isNextAssured() {
        final int wanted = wantedNumber;
        return readyNumber >= wanted || (assuredNumber >= wanted && !failing);
    }

    long freeBytes() {
        return freeBytes;
    }

    /** Why the next file is not allocated, for people. Any thread. */
    String trouble() {
        return trouble;
    }

    @Override
    public int doWork() throws IOException {
        int work = 0;
        final long nowNs = System.nanoTime();
        if (nowNs - sampledNs >= context.spaceSampleNs()) {
            sampledNs = nowNs;
            freeBytes = sample();
            full = false;
            stopIfGone();
            restoreReserve();
        }
        final int wanted = wantedNumber;
        if (assuredNumber < wanted) {
            freeBytes = sample(); // a sample from before the turn does not know of the file that it filled
            if (freeBytes >= 2L * allocatedBytes + context.hardFreeBytes()) {
                assuredNumber = wanted;
            }
        }
        if (!full && readyNumber < wanted) {
            final long due = dueBytes();
            if (due - nextBytes >= Math.min(SLICE_BYTES_MIN, allocatedBytes - nextBytes)) {
                work += prepare((int) Math.min(due, nextBytes + (long) SLICE_BYTES_MAX));
            }
        }
        return work + trim();
    }

    /** All of it at the latest when something waits for it. */
    private long dueBytes() {
        return hasRoomForBulk()
                ? Math.min(allocatedBytes, PACE * (long) usedBytes.getAsInt() * allocatedBytes / blockBytes)
                : allocatedBytes;
    }

    private int prepare(final int to) {
        try {
            allocateTo(to);
            failing = false;
            allocationWarned = false;
            trouble = "none";
            return 1;
        } catch (final IOException ex) {
            full = true; // until the next sample
            failing = true; // until a slice was written
            trouble = ex.toString();
            if (!allocationWarned) {
                allocationWarned = true;
                LOG.warn(
                        "journal file cannot be allocated, writes will be refused until it can (tried at every sample of"
                                + " free space): folder={}, bytes={}, freeBytes={}, cause={}",
                        generationFolder,
                        allocatedBytes,
                        freeBytes,
                        ex.toString());
            }
            return 0;
        }
    }

    @SuppressWarnings("resource") // closed when the file stands, or with the agent
    private void allocateTo(final int to) throws IOException {
        if (next == null) {
            next = FileChannel.open(
                    QueueWriter.preparedFile(generationFolder, nextNumber),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE);
            nextBytes = 0;
        }
        FileAllocator.writeZeros(next, nextBytes, to);
        next.force(false);
        nextBytes = to;
        if (to == allocatedBytes) {
            next.force(true);
            next.close();
            next = null;
            JournalFolder.forceFolder(generationFolder, context.forceOperation());
            nextBytes = 0;
            readyNumber = nextNumber++;
        }
    }

    /**
     * Cuts the allocated rest off files that take no more records; the record part is not touched, nor what the queue
     * writes behind it as it goes on to the next file, which may still be to come.
     */
    private int trim() throws IOException {
        trimmedIndex = Math.max(trimmedIndex, files.firstIndex());
        if (trimmedIndex >= files.nextIndex()) {
            return 0;
        }
        final JournalFile file = files.get(trimmedIndex);
        if (file.lastPosition() == Long.MAX_VALUE) {
            return 0;
        }
        trim(file.path(), file.endOffset());
        trimmedIndex++;
        return 1;
    }

    static void trim(final Path path, final int endOffset) throws IOException {
        final long used = (long) endOffset + QueueDescriptor.END_LETTERS_BYTES_MAX;
        final long end = (used + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            if (channel.size() > end) {
                channel.truncate(end);
            }
        }
    }

    private void restoreReserve() {
        if (context.reserveBytes() == 0
                || Files.exists(reserve)
                || freeBytes < context.softFreeBytes() + context.reserveBytes()) {
            return;
        }
        try {
            writeReserve(reserve, context.reserveBytes());
        } catch (final IOException ex) {
            LOG.warn("reserve cannot be written: path={}, cause={}", reserve, ex.toString());
        }
    }

    private static void writeReserve(final Path path, final long bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            FileAllocator.writeZeros(channel, 0, bytes);
            channel.force(true);
        } catch (final IOException ex) {
            Files.deleteIfExists(path);
            throw ex;
        }
    }

    private void stopIfGone() {
        final String trouble = gone ? null : watch.trouble();
        if (trouble != null) {
            gone = true;
            latch.fail(Kind.IO, trouble, null);
        }
    }

    private long sample() {
        try {
            if (store == null) {
                store = Files.getFileStore(generationFolder); // reads the whole table of mounts
            }
            final long usable = store.getUsableSpace();
            sampleWarned = false;
            return usable;
        } catch (final IOException ex) {
            if (!sampleWarned) {
                sampleWarned = true;
                LOG.warn("free space cannot be sampled: folder={}, cause={}", generationFolder, ex.toString());
            }
            return 0;
        }
    }

    @Override
    public void onClose() {
        try {
            if (next != null) {
                next.close();
            }
        } catch (final IOException ex) {
            LOG.warn("allocated file cannot be closed: {}", ex.toString());
        }
    }

    @Override
    public String roleName() {
        return "journal-prepare";
    }
}
