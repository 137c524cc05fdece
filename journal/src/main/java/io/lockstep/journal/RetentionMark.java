package io.lockstep.journal;

import io.lockstep.engine.record.Incarnation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * Says that the journal begins later than at 1, because what came before was given up on purpose: without it a missing
 * file would be damage. On stable storage before the first file goes.
 *
 * <pre>
 *   0        8                16               24                32               40       44
 *  +--------+----------------+----------------+-----------------+----------------+--------+
 *  | magic  | first position | previous hash  | incarnation, two words           | crc32c |
 *  +--------+----------------+----------------+-----------------+----------------+--------+
 * </pre>
 *
 * @param firstPosition of the first record that counts
 * @param previousHash of the record before it
 * @param incarnation of the journal, whose genesis may be gone
 */
record RetentionMark(long firstPosition, long previousHash, Incarnation incarnation) {
    private static final long MAGIC = 0x5445_524B_534C_0001L;
    private static final int CRC_OFFSET = 40;
    private static final int BYTES = 44;

    /**
     * Reads the mark.
     *
     * @param file of the mark
     * @return null if there is none
     * @throws IOException if it cannot be read or is not sound
     */
    static RetentionMark read(final Path file) throws IOException {
        if (!Files.exists(file)) {
            return null;
        }
        final byte[] bytes = Files.readAllBytes(file);
        final ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length != BYTES || buffer.getLong(0) != MAGIC || buffer.getInt(CRC_OFFSET) != crc(buffer)) {
            throw new IOException("the mark of retention is damaged: file=" + file + ", bytes=" + bytes.length);
        }
        return new RetentionMark(
                buffer.getLong(8), buffer.getLong(16), new Incarnation(buffer.getLong(24), buffer.getLong(32)));
    }

    /** Replaces the mark, at once or not at all. */
    void write(final Path file, final ForceOperation force) throws IOException {
        final ByteBuffer buffer = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(0, MAGIC)
                .putLong(8, firstPosition)
                .putLong(16, previousHash)
                .putLong(24, incarnation.high())
                .putLong(32, incarnation.low());
        buffer.putInt(CRC_OFFSET, crc(buffer));
        final Path part = file.resolveSibling(file.getFileName() + ".part");
        try (FileChannel channel = FileChannel.open(
                part, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            force.force(channel);
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        JournalFolder.forceFolder(file.toAbsolutePath().getParent(), force);
    }

    private static int crc(final ByteBuffer buffer) {
        final CRC32C crc = new CRC32C();
        crc.update(buffer.duplicate().clear().limit(CRC_OFFSET));
        return (int) crc.getValue();
    }
}
