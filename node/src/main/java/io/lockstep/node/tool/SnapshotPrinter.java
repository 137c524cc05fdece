package io.lockstep.node.tool;

import io.lockstep.client.SnapshotListener;
import io.lockstep.client.model.Cell;
import io.lockstep.client.model.SnapshotPage;
import io.lockstep.codec.hash.Digest128;
import io.lockstep.node.cli.CliException;
import io.lockstep.node.cli.ExitCode;
import io.lockstep.node.cli.LogText;
import io.lockstep.node.json.JsonLineWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.Locale;

/** Writes the cells of a snapshot, and how far it is where standard error is a terminal. One thread. */
final class SnapshotPrinter implements SnapshotListener {
    private static final long INTERVAL_NS = 200_000_000L;
    private static final int BAR_CELLS = 24;
    private static final String CLEAR_LINE = "\r\u001b[K";

    private final JsonLineWriter writer;
    private final SnapshotFile file;
    private final PrintStream err;
    private final boolean visible = Pipe.isTerminalOnStandardError();
    private final long startNs;
    private long shownNs;
    private long cellsBefore;
    private long cells;
    private boolean begun;

    /** Null for a file where the cells go to standard output. */
    SnapshotPrinter(final JsonLineWriter writer, final SnapshotFile file, final PrintStream err, final long startNs) {
        this.writer = writer;
        this.file = file;
        this.err = err;
        this.startNs = startNs;
        cellsBefore = file == null ? 0 : file.cellsBefore();
        shownNs = startNs;
    }

    @Override
    public void onPage(final SnapshotPage page) {
        begun = true;
        try {
            for (final Cell cell : page.cells()) {
                writer.cell(cell);
            }
            cells += page.cells().size();
            writer.flush();
            if (file != null && !page.last()) {
                file.settle(page.checkpoint());
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        show(page, System.nanoTime());
    }

    /** What was written to a file is taken back; what went to standard output cannot be. */
    @Override
    public void onStartOver(final String reason) {
        if (file == null) {
            throw new CliException(
                    ExitCode.CHECK_FAILED,
                    "the snapshot cannot be gone on with: " + reason + (begun ? "; what was written is void" : ""));
        }
        try {
            file.startOver();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        cellsBefore = 0;
        cells = 0;
        err.println("lockstep: starts over: " + LogText.safe(reason));
    }

    private void show(final SnapshotPage page, final long nowNs) {
        if (!visible || nowNs - shownNs < INTERVAL_NS) {
            return;
        }
        shownNs = nowNs;
        final double done = page.bytesTotal() == 0 ? 1 : (double) page.bytesRead() / page.bytesTotal();
        final int full = (int) (done * BAR_CELLS);
        err.print(CLEAR_LINE + "[" + "#".repeat(full) + " ".repeat(BAR_CELLS - full) + "] "
                + String.format(
                        Locale.ROOT,
                        "%3.0f %% of %.1f MB, %d cells",
                        100 * done,
                        page.bytesTotal() / 1e6,
                        cellsBefore + cells));
        err.flush();
    }

    void end(final SnapshotPage last) {
        if (visible) {
            err.print(CLEAR_LINE);
        }
        final Digest128 digest = new Digest128();
        digest.set(last.digestHigh(), last.digestLow());
        err.println("{\"sequence\": " + last.sequence() + ", \"exactSequence\": " + last.exactSequence()
                + ", \"digest\": \"" + digest + "\", \"cells\": " + (cellsBefore + cells)
                + ", \"cellsOfThisRun\": " + cells + ", \"snapshotBytes\": " + last.bytesTotal()
                + ", \"elapsedMs\": " + (System.nanoTime() - startNs) / 1_000_000 + "}");
    }
}
