package io.lockstep.journal.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.engine.port.JournalFailedException;
import io.lockstep.engine.snapshot.SnapshotBlock;
import io.lockstep.engine.snapshot.SnapshotException;
import io.lockstep.engine.snapshot.SnapshotFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Databases that are not in memory: taken over from snapshot to snapshot, and read from the newest. */
@Timeout(60)
class KeptDatabasesTest {
    private static final int DATABASES = 6;

    @TempDir
    Path dataFolder;

    private SnapshotFolder folder;

    @BeforeEach
    void prepare() throws IOException {
        folder = new SnapshotFolder(dataFolder);
        folder.prepare();
    }

    @Test
    void shouldTakeOverWhatIsKeptBetweenWhatIsNot() throws IOException {
        final SnapshotFile first = publish(1, null, "1a 2a 3a 4a 5a 6a");
        final SnapshotFile second = publish(2, first, "1b 2-3 4b 5-6");
        assertEquals("1b 2a 3a 4b 5a 6a", text(second));
        assertEquals("1c 2a 3a 4b 5a 6a", text(publish(3, second, "1c 2-6")));
    }

    @Test
    void shouldTakeOverAllOfThem() throws IOException {
        final SnapshotFile first = publish(1, null, "1a 2a 3a 4a 5a 6a");
        assertEquals("1a 2a 3a 4a 5a 6a", text(publish(2, first, "1-6")));
        assertEquals("1a 2a 4a", text(publish(3, first, "1-2 4-4")));
    }

    @Test
    void shouldRefuseToTakeOverWhatIsNotThere() throws IOException {
        final SnapshotFile first = publish(1, null, "1a 2a");
        assertThrows(SnapshotException.class, () -> publish(2, first, "1-3"));
    }

    @Test
    void shouldRefuseToTakeOverWhatIsDamaged() throws IOException {
        final SnapshotFile first = publish(1, null, "1a 2a 3a");
        damage(first, "3a");
        assertEquals("1a", text(publish(2, first, "1-1")));
        assertThrows(SnapshotException.class, () -> publish(3, first, "2-3"));
    }

    @Test
    void shouldReadOneByOneWhatTheWholeHolds() throws IOException {
        final SnapshotFile first = publish(1, null, "1a 2a 3a 4a 5a 6a");
        text(first);
        for (int id = 1; id <= DATABASES; id++) {
            final StringBuilder found = new StringBuilder();
            first.read(id, (buffer, offset, length) -> {
                final byte[] bytes = new byte[length];
                buffer.getBytes(offset, bytes);
                found.append(new String(bytes, StandardCharsets.US_ASCII)).append(' ');
            });
            assertEquals(id + "a-names " + id + "a-rows ", found.toString());
        }
        assertThrows(SnapshotException.class, () -> first.read(DATABASES + 1, (buffer, offset, length) -> {}));
    }

    @Test
    void shouldLoadInTheOrderInWhichTheyWereAskedForAlsoOutOfANewerSnapshot() throws IOException {
        final SnapshotFile[] newest = {publish(1, null, "1a 2a 3a 4a 5a 6a")};
        try (DatabaseReader reader = new DatabaseReader(() -> newest[0], () -> {})) {
            reader.start();
            assertEquals("5a-names 5a-rows 2a-names 2a-rows", load(reader, 5, 2));
            final SnapshotFile second = publish(2, newest[0], "1b 2-6");
            final SnapshotFile third = publish(3, second, "1c 2-6");
            folder.keep(2);
            newest[0] = third;
            assertEquals("1c-names 1c-rows 6a-names 6a-rows", load(reader, 1, 6));
            assertNull(reader.failure());
        }
    }

    @Test
    void shouldSayThatItCannotReadWhatIsDamaged() throws IOException {
        final SnapshotFile first = publish(1, null, "1a 2a 3a");
        damage(first, "3a");
        try (DatabaseReader reader = new DatabaseReader(() -> first, () -> {})) {
            reader.start();
            assertEquals("1a-names 1a-rows", load(reader, 1));
            assertTrue(reader.tryRequest(3));
            while (reader.failure() == null) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            }
            assertEquals(JournalFailedException.Kind.DAMAGE, reader.failure().kind());
        }
    }

    private static String load(final DatabaseReader reader, final int... databaseIds) {
        for (final int id : databaseIds) {
            assertTrue(reader.tryRequest(id));
        }
        final List<String> found = new ArrayList<>();
        while (found.size() < 2 * databaseIds.length) {
            final SnapshotBlock block = reader.poll();
            if (block == null) {
                assertNull(reader.failure());
                LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(100));
            } else {
                found.add(textOf(block));
                reader.free(block);
            }
        }
        return String.join(" ", found);
    }

    private static String textOf(final SnapshotBlock block) {
        final byte[] bytes = new byte[block.length()];
        block.buffer().getBytes(0, bytes);
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    /** Of each database the text, by its first block. */
    private static String text(final SnapshotFile file) {
        final List<String> found = new ArrayList<>();
        file.read((buffer, offset, length) -> {
            final byte[] bytes = new byte[length];
            buffer.getBytes(offset, bytes);
            final String text = new String(bytes, StandardCharsets.US_ASCII);
            if (text.endsWith("-names")) {
                found.add(text.substring(0, 2));
            }
        });
        return String.join(" ", found);
    }

    /** What a walk says: "1a" is a database in memory, "2-3" are those that are not. */
    private SnapshotFile publish(final long position, final SnapshotFile before, final String walk) throws IOException {
        final WrittenSnapshot written = new WrittenSnapshot(folder.part(position), position, before);
        try {
            for (final String each : walk.split(" ")) {
                if (each.charAt(1) == '-') {
                    final SnapshotBlock kept = new SnapshotBlock(64);
                    SnapshotFormat.kept(kept, each.charAt(0) - '0', each.charAt(2) - '0');
                    written.write(kept);
                    while (written.isCopying()) {
                        written.copy();
                    }
                } else {
                    written.write(block(SnapshotBlock.Kind.NAMES, each.charAt(0) - '0', each + "-names"));
                    written.write(block(SnapshotBlock.Kind.ROWS, each.charAt(0) - '0', each + "-rows"));
                }
            }
            final SnapshotFile file = written.publish(folder);
            assertNotNull(file);
            return file;
        } finally {
            written.close();
        }
    }

    private static SnapshotBlock block(final SnapshotBlock.Kind kind, final int databaseId, final String text) {
        final SnapshotBlock block = new SnapshotBlock(64);
        final byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        block.reset(kind);
        block.databaseId(databaseId);
        block.buffer().putBytes(0, bytes);
        block.length(bytes.length);
        return block;
    }

    private static void damage(final SnapshotFile file, final String text) throws IOException {
        final byte[] bytes = Files.readAllBytes(file.path());
        final String all = new String(bytes, StandardCharsets.ISO_8859_1);
        bytes[all.indexOf(text)] ^= 0x40;
        Files.write(file.path(), bytes);
    }
}
