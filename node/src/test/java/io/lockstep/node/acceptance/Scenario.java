package io.lockstep.node.acceptance;

import java.nio.file.Path;

/** Steps that the acceptance tests share: dump, watch and verify what a load left behind. */
final class Scenario {
    static final String DATABASE = "history";

    private Scenario() {}

    /** Loads in the background. */
    static Process load(final Path folder, final NodeProcess node, final Path file, final String... more) {
        final String[] args = new String[7 + more.length];
        System.arraycopy(
                new String[] {"load", file.toString(), "--to", node.address(), "--database", DATABASE, "--acks"},
                0,
                args,
                0,
                7);
        final String[] all = new String[args.length + 1];
        System.arraycopy(args, 0, all, 0, 7);
        all[7] = folder.resolve("acks.jsonl").toString();
        System.arraycopy(more, 0, all, 8, more.length);
        return Launcher.start(folder, "load", java.util.List.of(), all);
    }

    static Path acks(final Path folder) {
        return folder.resolve("acks.jsonl");
    }

    static Path dump(final Path folder, final NodeProcess node) {
        return Launcher.run(folder, "dump", 120, "dump", "--from", node.address(), "--database", DATABASE)
                .orFail()
                .out();
    }

    /** All deliveries from the beginning to the sequence that a dump named. */
    static Path watch(final Path folder, final NodeProcess node) {
        final long sequence = Ledger.dumpedSequence(folder.resolve("dump.err"));
        return Launcher.run(
                        folder,
                        "watch",
                        300,
                        "watch",
                        "--from",
                        node.address(),
                        "--database",
                        DATABASE,
                        "--since",
                        "0",
                        "--count",
                        Long.toString(sequence))
                .orFail()
                .out();
    }

    static void verify(final Path folder, final Path data) {
        Launcher.run(folder, "verify", 300, "verify", "--data", data.toString()).orFail();
    }

    /** Prints a figure, so that a run's log holds it. */
    static void report(final String format, final Object... values) {
        System.out.println("acceptance: " + String.format(java.util.Locale.ROOT, format, values));
    }
}
