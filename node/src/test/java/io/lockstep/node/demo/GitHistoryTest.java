package io.lockstep.node.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.node.demo.GitHistory.NoHistoryException;
import io.lockstep.node.demo.History.Commit;
import io.lockstep.node.demo.History.FileChange;
import io.lockstep.node.demo.History.FileVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GitHistoryTest {
    @TempDir
    private Path folder;

    private void git(final String... arguments) throws IOException, InterruptedException {
        final List<String> command =
                new ArrayList<>(List.of("git", "-c", "user.name=t", "-c", "user.email=t@example.org"));
        command.addAll(List.of(arguments));
        final Process process;
        try {
            process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start();
        } catch (final IOException e) {
            Assumptions.abort("needs git on the PATH: " + e.getMessage());
            return;
        }
        final String output = new String(process.getInputStream().readAllBytes());
        assertEquals(0, process.waitFor(), output);
    }

    private void commit(final String message) throws IOException, InterruptedException {
        git("add", "-A");
        git("commit", "-q", "-m", message);
    }

    private static Map<String, FileVersion> replayed(final History history) {
        final Map<String, FileVersion> tree = new HashMap<>();
        for (final Commit commit : history.commits()) {
            for (final FileChange change : commit.changes()) {
                if (change.version() == null) {
                    tree.remove(change.path());
                } else {
                    tree.put(change.path(), change.version());
                }
            }
        }
        return tree;
    }

    @Test
    void shouldReplayToTheTreeThroughRenamesDeletesModesAndMerges() throws Exception {
        git("init", "-q", "-b", "main");
        Files.writeString(folder.resolve("a file with blanks"), "one");
        Files.writeString(folder.resolve(":colon"), "two");
        Files.writeString(folder.resolve("line\nfeed"), "three");
        Files.writeString(folder.resolve("gone"), "four");
        commit("first");
        git("checkout", "-q", "-b", "side");
        Files.writeString(folder.resolve("side"), "five");
        commit("on the side");
        git("checkout", "-q", "main");
        Files.delete(folder.resolve("gone"));
        Files.move(folder.resolve(":colon"), folder.resolve("moved"));
        assertTrue(folder.resolve("a file with blanks").toFile().setExecutable(true));
        commit("second");
        git("merge", "-q", "--no-ff", "-m", "merge", "side");
        final History history = new GitHistory(folder).read();
        assertEquals(3, history.commits().size());
        assertEquals(4, history.finalTree().size());
        assertEquals(history.finalTree(), replayed(history));
    }

    @Test
    void shouldSayThatAFolderHasNoHistory() {
        assertThrows(NoHistoryException.class, () -> new GitHistory(folder).read());
    }

    @Test
    void shouldSayThatARepositoryHasNoCommit() throws Exception {
        git("init", "-q");
        assertThrows(NoHistoryException.class, () -> new GitHistory(folder).read());
    }

    @Test
    void shouldNotTakeTheHistoryOfAFolderAbove() throws Exception {
        git("init", "-q");
        Files.writeString(folder.resolve("file"), "x");
        commit("first");
        final Path below = Files.createDirectory(folder.resolve("below"));
        assertThrows(NoHistoryException.class, () -> new GitHistory(below).read());
    }
}
