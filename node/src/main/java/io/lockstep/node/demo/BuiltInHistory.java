package io.lockstep.node.demo;

import io.lockstep.node.demo.History.Commit;
import io.lockstep.node.demo.History.FileChange;
import io.lockstep.node.demo.History.FileVersion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/** A made-up history for a checkout without git: files come, change, turn executable, go, and come back. */
final class BuiltInHistory {
    private static final int COMMITS = 2_000;
    private static final int AUTHORS = 12;
    private static final int PATHS = 400;
    private static final int CHANGES_MAX = 8;
    private static final int DELETE_PERCENT = 12;
    private static final int EXECUTABLE_PERCENT = 5;
    private static final long MS_BETWEEN_COMMITS = 3_600_000L;

    private BuiltInHistory() {}

    /**
     * Makes one.
     *
     * @param seed the same makes the same
     * @param endMs time of the last commit, milliseconds since 1970
     * @return the history
     */
    static History make(final long seed, final long endMs) {
        final SplittableRandom random = new SplittableRandom(seed);
        final List<Commit> commits = new ArrayList<>(COMMITS);
        final Map<String, FileVersion> tree = new HashMap<>();
        for (int i = 0; i < COMMITS; i++) {
            final Set<String> touched = new HashSet<>();
            final List<FileChange> changes = new ArrayList<>();
            final int count = 1 + random.nextInt(CHANGES_MAX);
            while (changes.size() < count) {
                final String path =
                        "src/part-" + random.nextInt(PATHS / 20) + "/file-" + random.nextInt(PATHS) + ".txt";
                if (touched.add(path)) {
                    changes.add(change(random, path, tree));
                }
            }
            commits.add(new Commit(
                    random.nextInt(AUTHORS), endMs - (COMMITS - i) * MS_BETWEEN_COMMITS, List.copyOf(changes)));
        }
        return new History(
                commits, Map.copyOf(tree), false, COMMITS + " made-up commits of the built-in generator, seed=" + seed);
    }

    private static FileChange change(
            final SplittableRandom random, final String path, final Map<String, FileVersion> tree) {
        if (tree.containsKey(path) && random.nextInt(100) < DELETE_PERCENT) {
            tree.remove(path);
            return new FileChange(path, null);
        }
        final String mode = random.nextInt(100) < EXECUTABLE_PERCENT ? "100755" : "100644";
        final FileVersion version =
                new FileVersion(mode, String.format("%016x%016x", random.nextLong(), random.nextLong()));
        tree.put(path, version);
        return new FileChange(path, version);
    }
}
