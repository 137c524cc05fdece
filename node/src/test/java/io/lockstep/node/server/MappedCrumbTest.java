package io.lockstep.node.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.engine.port.JournalFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappedCrumbTest {
    @TempDir
    private Path folder;

    private static boolean refuses(final MappedCrumb crumb) {
        return crumb.refuses(1, 2, 3, 4, 5);
    }

    private static void note(final MappedCrumb crumb) {
        crumb.note(1, 2, 3, 4, 5);
    }

    /** Closing changes no entry, so it is as good as a death. */
    private void dieWithTheSetInHand() {
        try (MappedCrumb crumb = MappedCrumb.open(folder)) {
            note(crumb);
        }
    }

    @Test
    void shouldRefuseNothingAtFirst() {
        try (MappedCrumb crumb = MappedCrumb.open(folder)) {
            assertFalse(refuses(crumb));
            assertEquals(0, crumb.refusedCount());
        }
    }

    @Test
    void shouldRefuseASetOverWhichArbitrationThrew() {
        try (MappedCrumb crumb = MappedCrumb.open(folder)) {
            note(crumb);
            crumb.raised();
        }
        try (MappedCrumb crumb = MappedCrumb.open(folder)) {
            assertTrue(refuses(crumb));
            assertFalse(crumb.refuses(1, 2, 3, 4, 6));
            assertTrue(crumb.startNote().contains("wall=4, counter=5"), crumb.startNote());
        }
    }

    @Test
    void shouldNotRefuseASetThatWasDoneWith() {
        try (MappedCrumb crumb = MappedCrumb.open(folder)) {
            note(crumb);
            crumb.clear();
        }
        try (MappedCrumb crumb = MappedCrumb.open(folder)) {
            assertFalse(refuses(crumb));
            assertEquals("", crumb.startNote());
        }
    }

    @Test
    void shouldOnlySuspectASetThatWasInHandAtOneDeath() {
        dieWithTheSetInHand();
        try (MappedCrumb crumb = MappedCrumb.open(folder)) {
            assertFalse(refuses(crumb));
            assertTrue(crumb.startNote().contains("refused if that happens again"), crumb.startNote());
        }
    }

    @Test
    void shouldRefuseASetThatWasInHandAtTwoDeathsRunning() {
        dieWithTheSetInHand();
        dieWithTheSetInHand();
        try (MappedCrumb crumb = MappedCrumb.open(folder)) {
            assertTrue(refuses(crumb));
        }
    }

    @Test
    void shouldForgetASuspicionOnceTheSetPassed() {
        dieWithTheSetInHand();
        try (MappedCrumb crumb = MappedCrumb.open(folder)) {
            note(crumb);
            crumb.clear();
        }
        dieWithTheSetInHand();
        try (MappedCrumb crumb = MappedCrumb.open(folder)) {
            assertFalse(refuses(crumb));
        }
    }

    @Test
    void shouldRefuseNothingAfterAnOperatorClearedIt() {
        dieWithTheSetInHand();
        dieWithTheSetInHand();
        MappedCrumb.open(folder).close();
        assertEquals(1, MappedCrumb.clearAll(folder).size());
        try (MappedCrumb crumb = MappedCrumb.open(folder)) {
            assertFalse(refuses(crumb));
        }
    }

    @Test
    void shouldNotBeClearedUnderARunningNode() {
        try (MappedCrumb crumb = MappedCrumb.open(folder)) {
            assertEquals("", crumb.startNote());
            final JournalFailedException failure =
                    assertThrows(JournalFailedException.class, () -> MappedCrumb.clearAll(folder));
            assertEquals(JournalFailedException.Kind.LOCKED, failure.kind());
        }
    }

    private JournalFailedException refused(final byte[] content) throws IOException {
        Files.write(folder.resolve(MappedCrumb.FILE_NAME), content);
        final JournalFailedException failure =
                assertThrows(JournalFailedException.class, () -> MappedCrumb.open(folder));
        assertEquals(
                content.length, Files.size(folder.resolve(MappedCrumb.FILE_NAME)), "what is refused is not changed");
        return failure;
    }

    @Test
    void shouldTakeAFileOfZerosForOneWhoseFirstStartWasCutOff() throws IOException {
        Files.write(folder.resolve(MappedCrumb.FILE_NAME), new byte[CrumbDescriptor.FILE_LENGTH]);
        try (MappedCrumb crumb = MappedCrumb.open(folder)) {
            assertFalse(refuses(crumb));
        }
        MappedCrumb.open(folder).close();
    }

    @Test
    void shouldRefuseAFileThatIsNoCrumb() throws IOException {
        final byte[] content = new byte[CrumbDescriptor.FILE_LENGTH];
        new Random(5).nextBytes(content);
        final JournalFailedException failure = refused(content);
        assertEquals(JournalFailedException.Kind.DAMAGE, failure.kind());
        assertTrue(failure.getMessage().contains("the crumb file is damaged"), failure.getMessage());
    }

    @Test
    void shouldRefuseAFileThatWasCutShort() throws IOException {
        MappedCrumb.open(folder).close();
        final byte[] whole = Files.readAllBytes(folder.resolve(MappedCrumb.FILE_NAME));
        for (final int bytes : new int[] {1, CrumbDescriptor.ENTRY_LENGTH, whole.length - 1, whole.length + 1}) {
            final JournalFailedException failure = refused(Arrays.copyOf(whole, bytes));
            assertEquals(JournalFailedException.Kind.DAMAGE, failure.kind());
            assertTrue(failure.getMessage().contains("bytes=" + bytes), failure.getMessage());
        }
    }

    @Test
    void shouldRefuseACrumbOfAnotherVersion() throws IOException {
        MappedCrumb.open(folder).close();
        final byte[] content = Files.readAllBytes(folder.resolve(MappedCrumb.FILE_NAME));
        content[CrumbDescriptor.MAGIC_OFFSET + 7] = '2';
        final JournalFailedException failure = refused(content);
        assertEquals(JournalFailedException.Kind.FORMAT, failure.kind());
        assertTrue(failure.getMessage().contains("formatVersion=2, expected=1"), failure.getMessage());
    }
}
