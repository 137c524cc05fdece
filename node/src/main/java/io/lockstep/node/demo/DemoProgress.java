package io.lockstep.node.demo;

import java.io.PrintStream;
import java.util.concurrent.TimeUnit;

/** Tells how far the demo is: one line that changes on a terminal, a line every few seconds elsewhere. */
final class DemoProgress {
    private static final int BAR_WIDTH = 30;
    private static final long TERMINAL_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long PLAIN_INTERVAL_NS = TimeUnit.SECONDS.toNanos(3);
    private static final String CLEAR_LINE = "\r\u001b[K";

    private final PrintStream err;
    private final boolean terminal;
    private long lastNs;

    DemoProgress(final PrintStream err, final boolean terminal) {
        this.err = err;
        this.terminal = terminal;
        lastNs = System.nanoTime() - PLAIN_INTERVAL_NS;
    }

    /**
     * Something happened that deserves a line of its own.
     *
     * @param text the line
     */
    void event(final String text) {
        err.println((terminal ? CLEAR_LINE : "") + text);
        err.flush();
    }

    /**
     * How far it is; may be called often.
     *
     * @param done so many
     * @param total of so many
     * @param text what else to say
     */
    void update(final long done, final long total, final String text) {
        final long nowNs = System.nanoTime();
        if (nowNs - lastNs < (terminal ? TERMINAL_INTERVAL_NS : PLAIN_INTERVAL_NS)) {
            return;
        }
        lastNs = nowNs;
        final int filled = (int) (total == 0 ? BAR_WIDTH : BAR_WIDTH * done / total);
        final String figures = String.format("%,d of %,d change sets answered; %s", done, total, text);
        if (terminal) {
            err.print(CLEAR_LINE + "[" + "#".repeat(filled) + ".".repeat(BAR_WIDTH - filled) + "] " + figures);
        } else {
            err.println("  " + figures);
        }
        err.flush();
    }

    /** The changing line is over. */
    void end() {
        if (terminal) {
            err.print(CLEAR_LINE);
            err.flush();
        }
    }
}
