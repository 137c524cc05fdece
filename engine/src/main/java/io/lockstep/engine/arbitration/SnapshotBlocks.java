package io.lockstep.engine.arbitration;

import io.lockstep.engine.snapshot.SnapshotBlock;
import io.lockstep.engine.snapshot.SnapshotFormat;
import io.lockstep.engine.snapshot.SnapshotSink;
import java.nio.ByteOrder;

/**
 * The two blocks that a scan fills: names and rows. Names go out before the rows that refer to them, and both of a
 * database before anything of the next.
 */
final class SnapshotBlocks {
    private final int entryBytesMax;
    private SnapshotSink sink;
    private SnapshotBlock names;
    private SnapshotBlock rows;

    /**
     * @param entryBytesMax the largest entry, its length included
     */
    SnapshotBlocks(final int entryBytesMax) {
        this.entryBytesMax = entryBytesMax;
    }

    /** Sees to it that each block has room for a largest entry. False while the sink has none to give. */
    boolean prepare(final SnapshotSink newSink) {
        sink = newSink;
        if (rows != null && isFull(rows)) {
            flushRows();
        }
        if (names != null && isFull(names)) {
            flushNames();
        }
        if (names == null) {
            names = take(SnapshotBlock.Kind.NAMES);
        }
        if (rows == null) {
            rows = take(SnapshotBlock.Kind.ROWS);
        }
        return names != null && rows != null;
    }

    boolean hasNameRoom() {
        return !isFull(names);
    }

    boolean hasRowRoom() {
        return !isFull(rows);
    }

    SnapshotBlock names() {
        return names;
    }

    SnapshotBlock rows() {
        return rows;
    }

    /** Where the message of the next entry of a block starts. */
    static int message(final SnapshotBlock block) {
        return block.length() + SnapshotFormat.LENGTH_BYTES;
    }

    /** An entry was written at {@link #message}. */
    static void added(final SnapshotBlock block, final int databaseId, final int messageBytes) {
        block.buffer().putInt(block.length(), messageBytes, ByteOrder.LITTLE_ENDIAN);
        block.length(block.length() + SnapshotFormat.LENGTH_BYTES + messageBytes);
        block.databaseId(databaseId);
    }

    /** Hands on, between two databases, that those which are not in memory are taken over from the snapshot before. */
    void kept(final int firstId, final int lastId) {
        SnapshotFormat.kept(names, firstId, lastId);
        sink.write(names);
        names = null;
    }

    /** Hands on what there is. */
    void flush() {
        flushNames();
        flushRows();
    }

    private SnapshotBlock take(final SnapshotBlock.Kind kind) {
        final SnapshotBlock block = sink.take();
        if (block != null) {
            if (block.buffer().capacity() < SnapshotFormat.BLOCK_BYTES + entryBytesMax) {
                throw new IllegalStateException("block is too small: capacity="
                        + block.buffer().capacity() + ", needed=" + (SnapshotFormat.BLOCK_BYTES + entryBytesMax));
            }
            block.reset(kind);
        }
        return block;
    }

    private void flushNames() {
        if (names != null && names.length() > 0) {
            sink.write(names);
            names = null;
        }
    }

    private void flushRows() {
        if (rows != null && rows.length() > 0) {
            flushNames();
            sink.write(rows);
            rows = null;
        }
    }

    private static boolean isFull(final SnapshotBlock block) {
        return block.length() >= SnapshotFormat.BLOCK_BYTES;
    }
}
