package io.lockstep.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * The durable position in a file of its own, written before the position is told to anybody, and not synced: it survives
 * the death of the process, and after a power cut an old value errs on the careful side, since it names less than was
 * durable. It is what tells a lost or changed last record from one that never was.
 *
 * <pre>
 *   two slots at 0 and at 4096, written in turn
 *   0          8           16          24
 *  +----------+-----------+-----------+--------+
 *  | magic    | counter   | position  | crc32c |
 *  +----------+-----------+-----------+--------+
 * </pre>
 *
 * Written by the syncing thread alone, by plain writes: the file is small and anybody can cut it short, and a mapping
 * would then end the process.
 */
final class DurableMark implements AutoCloseable {
    private static final long MAGIC = 0x4B52_414D_4B53_4C31L;
    private static final int SLOT_BYTES = 4096;
    static final int FILE_BYTES = 2 * SLOT_BYTES;
    private static final int COUNTER_OFFSET = 8;
    private static final int POSITION_OFFSET = 16;
    private static final int CRC_OFFSET = 24;
    private static final int USED_BYTES = 28;

    private final Path file;
    private final FileChannel channel;
    private final ByteBuffer slot = ByteBuffer.allocateDirect(USED_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final CRC32C crc = new CRC32C();
    private long counter;

    private DurableMark(final Path file, final FileChannel channel) {
        this.file = file;
        this.channel = channel;
        slot.putLong(0, MAGIC);
    }

    /**
     * What a mark file says.
     *
     * @param position the highest position in a sound slot, 0 if there is none
     * @param lost true if the file is missing, cannot be read, or has no sound slot: then it says nothing
     * @param trouble what is wrong with the file, null if nothing is
     */
    record Reading(long position, boolean lost, String trouble) {}

    /** Opens the file for writing, and starts both slots with a position. */
    @SuppressWarnings("resource") // closed with the mark
    static DurableMark open(final Path file, final long position, final ForceOperation force) throws IOException {
        final FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            if (channel.size() != FILE_BYTES) {
                FileAllocator.writeZeros(
                        channel, Math.min(channel.size(), FILE_BYTES), FILE_BYTES); // a sound slot stays
                channel.truncate(FILE_BYTES);
            }
            final DurableMark mark = new DurableMark(file, channel);
            mark.store(position);
            mark.store(position);
            force.force(channel);
            return mark;
        } catch (final IOException ex) {
            channel.close();
            throw ex;
        }
    }

    /** Reads the file without changing it; any content is answered, none throws. */
    static Reading read(final Path file) {
        if (!Files.exists(file)) {
            return new Reading(0, true, "durable mark is missing: file=" + file);
        }
        final ByteBuffer bytes = ByteBuffer.allocate(FILE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            int read = 0;
            while (bytes.hasRemaining() && read >= 0) {
                read = channel.read(bytes);
            }
        } catch (final IOException ex) {
            return new Reading(0, true, "durable mark cannot be read: file=" + file + ", cause=" + ex);
        }
        long position = -1;
        String trouble = null;
        for (int slot = 0; slot < FILE_BYTES; slot += SLOT_BYTES) {
            final CRC32C crc = new CRC32C();
            crc.update(bytes.array(), slot, CRC_OFFSET);
            final long marked = bytes.getLong(slot + POSITION_OFFSET);
            if (bytes.getLong(slot) == MAGIC
                    && (int) crc.getValue() == bytes.getInt(slot + CRC_OFFSET)
                    && marked >= 0) {
                position = Math.max(position, marked);
            } else {
                trouble = "durable mark has a bad slot: file=" + file + ", offset=" + slot;
            }
        }
        return new Reading(Math.max(0, position), position < 0, trouble);
    }

    /** Writes a position; no heap memory is taken. */
    void store(final long position) throws IOException {
        slot.putLong(COUNTER_OFFSET, counter).putLong(POSITION_OFFSET, position);
        crc.reset();
        slot.position(0).limit(CRC_OFFSET);
        crc.update(slot);
        slot.limit(USED_BYTES).putInt(CRC_OFFSET, (int) crc.getValue()).position(0);
        final long offset = (counter & 1) * SLOT_BYTES;
        try {
            while (slot.hasRemaining()) {
                channel.write(slot, offset + slot.position());
            }
        } catch (final IOException ex) {
            throw new IOException("durable mark cannot be written: file=" + file + ", cause=" + ex, ex);
        }
        counter++;
    }

    void force(final ForceOperation force) throws IOException {
        force.force(channel);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
