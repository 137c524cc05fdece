package io.lockstep.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Allocates by writing zeros, so that no later store can meet a hole, a full disk or a block that was never written.
 *
 * <p>Written in small pieces, because the page cache keeps them as small folios: syncing a few changed bytes of a large
 * one costs more, and the first store into blocks that were only reserved stalls (docs/decisions/journal-files.md).
 */
final class FileAllocator {
    private static final int PIECE_BYTES = 16 << 10;
    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(PIECE_BYTES);

    private FileAllocator() {}

    /**
     * Writes zeros over a range.
     *
     * @throws IOException for one if the disk is full
     */
    static void writeZeros(final FileChannel channel, final long from, final long to) throws IOException {
        final ByteBuffer piece = ZEROS.duplicate();
        for (long offset = from; offset < to; ) {
            piece.clear().limit((int) Math.min(PIECE_BYTES, to - offset));
            offset += channel.write(piece, offset);
        }
    }
}
