package io.lockstep.engine;

import io.lockstep.engine.port.SnapshotPort;
import io.lockstep.engine.snapshot.SnapshotBlock;
import io.lockstep.engine.snapshot.SnapshotSource;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** Snapshots in memory: one at a time, when the test says so. Its blocks run out now and then, as those of a slow disk do. */
final class MemorySnapshots implements SnapshotPort, SnapshotSource {
    private final SnapshotBlock[] blocks;
    private final List<byte[]> written = new ArrayList<>();
    private int free;
    private int refusals;
    private volatile boolean due;
    private volatile long completedPosition;

    MemorySnapshots(final int blockBytes) {
        blocks = new SnapshotBlock[] {new SnapshotBlock(blockBytes), new SnapshotBlock(blockBytes)};
        free = blocks.length;
    }

    @Override
    public void want() {
        completedPosition = 0;
        due = true;
    }

    /** 0 until a snapshot is complete. */
    long completedPosition() {
        return completedPosition;
    }

    @Override
    public boolean due() {
        return due;
    }

    @Override
    public SnapshotBlock take() {
        if (due) {
            due = false;
            written.clear();
        }
        return free == 0 || ++refusals % 3 == 0 ? null : blocks[--free];
    }

    @Override
    public void write(final SnapshotBlock block) {
        final byte[] bytes = new byte[block.length()];
        block.buffer().getBytes(0, bytes);
        written.add(bytes);
        blocks[free++] = block;
    }

    @Override
    public void complete(final long position) {
        completedPosition = position;
    }

    @Override
    public void read(final BlockHandler handler) {
        for (final byte[] bytes : written) {
            handler.onBlock(new UnsafeBuffer(bytes), 0, bytes.length);
        }
    }
}
