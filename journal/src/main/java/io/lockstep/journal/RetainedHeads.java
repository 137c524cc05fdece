package io.lockstep.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32C;

/**
 * What the newest record of a database was, for those whose newest record was given up: a client that has everything is
 * not sent away because nobody wrote for long. On stable storage before the files go. An entry that is lost or not
 * sound costs such a client a read of the state and nothing else. One thread adds, any thread asks.
 *
 * <pre>
 *   entries, the last of a database counts
 *   0             4         8           16      24
 *  +-------------+---------+-----------+-------+
 *  | databaseId  | crc32c  | sequence  | hash  |
 *  +-------------+---------+-----------+-------+
 * </pre>
 */
final class RetainedHeads {
    private static final int ENTRY_BYTES = 24;
    private static final int CRC_OFFSET = 4;
    private static final int SEQUENCE_OFFSET = 8;
    private static final int HASH_OFFSET = 16;

    private record Head(long sequence, long hash) {}

    private final Path file;
    private final Map<Integer, Head> heads = new ConcurrentHashMap<>();

    private RetainedHeads(final Path file) {
        this.file = file;
    }

    /** Reads what is there; a tail that is not sound is left out. */
    static RetainedHeads open(final Path file) throws IOException {
        final RetainedHeads opened = new RetainedHeads(file);
        if (Files.exists(file)) {
            final ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
            for (int offset = 0; offset + ENTRY_BYTES <= bytes.capacity(); offset += ENTRY_BYTES) {
                if (bytes.getInt(offset + CRC_OFFSET) == crc(bytes, offset)) {
                    opened.heads.put(
                            bytes.getInt(offset),
                            new Head(bytes.getLong(offset + SEQUENCE_OFFSET), bytes.getLong(offset + HASH_OFFSET)));
                }
            }
        }
        return opened;
    }

    /** Notes a database; nothing is on stable storage before {@link #write}. */
    void put(final int databaseId, final long sequence, final long hash) {
        heads.put(databaseId, new Head(sequence, hash));
    }

    /** The hash of a database's newest record, if it was given up and has this sequence; else 0. */
    long check(final int databaseId, final long sequence) {
        final Head head = heads.get(databaseId);
        return head != null && head.sequence == sequence ? head.hash : 0;
    }

    /** Replaces the file, at once or not at all. */
    void write(final ForceOperation force) throws IOException {
        final ByteBuffer entry = ByteBuffer.allocate(heads.size() * ENTRY_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        int offset = 0;
        for (final Map.Entry<Integer, Head> head : heads.entrySet()) {
            entry.putInt(offset, head.getKey())
                    .putLong(offset + SEQUENCE_OFFSET, head.getValue().sequence())
                    .putLong(offset + HASH_OFFSET, head.getValue().hash());
            entry.putInt(offset + CRC_OFFSET, crc(entry, offset));
            offset += ENTRY_BYTES;
        }
        final Path part = file.resolveSibling(file.getFileName() + ".part");
        try (FileChannel channel = FileChannel.open(
                part, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            while (entry.hasRemaining()) {
                channel.write(entry);
            }
            force.force(channel);
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static int crc(final ByteBuffer bytes, final int offset) {
        final CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate().clear().position(offset).limit(offset + CRC_OFFSET));
        crc.update(bytes.duplicate().clear().position(offset + SEQUENCE_OFFSET).limit(offset + ENTRY_BYTES));
        return (int) crc.getValue();
    }
}
