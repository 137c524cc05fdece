package io.lockstep.engine.arbitration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.codec.KeyForm;
import io.lockstep.codec.RowPolicy;
import io.lockstep.codec.SnapshotPageDecoder;
import io.lockstep.codec.filter.ChangeFilters;
import io.lockstep.codec.value.HlcDescriptor;
import io.lockstep.engine.bootstrap.CheckpointWriter;
import io.lockstep.engine.bootstrap.PageOrder;
import io.lockstep.engine.bootstrap.SnapshotPager;
import io.lockstep.engine.bootstrap.SnapshotPlace;
import io.lockstep.engine.port.OpenSnapshot;
import io.lockstep.engine.snapshot.SnapshotBlock;
import io.lockstep.engine.snapshot.SnapshotException;
import io.lockstep.engine.snapshot.SnapshotMark;
import io.lockstep.engine.snapshot.SnapshotSink;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** The pages of a snapshot of a state at rest are that state, whatever their size, and wherever reading begins anew. */
class SnapshotPagesTest {
    private static final int SEEDS = 100;
    private static final int SETS = 80;
    private static final int BLOCK_BYTES = 2 << 20;
    private static final int PAGE_BYTES_MAX = 1 << 20;
    private static final HexFormat HEX = HexFormat.of();

    @Test
    void shouldShowTheState() {
        int pages = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            pages += run(seed, new ModelSets(seed), PAGE_BYTES_MAX);
        }
        assertTrue(pages > SEEDS * 10, "too few pages: pages=" + pages);
    }

    @Test
    void shouldShowLongValuesInPartsOfPagesOfAnySize() {
        int pages = 0;
        for (long seed = 1; seed <= 12; seed++) {
            pages += run(seed, ModelSets.withLongValues(seed), seed % 2 == 0 ? PAGE_BYTES_MAX : 60_000);
        }
        assertTrue(pages > 500, "too few pages: pages=" + pages);
    }

    private static int run(final long seed, final ModelSets sets, final int pageBytesMax) {
        final Random random = sets.random();
        int pages = 0;
        try (ArbiterDriver driver = ArbiterDriver.withSeed(seed)) {
            final int databases = 1 + random.nextInt(3);
            for (int i = 0; i < databases; i++) {
                driver.create("d" + i, RowPolicy.LAST_WRITER_WINS, seed % 3 == 0 ? KeyForm.QUEREUS : KeyForm.TYPED);
            }
            for (int i = 0; i < SETS; i++) {
                driver.submit(
                        1 + random.nextInt(databases), sets.next(ModelSets.START_MS), ModelSets.START_MS + 10_000);
            }
            final Blocks blocks = new Blocks();
            final StateScan scan = driver.arbiter().scan(1 + random.nextInt(3), 1 + random.nextInt(3));
            scan.start(new SnapshotMark(driver.records().size(), 77, 1, 0, 0));
            while (scan.step(blocks) != StateScan.Progress.DONE) {
                if (random.nextInt(3) == 0) {
                    blocks.split();
                }
            }
            for (int id = 1; id <= databases; id++) {
                pages += compare("seed=" + seed + " database=" + id, driver, id, blocks, pageBytesMax, random);
            }
        }
        return pages;
    }

    private static int compare(
            final String where,
            final ArbiterDriver driver,
            final int id,
            final Blocks blocks,
            final int pageBytesMax,
            final Random random) {
        final ArbiterDriver.Scan expected = driver.scan(id, 100_000);
        final TreeMap<String, String> cells = new TreeMap<>();
        final CellCollector collector = new CellCollector(cells);
        final ExpandableArrayBuffer out = new ExpandableArrayBuffer(PAGE_BYTES_MAX);
        final SnapshotPageDecoder page = new SnapshotPageDecoder();
        SnapshotPager pager = new SnapshotPager(pageBytesMax, Places.WRITER);
        SnapshotPlace place = new SnapshotPlace().set(5, id, blocks.firstBlock(id), 0, 0);
        int pages = 0;
        int migrations = 0;
        boolean last = false;
        while (!last) {
            if (random.nextInt(4) == 0) {
                pager = new SnapshotPager(pageBytesMax, Places.WRITER);
            }
            final PageOrder order = new PageOrder(7, random.nextInt(pageBytesMax / 500), 9, ChangeFilters.ALL, true);
            final int length = pager.page(blocks, place, order, out, 0);
            page.wrapAndApplyHeader(out, 0, new io.lockstep.codec.MessageHeaderDecoder());
            assertEquals(7, page.requestId(), where);
            assertEquals(9, page.check(), where);
            assertEquals(driver.arbiter().database(id).sequence(), page.sequence(), where);
            last = page.flags().last();
            assertEquals(last ? page.sequence() : -1, page.exactSequence(), where);
            final int begunAt = addCells(page, collector);
            assertTrue(begunAt <= 0, () -> where + ": a value that goes on in the next page begins within this one");
            for (final SnapshotPageDecoder.MigrationsDecoder migration : page.migrations()) {
                migration.skipSchemaName();
                migration.skipObjectName();
                migration.skipFromObjectName();
                migration.skipDdl();
                migrations++;
            }
            final byte[] checkpoint = new byte[page.checkpointLength()];
            page.getCheckpoint(checkpoint, 0, checkpoint.length);
            assertEquals(page.limit(), length, where);
            place = last ? place : Places.read(checkpoint);
            pages++;
        }
        assertEquals(expected.cells(), cells, where);
        assertEquals(expected.migrations().size(), migrations, where);
        return pages;
    }

    /** Where the value begins that is open at the end of the page: -1 if none does. */
    private static int addCells(final SnapshotPageDecoder page, final CellCollector cells) {
        int begunAt = -1;
        int index = 0;
        for (final SnapshotPageDecoder.CellsDecoder cell : page.cells()) {
            final byte[] hlc = new byte[HlcDescriptor.LENGTH];
            cell.getHlc(hlc, 0, hlc.length);
            final String schema = cell.schemaName();
            final String table = cell.tableName();
            final byte[] key = new byte[cell.keyLength()];
            cell.getKey(key, 0, key.length);
            final String column = cell.columnName();
            final byte[] value = new byte[cell.valueLength()];
            cell.getValue(value, 0, value.length);
            final boolean open = cells.isOpen();
            cells.add(ArbiterDriver.cellName(schema, table, key, column), value, HEX.formatHex(hlc));
            if (cells.isOpen() && !open) {
                begunAt = index;
            } else if (!cells.isOpen()) {
                begunAt = -1;
            }
            index++;
        }
        return begunAt;
    }

    /** Places as bytes, without a signature. */
    private static final class Places {
        static final CheckpointWriter WRITER = Places::write;

        private static int write(final SnapshotPlace place, final MutableDirectBuffer out, final int offset) {
            out.putLong(offset, place.snapshot());
            out.putInt(offset + 8, place.databaseId());
            out.putLong(offset + 12, place.block());
            out.putInt(offset + 20, place.entry());
            out.putInt(offset + 24, place.part());
            return 28;
        }

        static SnapshotPlace read(final byte[] bytes) {
            final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
            return new SnapshotPlace()
                    .set(buffer.getLong(0), buffer.getInt(8), buffer.getLong(12), buffer.getInt(20), buffer.getInt(24));
        }
    }

    /** A snapshot in memory; blocks are numbered from 0. */
    private static final class Blocks implements SnapshotSink, OpenSnapshot {
        private record Block(int databaseId, boolean names, byte[] bytes) {}

        private final List<Block> written = new ArrayList<>();
        private final ArrayList<SnapshotBlock> free =
                new ArrayList<>(List.of(new SnapshotBlock(BLOCK_BYTES), new SnapshotBlock(BLOCK_BYTES)));
        private int at;
        private int splitAfter = Integer.MAX_VALUE;

        /** What is written next comes in blocks of an entry each. */
        void split() {
            splitAfter = 1;
        }

        @Override
        public SnapshotBlock take() {
            return free.isEmpty() ? null : free.remove(free.size() - 1);
        }

        @Override
        public void write(final SnapshotBlock block) {
            final byte[] bytes = new byte[block.length()];
            block.buffer().getBytes(0, bytes);
            final boolean names = block.kind() == SnapshotBlock.Kind.NAMES;
            if (splitAfter == 1) {
                final UnsafeBuffer view = new UnsafeBuffer(bytes);
                for (int from = 0; from < bytes.length; ) {
                    final int to = from + Integer.BYTES + view.getInt(from, java.nio.ByteOrder.LITTLE_ENDIAN);
                    written.add(new Block(block.databaseId(), names, java.util.Arrays.copyOfRange(bytes, from, to)));
                    from = to;
                }
            } else {
                written.add(new Block(block.databaseId(), names, bytes));
            }
            splitAfter = Integer.MAX_VALUE;
            free.add(block);
        }

        @Override
        public long position() {
            return 5;
        }

        @Override
        public long firstBlock(final int databaseId) {
            for (int i = 0; i < written.size(); i++) {
                if (written.get(i).databaseId() == databaseId) {
                    return i;
                }
            }
            return -1;
        }

        @Override
        public long endBlock(final int databaseId) {
            int end = (int) firstBlock(databaseId);
            while (end < written.size() && written.get(end).databaseId() == databaseId) {
                end++;
            }
            return end;
        }

        @Override
        public long bytesBefore(final int databaseId, final long block) {
            return block;
        }

        @Override
        public void block(final long block) {
            if (block < 0 || block >= written.size()) {
                throw new SnapshotException("no block: " + block);
            }
            at = (int) block;
        }

        @Override
        public long nextBlock() {
            return at + 1;
        }

        @Override
        public boolean holdsNames() {
            return written.get(at).names();
        }

        @Override
        public DirectBuffer entries() {
            return new UnsafeBuffer(written.get(at).bytes());
        }

        @Override
        public int length() {
            return written.get(at).bytes().length;
        }
    }
}
