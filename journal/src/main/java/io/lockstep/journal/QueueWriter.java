package io.lockstep.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.bytes.BytesStore;
import net.openhft.chronicle.bytes.PointerBytesStore;
import net.openhft.chronicle.core.io.BackgroundResourceReleaser;
import net.openhft.chronicle.core.time.TimeProvider;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.Wire;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The one place that writes through Chronicle Queue: one generation, raw bytes, files of bounded size. Appender thread
 * only; opened and closed by the thread that opens and closes the journal, before and after.
 *
 * <p>A file is mapped as one block with its overlap, of together exactly the allocated size, so that the queue never
 * extends a file; the writer turns to the next file before a document could end in the overlap.
 */
final class QueueWriter implements AutoCloseable {
    /** Room for what the queue adds of its own between two records: an index, a word, padding, the end-of-file word. */
    static final int SLACK_BYTES = 16 << 10;

    private static final int BLOCK_ALIGNMENT = 16 << 10;
    private static final long LOCK_WAIT_MS = 200;
    private static final DateTimeFormatter NAME = DateTimeFormatter.ofPattern(
                    FileCycle.FILE_A_SECOND.format(), Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    static {
        // Read by Chronicle's classes when they load. The analytics library is not even on the class path.
        System.setProperty("chronicle.analytics.disable", "true");
        System.setProperty("chronicle.announcer.disable", "true");
        System.setProperty("chronicle.disk.monitor.disable", "true");
    }

    private static final class VirtualTime implements TimeProvider {
        private volatile long nowMs;

        @Override
        public long currentTimeMillis() {
            return nowMs;
        }
    }

    private final Path folder;
    private final int blockBytes;
    private final VirtualTime time = new VirtualTime();
    private final SingleChronicleQueue queue;
    private final ExcerptAppender appender;
    private final PointerBytesStore source = BytesStore.nativePointer();
    private final UnsafeBuffer staging;
    private int cycle;
    private Bytes<?> bytes;
    private int endOffset;

    QueueWriter(final Path folder, final long fileBytes, final int recordBytesMax) {
        this.folder = folder;
        blockBytes = blockBytes(fileBytes);
        staging = new UnsafeBuffer(java.nio.ByteBuffer.allocateDirect(recordBytesMax));
        queue = SingleChronicleQueueBuilder.binary(folder.toFile())
                .rollCycle(FileCycle.FILE_A_SECOND)
                .timeProvider(time)
                .blockSize(blockBytes)
                .indexCount(FileCycle.FILE_A_SECOND.defaultIndexCount())
                .indexSpacing(FileCycle.FILE_A_SECOND.defaultIndexSpacing())
                .checkInterrupts(false)
                .timeoutMS(LOCK_WAIT_MS)
                .build();
        appender = queue.createAppender();
        appender.singleThreadedCheckDisabled(true);
    }

    /** Bytes of a file that take documents; the rest is the queue's overlap. */
    static int blockBytes(final long fileBytes) {
        return (int) (fileBytes * 4 / 5 / BLOCK_ALIGNMENT * BLOCK_ALIGNMENT);
    }

    /** Bytes to allocate, so that the queue's mapping of one block and its overlap fits exactly. */
    static int allocatedBytes(final long fileBytes) {
        return blockBytes(fileBytes) / 4 * 5;
    }

    /** Where the queue will look for file {@code number} of a generation before it makes one itself. */
    static Path preparedFile(final Path folder, final int number) {
        return folder.resolve(name(number) + ".precreated");
    }

    static Path file(final Path folder, final int number) {
        return folder.resolve(name(number) + JournalFolder.SUFFIX);
    }

    private static String name(final int number) {
        return NAME.format(Instant.ofEpochSecond(number));
    }

    /** Makes the queue's table real on disk, so that its stores cannot meet a full disk either. */
    void allocateTable() throws IOException {
        final Path table = folder.resolve(SingleChronicleQueue.QUEUE_METADATA_FILE);
        try (FileChannel channel = FileChannel.open(table, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            final byte[] content = Files.readAllBytes(table);
            channel.write(java.nio.ByteBuffer.wrap(content), 0);
            channel.force(true);
        }
    }

    /** Whether a record fits into the file that is written; if not, {@link #turn()} first. */
    boolean fits(final int length) {
        return endOffset + length <= blockBytes - SLACK_BYTES;
    }

    /** Bytes of records that a file still takes of which so much is used. */
    static long remainingBytes(final int blockBytes, final long usedBytes) {
        return blockBytes - SLACK_BYTES - usedBytes;
    }

    /** The next append goes to the next file, which must be allocated. */
    void turn() {
        cycle++;
        time.nowMs = (long) cycle * FileCycle.FILE_A_SECOND.lengthInMillis();
        bytes = null;
        endOffset = 0;
    }

    int cycle() {
        return cycle;
    }

    Path file() {
        return file(folder, cycle);
    }

    /** Where the documents of the current file end. */
    int endOffset() {
        return endOffset;
    }

    /** The same with the queue's end-of-file word, which turning to the next file puts there. */
    int endOfFile() {
        return QueueDescriptor.align(endOffset) + QueueDescriptor.WORD_BYTES;
    }

    /**
     * Appends a record.
     *
     * @return the offset of its document in the current file
     */
    int append(final DirectBuffer buffer, final int offset, final int length) {
        if (buffer.byteArray() != null) {
            staging.putBytes(0, buffer, offset, length);
            source.set(staging.addressOffset(), length);
        } else {
            source.set(buffer.addressOffset() + offset, length);
        }
        appender.writeBytes(source);
        if (bytes == null) {
            final Wire wire = appender.wire();
            bytes = wire.bytes();
        }
        endOffset = (int) bytes.writePosition();
        return endOffset - length - QueueDescriptor.WORD_BYTES;
    }

    @Override
    public void close() {
        appender.close();
        queue.close();
        BackgroundResourceReleaser.releasePendingResources();
    }
}
