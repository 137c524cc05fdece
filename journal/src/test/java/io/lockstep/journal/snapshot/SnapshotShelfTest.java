package io.lockstep.journal.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.engine.port.OpenSnapshot;
import io.lockstep.engine.snapshot.SnapshotBlock;
import io.lockstep.engine.snapshot.SnapshotException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotShelfTest {
    private static final long SEED = 20_261_125;
    private static final int FLIPS = 500;

    /** Header, two databases, one of them with two blocks of names, and a gap in the numbers. */
    private static final List<String> BLOCKS =
            List.of("N0:head", "N1:a", "R1:bb", "N1:c", "R1:dddd", "N3:e", "R3:f", "R0:end");

    @TempDir
    Path dataFolder;

    private SnapshotFolder folder;
    private SnapshotShelf shelf;

    @BeforeEach
    void prepare() throws IOException {
        folder = new SnapshotFolder(dataFolder);
        folder.prepare();
        shelf = new SnapshotShelf(dataFolder);
    }

    @AfterEach
    void close() {
        shelf.close();
    }

    @Test
    void shouldHaveNothingWhereThereIsNothing() {
        assertNull(shelf.newest());
        assertNull(shelf.at(7));
    }

    @Test
    void shouldShowTheBlocksOfADatabase() throws IOException {
        publish(7);
        assertEquals(List.of("N1:a", "R1:bb", "N1:c", "R1:dddd"), blocks(shelf.newest(), 1));
        assertEquals(List.of("N3:e", "R3:f"), blocks(shelf.newest(), 3));
    }

    @Test
    void shouldSayWhichDatabasesItDoesNotHold() throws IOException {
        publish(7);
        for (final int databaseId : new int[] {-1, 0, 2, 4, Integer.MAX_VALUE}) {
            assertEquals(-1, shelf.newest().firstBlock(databaseId), "databaseId=" + databaseId);
        }
    }

    @Test
    void shouldTellHowFarItIs() throws IOException {
        publish(7);
        final OpenSnapshot snapshot = shelf.newest();
        assertEquals(0, snapshot.bytesBefore(3, snapshot.firstBlock(3)));
        assertEquals(
                2 * SnapshotFileFormat.HEADER_BYTES + "N3:e".length() + "R3:f".length(),
                snapshot.bytesBefore(3, snapshot.endBlock(3)));
    }

    @Test
    void shouldGoOnReadingWhatIsDeleted() throws IOException {
        publish(7);
        final OpenSnapshot before = shelf.at(7);
        publish(9);
        folder.keep(1);
        assertSame(before, shelf.at(7));
        assertEquals(List.of("N3:e", "R3:f"), blocks(before, 3));
        assertEquals(9, shelf.newest().position());
    }

    @Test
    void shouldGiveADeletedOneUpWhenNobodyReads() throws IOException {
        publish(7);
        assertEquals(7, shelf.newest().position());
        publish(9);
        folder.keep(1);
        shelf.release();
        assertNull(shelf.at(7));
    }

    @Test
    void shouldFindEveryFlippedBit() throws IOException {
        publish(7);
        final Path file = folder.newestFirst().get(0).path();
        final byte[] good = Files.readAllBytes(file);
        final Random random = new Random(SEED);
        for (int i = 0; i < FLIPS; i++) {
            final byte[] bad = good.clone();
            final int bit = random.nextInt(bad.length * 8);
            bad[bit / 8] ^= (byte) (1 << (bit % 8));
            Files.write(file, bad);
            shelf.release();
            assertOnlyTheTruth("seed=" + SEED + " bit=" + bit);
        }
    }

    /** What a reader does not come by may be anything; what it gets is what was written. */
    private void assertOnlyTheTruth(final String where) {
        for (final int databaseId : new int[] {1, 3}) {
            try {
                final OpenSnapshot snapshot = shelf.at(7);
                if (snapshot.firstBlock(databaseId) >= 0) {
                    final List<String> found = blocks(snapshot, databaseId);
                    final List<String> written = BLOCKS.stream()
                            .filter(block -> block.charAt(1) == '0' + databaseId)
                            .toList();
                    // The end of a database is an entry: that blocks are missing is seen above.
                    assertTrue(written.containsAll(found), () -> where + " found=" + found);
                }
            } catch (final SnapshotException e) {
                assertTrue(e.getMessage().contains("file="), e::getMessage);
            }
        }
    }

    @Test
    void shouldRefuseAFileThatIsCut() throws IOException {
        publish(7);
        final Path file = folder.newestFirst().get(0).path();
        final byte[] good = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(good, good.length - SnapshotFileFormat.HEADER_BYTES - 1));
        assertThrows(SnapshotException.class, () -> shelf.at(7));
    }

    private static List<String> blocks(final OpenSnapshot snapshot, final int databaseId) {
        final List<String> blocks = new ArrayList<>();
        for (long block = snapshot.firstBlock(databaseId); block < snapshot.endBlock(databaseId); ) {
            snapshot.block(block);
            final byte[] bytes = new byte[snapshot.length()];
            snapshot.entries().getBytes(0, bytes);
            final String text = new String(bytes, StandardCharsets.US_ASCII);
            assertEquals(text.charAt(0) == 'N', snapshot.holdsNames());
            blocks.add(text);
            block = snapshot.nextBlock();
        }
        return blocks;
    }

    private void publish(final long position) throws IOException {
        final SnapshotOutput output = new SnapshotOutput(folder.part(position));
        for (final String text : BLOCKS) {
            final byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
            final SnapshotBlock block = new SnapshotBlock(bytes.length);
            block.reset(text.charAt(0) == 'N' ? SnapshotBlock.Kind.NAMES : SnapshotBlock.Kind.ROWS);
            block.databaseId(text.charAt(1) - '0');
            block.buffer().putBytes(0, bytes);
            block.length(bytes.length);
            output.write(block);
        }
        output.finish();
        folder.publish(output.path(), position);
    }
}
