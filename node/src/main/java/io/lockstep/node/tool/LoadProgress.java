package io.lockstep.node.tool;

import io.lockstep.node.tool.load.Loader;
import java.io.PrintStream;

/** One line on standard error that is written over and over, where that is a terminal. One thread. */
final class LoadProgress {
    private static final long INTERVAL_NS = 200_000_000L;
    private static final String CLEAR_LINE = "\r\u001b[K";

    private final Loader loader;
    private final long startNs;
    private final PrintStream err;
    private final boolean visible = Pipe.isTerminalOnStandardError();
    private long shownNs;

    LoadProgress(final Loader loader, final long startNs, final PrintStream err) {
        this.loader = loader;
        this.err = err;
        this.startNs = startNs;
        shownNs = startNs;
    }

    /**
     * Shows how far it is, a few times a second.
     *
     * @param nowNs the monotonic clock
     */
    void show(final long nowNs) {
        if (!visible || nowNs - shownNs < INTERVAL_NS) {
            return;
        }
        shownNs = nowNs;
        final long answered = loader.tally().answered();
        final long total = loader.total();
        final String of = total < 0 ? "" : " of " + total;
        final long perSecond = answered * 1_000_000_000L / Math.max(1, nowNs - startNs);
        err.print(CLEAR_LINE + answered + of + " sets answered, " + perSecond + "/s, refused "
                + loader.tally().rejected() + (loader.isConnected() ? "" : ", out of reach"));
        err.flush();
    }

    /** Takes the line away. */
    void clear() {
        if (visible) {
            err.print(CLEAR_LINE);
            err.flush();
        }
    }
}
