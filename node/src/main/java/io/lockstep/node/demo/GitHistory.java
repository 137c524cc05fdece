package io.lockstep.node.demo;

import io.lockstep.node.demo.History.Commit;
import io.lockstep.node.demo.History.FileChange;
import io.lockstep.node.demo.History.FileVersion;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads a history with the git command; touches nothing in the repository. */
final class GitHistory {
    private static final char COMMIT_MARK = '\u0002';
    private static final String DELETED_MODE = "000000";
    private static final long MS_PER_SECOND = 1_000;

    private final Path folder;

    GitHistory(final Path folder) {
        this.folder = folder;
    }

    /** There is no history to be had, and why. */
    static final class NoHistoryException extends Exception {
        private static final long serialVersionUID = 1L;

        NoHistoryException(final String message) {
            super(message);
        }
    }

    /**
     * Reads all first-parent commits of HEAD, and its tree.
     *
     * @return the history
     * @throws NoHistoryException if there is no git, no repository of its own or no commit
     */
    History read() throws NoHistoryException {
        final String head;
        final Path top;
        try {
            head = one("rev-parse", "--verify", "HEAD^{commit}");
            top = Path.of(one("rev-parse", "--show-toplevel")).toRealPath();
            if (!top.equals(folder.toRealPath())) {
                throw new NoHistoryException(folder + " is not the root of a git repository");
            }
            final Map<String, FileVersion> tree = tree(head);
            final List<Commit> commits = commits(head);
            if (commits.isEmpty()) {
                throw new NoHistoryException(folder + " has no commit that changes a file");
            }
            final boolean shallow = "true".equals(one("rev-parse", "--is-shallow-repository"));
            final String description =
                    commits.size() + " commits of the git history of " + folder + " up to " + head.substring(0, 12)
                            + (shallow ? " (a shallow clone: its oldest commit holds all before it)" : "");
            return new History(commits, tree, true, description);
        } catch (final IOException e) {
            throw new NoHistoryException("git cannot read " + folder + ": " + e.getMessage());
        }
    }

    private List<Commit> commits(final String head) throws IOException {
        final List<Commit> commits = new ArrayList<>();
        final Map<String, Integer> authors = new HashMap<>();
        final List<String> command = List.of(
                "log",
                "--first-parent",
                "--reverse",
                "-m",
                "--root",
                "--raw",
                "--no-abbrev",
                "--no-renames",
                "--no-show-signature",
                "-z",
                "--format=%x02%ct %aE",
                head);
        run(command, new TokenHandler() {
            private int author;
            private long timeMs;
            private List<FileChange> changes = new ArrayList<>();
            private FileVersion version;
            private boolean pathIsNext;

            @Override
            public void onToken(final String raw) {
                if (pathIsNext) {
                    pathIsNext = false;
                    changes.add(new FileChange(raw, version));
                    return;
                }
                final String token = raw.strip();
                if (token.isEmpty()) {
                    return;
                }
                if (raw.indexOf(COMMIT_MARK) >= 0) {
                    onEnd();
                    final String header = raw.substring(raw.indexOf(COMMIT_MARK) + 1);
                    final int blank = header.indexOf(' ');
                    timeMs = Long.parseLong(header.substring(0, blank)) * MS_PER_SECOND;
                    author = authors.computeIfAbsent(header.substring(blank + 1), name -> authors.size());
                } else {
                    // :oldMode newMode oldBlob newBlob status
                    final String[] fields = token.split(" ", -1);
                    version = DELETED_MODE.equals(fields[1]) ? null : new FileVersion(fields[1], fields[3]);
                    pathIsNext = true;
                }
            }

            @Override
            public void onEnd() {
                if (!changes.isEmpty()) {
                    commits.add(new Commit(author, timeMs, List.copyOf(changes)));
                    changes = new ArrayList<>();
                }
            }
        });
        return commits;
    }

    private Map<String, FileVersion> tree(final String head) throws IOException {
        final Map<String, FileVersion> tree = new HashMap<>();
        run(List.of("ls-tree", "-r", "-z", "--full-tree", head), token -> {
            // mode type blob TAB path
            final int tab = token.indexOf('\t');
            final String[] fields = token.substring(0, tab).split(" +", -1);
            tree.put(token.substring(tab + 1), new FileVersion(fields[0], fields[2]));
        });
        return tree;
    }

    private String one(final String... arguments) throws IOException, NoHistoryException {
        final StringBuilder all = new StringBuilder();
        run(List.of(arguments), all::append);
        final String text =
                new String(all.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8).strip();
        if (text.isEmpty()) {
            throw new NoHistoryException("git " + String.join(" ", arguments) + " says nothing in " + folder);
        }
        return text;
    }

    /** Gets what git prints, cut at each NUL, a char a byte. */
    @FunctionalInterface
    private interface TokenHandler {
        void onToken(String token);

        default void onEnd() {}
    }

    private void run(final List<String> arguments, final TokenHandler handler) throws IOException {
        final List<String> command = new ArrayList<>(List.of("git", "--no-pager", "-C", folder.toString()));
        command.addAll(arguments);
        final Process process = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                .redirectErrorStream(false)
                .start();
        final ByteArrayOutputStream complaint = new ByteArrayOutputStream();
        final Thread reader = new Thread(() -> copy(process.getErrorStream(), complaint), "git-stderr");
        reader.setDaemon(true);
        reader.start();
        try (InputStream in = new BufferedInputStream(process.getInputStream(), 1 << 16)) {
            final ByteArrayOutputStream token = new ByteArrayOutputStream();
            int next = in.read();
            while (next >= 0) {
                if (next == 0) {
                    handler.onToken(token.toString(StandardCharsets.ISO_8859_1));
                    token.reset();
                } else {
                    token.write(next);
                }
                next = in.read();
            }
            if (token.size() > 0) {
                handler.onToken(token.toString(StandardCharsets.ISO_8859_1));
            }
            handler.onEnd();
            if (process.waitFor() != 0) {
                reader.join();
                throw new IOException(complaint.toString(StandardCharsets.UTF_8).strip());
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            process.destroy();
        }
    }

    private static void copy(final InputStream from, final ByteArrayOutputStream to) {
        try {
            from.transferTo(to);
        } catch (final IOException e) {
            to.writeBytes(e.toString().getBytes(StandardCharsets.UTF_8));
        }
    }
}
