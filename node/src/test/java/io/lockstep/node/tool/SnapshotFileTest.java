package io.lockstep.node.tool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.client.model.Checkpoint;
import io.lockstep.node.cli.CliException;
import io.lockstep.node.cli.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotFileTest {
    private static final Checkpoint FIRST = Checkpoint.of(new byte[] {1, 2, 3});

    @TempDir
    private Path folder;

    private Path output;

    @BeforeEach
    void name() {
        output = folder.resolve("cells.jsonl");
    }

    private static void write(final SnapshotFile file, final String text) throws IOException {
        file.stream().write(text.getBytes(StandardCharsets.US_ASCII));
        file.stream().flush();
    }

    private static void assertRefused(final Path path) {
        assertEquals(
                ExitCode.USAGE,
                assertThrows(CliException.class, () -> SnapshotFile.open(path)).exitCode());
    }

    @Test
    void shouldCutOffWhatDoesNotCount() throws IOException {
        try (SnapshotFile file = SnapshotFile.open(output)) {
            write(file, "a\nb\n");
            file.settle(FIRST);
            write(file, "c\nd");
        }
        try (SnapshotFile file = SnapshotFile.open(output)) {
            assertEquals(FIRST, file.start());
            assertEquals("a\nb\n", Files.readString(output));
            write(file, "c\n");
        }
    }

    @Test
    void shouldCountTheCellsOfEarlierRunsThatCount() throws IOException {
        try (SnapshotFile file = SnapshotFile.open(output)) {
            assertEquals(0, file.cellsBefore());
            write(file, "a\nb\n");
            file.settle(FIRST);
            write(file, "c\nd");
        }
        try (SnapshotFile file = SnapshotFile.open(output)) {
            assertEquals(2, file.cellsBefore());
        }
    }

    @Test
    void shouldCutOffWhatIsReadAgainAfterALongValue() throws IOException {
        try (SnapshotFile file = SnapshotFile.open(output)) {
            write(file, "a\n");
            file.settle(FIRST);
            write(file, "b\n");
            file.settle(FIRST);
        }
        try (SnapshotFile file = SnapshotFile.open(output)) {
            assertEquals(FIRST, file.start());
            assertEquals("a\n", Files.readString(output));
        }
    }

    @Test
    void shouldBeginAgainWhereNothingCountedYet() throws IOException {
        try (SnapshotFile file = SnapshotFile.open(output)) {
            write(file, "a");
        }
        try (SnapshotFile file = SnapshotFile.open(output)) {
            assertEquals(Checkpoint.START, file.start());
            assertEquals("", Files.readString(output));
        }
    }

    @Test
    void shouldForgetEverythingWhenItStartsOver() throws IOException {
        try (SnapshotFile file = SnapshotFile.open(output)) {
            write(file, "a\n");
            file.settle(FIRST);
            file.startOver();
            write(file, "z\n");
        }
        try (SnapshotFile file = SnapshotFile.open(output)) {
            assertEquals(Checkpoint.START, file.start());
        }
    }

    @Test
    void shouldLeaveTheFileAloneAtTheEnd() throws IOException {
        try (SnapshotFile file = SnapshotFile.open(output)) {
            write(file, "a\n");
            file.settle(FIRST);
            file.end();
        }
        assertTrue(Files.exists(output));
        assertFalse(Files.exists(Path.of(output + ".checkpoint")));
        assertRefused(output);
        assertEquals("a\n", Files.readString(output));
    }

    @Test
    void shouldRefuseAFileThatLostSomething() throws IOException {
        try (SnapshotFile file = SnapshotFile.open(output)) {
            write(file, "a\n");
            file.settle(FIRST);
        }
        Files.writeString(output, "");
        assertRefused(output);
    }

    @Test
    void shouldRefuseWhatIsNoCheckpoint() throws IOException {
        for (final String text : new String[] {"", "1", "x 00", "0 xyz"}) {
            Files.writeString(Path.of(output + ".checkpoint"), text);
            assertRefused(output);
        }
    }
}
