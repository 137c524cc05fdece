package io.lockstep.journal.snapshot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.engine.snapshot.SnapshotBlock;
import io.lockstep.engine.snapshot.SnapshotException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotFileTest {
    private static final long SEED = 20_261_122;
    private static final int FLIPS = 2_000;

    @TempDir
    Path dataFolder;

    private SnapshotFolder folder;

    @BeforeEach
    void prepare() throws IOException {
        folder = new SnapshotFolder(dataFolder);
        folder.prepare();
    }

    @Test
    void shouldGiveBackTheBlocksThatWereWritten() throws IOException {
        final List<byte[]> blocks = blocks(5, 3_000);
        publish(7, blocks);
        assertBlocks(blocks, read(folder.newestFirst().get(0)));
    }

    @Test
    void shouldFindEveryFlippedBit() throws IOException {
        publish(7, blocks(4, 700));
        final SnapshotFile file = folder.newestFirst().get(0);
        final byte[] good = Files.readAllBytes(file.path());
        final Random random = new Random(SEED);
        for (int i = 0; i < FLIPS; i++) {
            final byte[] bad = good.clone();
            final int bit = random.nextInt(bad.length * 8);
            bad[bit / 8] ^= (byte) (1 << (bit % 8));
            Files.write(file.path(), bad);
            assertThrows(SnapshotException.class, () -> read(file), "seed=" + SEED + " bit=" + bit);
        }
    }

    @Test
    void shouldRefuseAFileThatIsCutOrContinued() throws IOException {
        publish(7, blocks(3, 500));
        final SnapshotFile file = folder.newestFirst().get(0);
        final byte[] good = Files.readAllBytes(file.path());
        for (int length = 0; length < good.length; length += 37) {
            Files.write(file.path(), Arrays.copyOf(good, length));
            assertThrows(SnapshotException.class, () -> read(file), "length=" + length);
        }
        Files.write(file.path(), Arrays.copyOf(good, good.length + 1));
        assertThrows(SnapshotException.class, () -> read(file));
    }

    @Test
    void shouldNotListWhatIsHalfMadeOrRefused() throws IOException {
        new SnapshotOutput(folder.part(3)).close();
        publish(4, blocks(1, 10));
        publish(5, blocks(1, 10));
        folder.refuse(folder.newestFirst().subList(0, 1));
        assertEquals(List.of(4L), positions());
        folder.prepare();
        assertTrue(Files.notExists(folder.part(3)), "what a process that died left is deleted");
    }

    @Test
    void shouldKeepOfRefusedOnesThoseOfTheLastStartAlone() throws IOException {
        for (int position = 1; position < 6; position++) {
            publish(position, blocks(1, 10));
            publish(position + 100, blocks(1, 10));
            folder.refuse(folder.newestFirst());
        }
        assertEquals(2, folder.refused().size());
        assertEquals(List.of(), positions());
    }

    @Test
    void shouldKeepTheNewest() throws IOException {
        for (final long position : new long[] {9, 0x1_0000_0000L, 12, 3}) {
            publish(position, blocks(1, 10));
        }
        folder.keep(2);
        assertEquals(List.of(0x1_0000_0000L, 12L), positions());
    }

    private List<Long> positions() throws IOException {
        return folder.newestFirst().stream().map(SnapshotFile::position).toList();
    }

    private void publish(final long position, final List<byte[]> blocks) throws IOException {
        final SnapshotOutput output = new SnapshotOutput(folder.part(position));
        int number = 0;
        for (final byte[] bytes : blocks) {
            final SnapshotBlock block = new SnapshotBlock(bytes.length);
            block.reset(number++ % 2 == 0 ? SnapshotBlock.Kind.NAMES : SnapshotBlock.Kind.ROWS);
            block.buffer().putBytes(0, bytes);
            block.length(bytes.length);
            output.write(block);
        }
        output.finish();
        folder.publish(output.path(), position);
    }

    private static List<byte[]> blocks(final int count, final int bytesMax) {
        final Random random = new Random(SEED);
        final List<byte[]> blocks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            final byte[] bytes = new byte[1 + random.nextInt(bytesMax)];
            random.nextBytes(bytes);
            blocks.add(bytes);
        }
        return blocks;
    }

    /** The last block is the writer's own and empty. */
    private static void assertBlocks(final List<byte[]> expected, final List<byte[]> actual) {
        assertEquals(expected.size() + 1, actual.size());
        for (int i = 0; i < expected.size(); i++) {
            assertArrayEquals(expected.get(i), actual.get(i));
        }
        assertEquals(0, actual.get(expected.size()).length);
    }

    private static List<byte[]> read(final SnapshotFile file) {
        final List<byte[]> blocks = new ArrayList<>();
        file.read((buffer, offset, length) -> {
            final byte[] bytes = new byte[length];
            buffer.getBytes(offset, bytes);
            blocks.add(bytes);
        });
        return blocks;
    }
}
