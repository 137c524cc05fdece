package io.lockstep.engine.arbitration;

import io.lockstep.engine.snapshot.SnapshotBlock;
import io.lockstep.engine.snapshot.SnapshotFormat;
import io.lockstep.engine.snapshot.SnapshotSink;
import io.lockstep.engine.snapshot.SnapshotSource;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** Snapshots in memory, block by block, with what files do: what a walk says is kept is taken over from the one before. */
final class ShelfModel implements SnapshotSink {
    private static final int BLOCK_BYTES = 2 << 20;

    /** One snapshot. */
    static final class Taken implements SnapshotSource {
        private final List<Block> blocks = new ArrayList<>();

        @Override
        public void read(final BlockHandler handler) {
            blocks.forEach(block -> handler.onBlock(new UnsafeBuffer(block.bytes), 0, block.bytes.length));
        }

        @Override
        public void read(final int databaseId, final BlockHandler handler) {
            of(databaseId).forEach(bytes -> handler.onBlock(new UnsafeBuffer(bytes), 0, bytes.length));
        }

        List<byte[]> of(final int databaseId) {
            return blocks.stream()
                    .filter(block -> block.databaseId == databaseId)
                    .map(Block::bytes)
                    .toList();
        }
    }

    private record Block(int databaseId, byte[] bytes) {}

    private final Taken before;
    private final Taken taken = new Taken();
    private final ArrayList<SnapshotBlock> free =
            new ArrayList<>(List.of(new SnapshotBlock(BLOCK_BYTES), new SnapshotBlock(BLOCK_BYTES)));
    private int kept;

    ShelfModel(final Taken before) {
        this.before = before;
    }

    Taken taken() {
        return taken;
    }

    int kept() {
        return kept;
    }

    @Override
    public SnapshotBlock take() {
        return free.isEmpty() ? null : free.remove(free.size() - 1);
    }

    @Override
    public void write(final SnapshotBlock block) {
        if (block.kind() == SnapshotBlock.Kind.KEPT) {
            for (int id = SnapshotFormat.firstKept(block); id <= SnapshotFormat.lastKept(block); id++) {
                for (final byte[] bytes : before.of(id)) {
                    taken.blocks.add(new Block(id, bytes));
                }
                kept++;
            }
        } else {
            final byte[] bytes = new byte[block.length()];
            block.buffer().getBytes(0, bytes);
            taken.blocks.add(new Block(block.databaseId(), bytes));
        }
        free.add(block);
    }
}
