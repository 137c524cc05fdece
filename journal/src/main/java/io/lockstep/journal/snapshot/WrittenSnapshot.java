package io.lockstep.journal.snapshot;

import io.lockstep.engine.snapshot.SnapshotBlock;
import io.lockstep.engine.snapshot.SnapshotFormat;
import java.io.IOException;
import java.nio.file.Path;

/** A snapshot on its way to the disk: what the walk brought, and what is taken over from the snapshot before. One thread. */
final class WrittenSnapshot {
    private final SnapshotOutput output;
    private final long position;
    private final SnapshotFile before;
    private KeptCopy kept;

    /**
     * @param part where it is written
     * @param position at which its walk begins
     * @param before the newest that is whole; null if there is none
     */
    WrittenSnapshot(final Path part, final long position, final SnapshotFile before) throws IOException {
        output = new SnapshotOutput(part);
        this.position = position;
        this.before = before;
    }

    long bytes() {
        return output.bytes();
    }

    /** Whether {@link #copy} has to be called before another block is written. */
    boolean isCopying() {
        return kept != null && !kept.isDone();
    }

    /** Goes on with what is taken over. */
    void copy() throws IOException {
        kept.step(output, SnapshotFormat.BLOCK_BYTES);
    }

    void write(final SnapshotBlock block) throws IOException {
        if (block.kind() == SnapshotBlock.Kind.KEPT) {
            kept = kept == null ? new KeptCopy(before) : kept;
            kept.begin(SnapshotFormat.firstKept(block), SnapshotFormat.lastKept(block));
        } else {
            output.write(block);
        }
    }

    /** The journal needs the room more: a snapshot that is larger than was thought must not make the node refuse writes. */
    void requireRoom(final SnapshotContext context) throws IOException {
        final long freeBytes = context.journal().freeBytes();
        if (freeBytes < context.freeBytesMin()) {
            throw new IOException("the disk gets full: freeBytes=" + freeBytes + ", freeBytesMin="
                    + context.freeBytesMin() + ", snapshotBytes=" + output.bytes());
        }
    }

    /** Makes it whole: it is on stable storage, was read back, and has its name. */
    SnapshotFile publish(final SnapshotFolder folder) throws IOException {
        output.finish();
        // Before anything is given up for it: what was written is there, and is what was meant.
        new SnapshotFile(output.path(), position).read((buffer, offset, length) -> {});
        final Path path = folder.publish(output.path(), position);
        return new SnapshotFile(path, position, output.places().trim());
    }

    /** It is not needed as this any more: whole, or given up. */
    void close() throws IOException {
        if (kept != null) {
            kept.close();
            kept = null;
        }
    }

    /** Gives up: nothing of it stays. */
    void abandon() throws IOException {
        close();
        output.abandon();
    }
}
