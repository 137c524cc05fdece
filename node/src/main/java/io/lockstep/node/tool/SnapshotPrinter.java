package io.lockstep.node.tool;

import io.lockstep.client.SnapshotListener;
import io.lockstep.client.model.Cell;
import io.lockstep.client.model.SnapshotPage;
import io.lockstep.codec.hash.Digest128;
import io.lockstep.node.cli.CliException;
import io.lockstep.node.cli.ExitCode;
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
    private final CheckpointFile kept;
    private final PrintStream err;
    private final boolean visible = Pipe.isTerminalOnStandardError();
    private final long startNs;
    private long shownNs;
    private long cells;
    private boolean begun;

    SnapshotPrinter(final JsonLineWriter writer, final CheckpointFile kept, final PrintStream err, final long startNs) {
        this.writer = writer;
        this.kept = kept;
        this.err = err;
        this.startNs = startNs;
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
            // What is written comes first: a page that comes twice is the same cells again, one that is left out is
            // lost.
            writer.flush();
            if (!page.last()) {
                kept.write(page.checkpoint());
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        show(page, System.nanoTime());
    }

    /** What was written cannot be taken back. */
    @Override
    public void onStartOver(final String reason) {
        try {
            kept.delete();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        final String written = begun ? "; what was written is void" : "; what earlier runs wrote is void";
        throw new CliException(ExitCode.CHECK_FAILED, "the snapshot cannot be gone on with: " + reason + written);
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
                        Locale.ROOT, "%3.0f %% of %.1f MB, %d cells", 100 * done, page.bytesTotal() / 1e6, cells));
        err.flush();
    }

    void end(final SnapshotPage last) {
        if (visible) {
            err.print(CLEAR_LINE);
        }
        final Digest128 digest = new Digest128();
        digest.set(last.digestHigh(), last.digestLow());
        err.println("{\"sequence\": " + last.sequence() + ", \"exactSequence\": " + last.exactSequence()
                + ", \"digest\": \"" + digest + "\", \"cells\": " + cells + ", \"snapshotBytes\": " + last.bytesTotal()
                + ", \"elapsedMs\": " + (System.nanoTime() - startNs) / 1_000_000 + "}");
    }
}
