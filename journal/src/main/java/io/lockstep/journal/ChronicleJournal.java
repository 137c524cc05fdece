package io.lockstep.journal;

import io.lockstep.engine.port.JournalFailedException;
import io.lockstep.engine.port.JournalFailedException.Kind;
import io.lockstep.engine.port.JournalPort;
import io.lockstep.engine.port.JournalReader;
import io.lockstep.engine.port.SpaceLevel;
import io.lockstep.engine.record.Incarnation;
import io.lockstep.journal.snapshot.GrowingJournal;
import io.lockstep.journal.snapshot.RetentionRule;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.CompositeAgent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal on Chronicle Queue. Threading as in {@link JournalPort}.
 *
 * <p>The queue only ever appends, to files of this process's own making; everything that reads goes through our own
 * mappings and checks. A thread syncs, another allocates ahead.
 */
public final class ChronicleJournal implements JournalPort, GrowingJournal {
    private static final Logger LOG = LoggerFactory.getLogger(ChronicleJournal.class);
    private static final long PREPARE_WAIT_NS = 10_000_000_000L;
    private static final long PREPARE_POLL_NS = 100_000L;
    private static final long PREPARE_PARK_MIN_NS = 1_000_000L;
    private static final long PREPARE_PARK_MAX_NS = 100_000_000L;

    private final JournalFolder folder;
    private final FolderLock lock;
    private final FailureLatch latch;
    private final FileTable files = new FileTable();
    private final JournalIndex index;
    private final AtomicInteger usedBytes = new AtomicInteger();
    private final JournalPositions positions;
    private final DurableMark mark;
    private final QueueWriter writer;
    private final PrepareAgent prepare;
    private final AgentRunner prepareRunner;
    private final SyncAgent sync;
    private final int generation;
    private final int blockBytes;
    private final int recordBytesMax;
    private final ScanResult found;
    private final Incarnation retainedIncarnation;
    private final JournalRetention retention;
    private long appended;
    private JournalFile currentFile;
    private boolean closed;

    private ChronicleJournal(
            final JournalContext context, final JournalFolder folder, final FolderLock lock, final long fromPosition)
            throws IOException {
        this.folder = folder;
        this.lock = lock;
        latch = new FailureLatch(context.fatalHandler());
        blockBytes = QueueWriter.blockBytes(context.fileBytes());
        recordBytesMax = context.recordBytesMax();
        index = new JournalIndex(files, new Sidecars(context.forceOperation()));
        final Recovery recovery = new Recovery(folder, context.forceOperation(), index, fromPosition);
        found = recovery.run();
        retainedIncarnation = recovery.retainedIncarnation();
        appended = found.lastPosition();
        positions = new JournalPositions(appended, appended);
        final List<Integer> generations = folder.generations();
        generation = generations.isEmpty() ? 1 : generations.get(generations.size() - 1) + 1;
        createGeneration(context.forceOperation());
        prepare = new PrepareAgent(context, folder, generation, files, usedBytes::get, latch);
        prepareFirst();
        mark = DurableMark.open(folder.markFile(), appended, context.forceOperation());
        JournalFolder.forceFolder(folder.path(), context.forceOperation());
        // Only now: a journal file without a mark is damage, so the mark must be on stable storage before there is one.
        writer = new QueueWriter(folder.generationFolder(generation), context.fileBytes(), recordBytesMax);
        writer.allocateTable();
        sync = new SyncAgent(context, files, positions, mark, latch);
        prepareRunner = new AgentRunner(
                new BackoffIdleStrategy(0, 0, PREPARE_PARK_MIN_NS, PREPARE_PARK_MAX_NS),
                error -> LOG.warn("journal files cannot be prepared", error),
                null,
                new CompositeAgent(prepare, new SidecarAgent(index, positions::durable)));
        retention = new JournalRetention(folder, index, positions, context.forceOperation(), retainedIncarnation);
        final CutRecord cut = recovery.cut();
        if (cut != null) {
            append(cut.buffer(), 0, cut.length());
        }
    }

    /**
     * Takes the folder, reads everything that is there, cuts a torn tail, and is ready to append.
     *
     * @param context concluded
     * @return an open journal
     * @throws JournalFailedException LOCKED if another process holds the folder, DAMAGE if something at or below the
     *     durable position is bad, IO if the operating system refuses
     */
    public static ChronicleJournal open(final JournalContext context) {
        return open(context, 0);
    }

    /**
     * As {@link #open(JournalContext)}, but does not read finished files whose records nobody will need at the start, as
     * far as their sidecars can be trusted. Their records are checked when they are read.
     *
     * @param context concluded
     * @param fromPosition first position that recovery will read; 0 for all
     * @return an open journal
     * @throws JournalFailedException as above
     */
    public static ChronicleJournal open(final JournalContext context, final long fromPosition) {
        if (!context.isConcluded()) {
            throw new IllegalArgumentException("journal context is not concluded");
        }
        final JournalFolder folder = new JournalFolder(context.journalFolder());
        FolderLock lock = null;
        boolean opened = false;
        try {
            folder.create(context.forceOperation());
            lock = FolderLock.take(folder.lockFile());
            final ChronicleJournal journal = new ChronicleJournal(context, folder, lock, fromPosition);
            journal.start();
            opened = true;
            return journal;
        } catch (final IOException | InternalError ex) {
            throw JournalFolder.ioFailure("the journal cannot be opened", folder.path(), ex);
        } finally {
            if (!opened && lock != null) {
                lock.close();
            }
        }
    }

    private void start() {
        prepare.want(writer.cycle() + 1);
        sync.start();
        AgentRunner.startOnThread(prepareRunner, runnable -> {
            final Thread thread = new Thread(runnable);
            thread.setDaemon(true);
            return thread;
        });
        batchAppended();
    }

    private void createGeneration(final ForceOperation force) throws IOException {
        try {
            folder.createGeneration(generation, force);
        } catch (final IOException ex) {
            useReserve(ex);
            folder.createGeneration(generation, force);
        }
    }

    private void prepareFirst() throws IOException {
        try {
            prepare.prepareFirst();
        } catch (final IOException ex) {
            useReserve(ex);
            prepare.prepareFirst();
        }
    }

    /** On a full disk the reserve makes room for what a start needs; the preparing thread restores it. */
    private void useReserve(final IOException full) throws IOException {
        if (!Files.deleteIfExists(folder.reserveFile())) {
            throw full;
        }
        LOG.warn("the disk is full, the reserve is used to start: {}", full.toString());
    }

    @Override
    public void append(final DirectBuffer buffer, final int offset, final int length) {
        if (latch.isFailed()) {
            throw latch.failure();
        }
        final long position = RecordFields.position(buffer, offset);
        if (position != appended + 1 || length > recordBytesMax || closed) {
            throw refuse(position, length);
        }
        final int documentOffset;
        try {
            if (!writer.fits(length)) {
                turn();
            }
            documentOffset = writer.append(buffer, offset, length);
        } catch (final RuntimeException | Error ex) {
            throw latch.fail(
                    Kind.IO,
                    "the journal cannot be written: position=" + position + ", file=" + writer.file() + ", cause=" + ex,
                    ex);
        }
        if (currentFile == null) {
            currentFile = new JournalFile(files.nextIndex(), generation, writer.file(), position, documentOffset);
            index.begin(currentFile, blockBytes);
        }
        index.put(buffer, offset, documentOffset);
        usedBytes.lazySet(writer.endOffset());
        appended = position;
        positions.written(position);
    }

    private JournalFailedException refuse(final long position, final int length) {
        return latch.fail(
                Kind.IO,
                "the journal does not take this record: position=" + position + ", expected=" + (appended + 1)
                        + ", length=" + length + ", recordBytesMax=" + recordBytesMax + ", closed=" + closed,
                null);
    }

    /** Goes to the next file, which stands already unless the disk is too slow or full; never writes into a hole. */
    private void turn() {
        final int number = writer.cycle() + 1;
        final long startNs = System.nanoTime();
        while (!prepare.isReady(number)) {
            if (System.nanoTime() - startNs > PREPARE_WAIT_NS) {
                throw new IllegalStateException("the next file was not allocated in time: waitNs=" + PREPARE_WAIT_NS
                        + ", freeBytes=" + prepare.freeBytes() + ", trouble=" + prepare.trouble());
            }
            LockSupport.parkNanos(this, PREPARE_POLL_NS);
        }
        if (currentFile != null) {
            currentFile.finish(appended, writer.endOfFile());
            currentFile = null;
        }
        writer.turn();
        usedBytes.lazySet(0);
        prepare.want(number + 1);
        LockSupport.unpark(prepareRunner.thread()); // whether there is room for one more is known the sooner
    }

    @Override
    public void batchAppended() {
        positions.writtenFully(appended);
        sync.wakeUp();
    }

    @Override
    public long writtenPosition() {
        return positions.written();
    }

    @Override
    public long firstPosition() {
        return files.firstPosition();
    }

    @Override
    public Incarnation retainedIncarnation() {
        return retainedIncarnation;
    }

    @Override
    public int retain(final RetentionRule retentionRule) {
        return retention.apply(retentionRule);
    }

    @Override
    public long durablePosition() {
        return positions.durable();
    }

    @Override
    public SpaceLevel spaceLevel() {
        return prepare.level();
    }

    @Override
    public boolean hasRoomForBulk() {
        return prepare.hasRoomForBulk();
    }

    @Override
    public long freeBytes() {
        return prepare.freeBytes();
    }

    @Override
    public long bytesAfter(final long position) {
        return usedBytes.get() + files.bytesAfter(position);
    }

    @Override
    public JournalFailedException failure() {
        return latch.failure();
    }

    @Override
    public JournalReader openReader() {
        return new ChronicleJournalReader(index, positions);
    }

    /**
     * What was found at the start and is not damage: a torn tail that was cut, stray bits that do not matter.
     *
     * @return the problems, in file order
     */
    public List<JournalProblem> problems() {
        return found.problems();
    }

    /**
     * Which rule was applied to the end of the journal at the start.
     *
     * @return a sentence with the values
     */
    public String rule() {
        return found.rule();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            sync.close();
            prepareRunner.close();
            writer.close();
            if (!latch.isFailed()) {
                tidy();
            }
            mark.close();
            index.sidecars().close();
        } catch (final IOException | RuntimeException | Error ex) {
            throw latch.fail(Kind.IO, "the journal cannot be closed: folder=" + folder.path() + ", cause=" + ex, ex);
        } finally {
            lock.close();
        }
    }

    private void tidy() throws IOException {
        folder.deleteLeftovers();
        if (currentFile != null) {
            currentFile.finish(appended, writer.endOffset());
            PrepareAgent.trim(currentFile.path(), writer.endOfFile());
        } else if (writer.cycle() == 0) {
            folder.deleteGeneration(generation);
        }
    }
}
