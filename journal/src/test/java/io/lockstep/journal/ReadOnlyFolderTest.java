package io.lockstep.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lockstep.engine.port.JournalFailedException;
import io.lockstep.engine.port.JournalFailedException.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A journal that is seen through a mount which takes no writes. Needs root, for the mount. */
class ReadOnlyFolderTest {
    private static final int RECORDS = 10;

    @TempDir
    private Path folder;

    private Path data;
    private Path view;
    private boolean mounted;

    @BeforeEach
    void prepare() throws Exception {
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "needs root, to mount");
        data = Files.createDirectory(folder.resolve("data"));
        view = Files.createDirectory(folder.resolve("view"));
        JournalFixture.write(data, RECORDS, 100);
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            assertEquals(0, FullDiskTest.run(List.of("umount", view.toString())));
        }
    }

    private void mount() throws Exception {
        mounted = FullDiskTest.run(List.of("mount", "--bind", data.toString(), view.toString())) == 0;
        Assumptions.assumeTrue(
                mounted && FullDiskTest.run(List.of("mount", "-o", "remount,ro,bind", view.toString())) == 0,
                "cannot mount to read only");
    }

    private long inspected() {
        return JournalInspector.inspect(view, (buffer, offset, length) -> true).records();
    }

    @Test
    void shouldBeInspectedUnderASharedLock() throws Exception {
        mount();
        assertEquals(RECORDS, inspected());
    }

    @Test
    void shouldBeInspectedWithoutALockWhereThereIsNone() throws Exception {
        Files.delete(data.resolve("journal/lock"));
        mount();
        assertEquals(RECORDS, inspected());
    }

    @Test
    void shouldNotBeInspectedUnderARunningNode() throws Exception {
        mount();
        try (ChronicleJournal journal = JournalFixture.open(data)) {
            assertEquals(RECORDS, journal.writtenPosition());
            assertEquals(
                    Kind.LOCKED,
                    assertThrows(JournalFailedException.class, this::inspected).kind());
        }
    }
}
