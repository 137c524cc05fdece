package io.lockstep.journal;

import static io.lockstep.journal.SidecarDescriptor.HEADER_BYTES;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** Writes the sidecar of one finished file from its index in memory, to a temporary name first. One thread; used once. */
final class SidecarWriter {
    private static final int PIECE_BYTES = 256 << 10;

    private final JournalFile file;
    private final MemoryFileIndex index;
    private final ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final CRC32C crc = new CRC32C();
    private FileChannel channel;
    private long written = HEADER_BYTES;
    private boolean linked = true;

    SidecarWriter(final JournalFile file, final MemoryFileIndex index) {
        this.file = file;
        this.index = index;
    }

    /**
     * Writes, syncs and renames.
     *
     * @param force brings it to stable storage
     * @throws IOException if it cannot be written, or the file does not hold the records that the index claims
     */
    void write(final ForceOperation force) throws IOException {
        final Path temporary = SidecarDescriptor.temporaryPath(file.path());
        try (FileChannel opened = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            channel = opened;
            writeAll();
            force.force(channel);
        } catch (final IOException ex) {
            Files.deleteIfExists(temporary);
            throw ex;
        }
        Files.move(
                temporary,
                SidecarDescriptor.path(file.path()),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    private void writeAll() throws IOException {
        final int entries = index.entries();
        for (int entry = 0; entry < entries; entry++) {
            putInt(index.documentOffset(entry));
        }
        final long[] slots = slotsById();
        final int[] counts = new int[slots.length];
        int postings = 0;
        for (int i = 0; i < slots.length; i++) {
            final int slot = (int) slots[i];
            for (int mark = index.firstMark(slot); mark != FileIndex.NONE; mark = index.nextMark(slot, mark)) {
                putInt(mark);
                counts[i]++;
            }
            postings += counts[i];
        }
        if (((entries + postings) & 1) != 0) {
            putInt(0);
        }
        putDatabases(slots, counts);
        flush();
        writeHeader(entries, slots.length, postings);
    }

    private long[] slotsById() {
        final long[] slots = new long[index.databases()];
        for (int slot = 0; slot < slots.length; slot++) {
            slots[slot] = (long) index.databaseId(slot) << Integer.SIZE | slot;
        }
        Arrays.sort(slots);
        return slots;
    }

    private void putDatabases(final long[] slots, final int[] counts) throws IOException {
        int posting = 0;
        for (int i = 0; i < slots.length; i++) {
            final int slot = (int) slots[i];
            final long previousPosition = index.previousPosition(slot);
            linked &= previousPosition != FileIndex.UNKNOWN;
            putInt((int) (slots[i] >>> Integer.SIZE));
            putInt(counts[i]);
            putInt(posting);
            putInt(0);
            putLong(index.firstSequence(slot));
            putLong(previousPosition);
            posting += counts[i];
        }
    }

    private void writeHeader(final int entries, final int databases, final int postings) throws IOException {
        final FileEnds ends = FileEnds.read(file, index.documentOffset(0), index.documentOffset(entries - 1));
        piece.clear();
        piece.putLong(SidecarDescriptor.MAGIC)
                .putInt(SidecarDescriptor.VERSION)
                .putInt(linked ? SidecarDescriptor.LINKED : 0)
                .putInt(file.generation())
                .putInt(file.endOffset())
                .putLong(file.firstPosition())
                .putLong(file.lastPosition())
                .putLong(ends.previousHash())
                .putLong(ends.lastHash())
                .putInt(entries)
                .putInt(databases)
                .putInt(postings)
                .putInt((int) crc.getValue());
        while (piece.position() < SidecarDescriptor.HEADER_CRC_OFFSET) {
            piece.put((byte) 0);
        }
        crc.reset();
        crc.update(piece.duplicate().flip());
        piece.putInt((int) crc.getValue()).flip();
        written = 0;
        writeFully();
    }

    private void putInt(final int value) throws IOException {
        if (piece.remaining() < Integer.BYTES) {
            flush();
        }
        piece.putInt(value);
    }

    private void putLong(final long value) throws IOException {
        putInt((int) value);
        putInt((int) (value >>> Integer.SIZE));
    }

    private void flush() throws IOException {
        piece.flip();
        crc.update(piece.duplicate());
        writeFully();
        piece.clear();
    }

    private void writeFully() throws IOException {
        while (piece.hasRemaining()) {
            written += channel.write(piece, written);
        }
    }
}
