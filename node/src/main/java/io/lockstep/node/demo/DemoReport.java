package io.lockstep.node.demo;

import io.lockstep.client.model.ChangeOutcome;
import java.io.PrintWriter;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** What the demo found, for people. */
final class DemoReport {
    private static final int DIGITS = 3;
    private static final double NS_PER_S = 1e9;
    private static final double NS_PER_MS = 1e6;

    private DemoReport() {}

    /**
     * Prints everything.
     *
     * @param out where to
     * @param history what was sent
     * @param plan how
     * @param demo run to its end
     * @param durability in force
     */
    static void print(
            final PrintWriter out,
            final History history,
            final DemoPlan plan,
            final Demo demo,
            final String durability) {
        final DemoLoad load = demo.load();
        final int total = plan.sets().size();
        out.println();
        out.println("Lockstep demo");
        out.println();
        out.printf("  input        %s%n", history.description());
        if (history.real()) {
            out.printf(
                    "  real         %,d of %,d change sets are the history itself (%.1f %%)%n",
                    plan.realSets(), total, 100.0 * plan.realSets() / total);
        } else {
            out.println("  real         none of it: there is no git history here");
        }
        if (plan.copies() > 0) {
            out.printf(
                    "  repeated     under %,d path prefixes, with %d rival(s) editing the rows of each commit%n",
                    plan.copies(), plan.rivals());
        }
        final double seconds = (demo.endNs() - demo.startNs()) / NS_PER_S;
        out.printf(
                "  load         %,d sets, %,d changes, %d sites, %d sessions, order disturbed, %.1f s, durability %s%n",
                total, load.changes(), plan.sites(), DemoLoad.SESSIONS, seconds, durability);
        out.printf(
                "  rate         %,.0f sets/s and %,.0f changes/s, the outage included; the load is paced at %,.0f sets/s%n",
                total / seconds, load.changes() / seconds, load.pacedSetsPerSecond());
        latencies(out, demo, total);
        out.printf(
                "  kill         SIGKILL with %,d sets in flight; ready again after %,.0f ms%n",
                demo.inFlightAtKill(), (demo.readyNs() - demo.killNs()) / NS_PER_MS);
        out.printf(
                "  conflicts    %,d changes settled against a rival's (superseded or blocked), %,d were duplicates%n",
                load.outcomes(ChangeOutcome.SUPERSEDED) + load.outcomes(ChangeOutcome.BLOCKED),
                load.outcomes(ChangeOutcome.DUPLICATE));
        out.printf("  lost         %s%n", demo.proof().holds() ? "nothing" : "see below");
        out.println();
        demo.proof().lines().forEach(line -> out.println("  " + line));
        out.println();
        out.println(demo.proof().holds() ? "All proofs hold." : "A proof does not hold.");
        out.flush();
    }

    /** Sets that were due or in flight during the outage are counted apart: they measure the restart. */
    private static void latencies(final PrintWriter out, final Demo demo, final int total) {
        final Histogram up = new Histogram(TimeUnit.HOURS.toNanos(1), DIGITS);
        final Histogram outage = new Histogram(TimeUnit.HOURS.toNanos(1), DIGITS);
        final DemoLoad load = demo.load();
        // The backlog of the outage delays what comes after it for about as long again.
        final long settledNs = demo.readyNs() + (demo.readyNs() - demo.killNs());
        for (int i = 0; i < total; i++) {
            final boolean untouched = load.answeredNs(i) < demo.killNs() || load.dueNs(i) > settledNs;
            (untouched ? up : outage).recordValue(Math.max(1, load.answeredNs(i) - load.dueNs(i)));
        }
        line(out, "latency", up, "from due to answered");
        line(out, "  in outage", outage, "due or in flight while the node was down or caught up");
    }

    private static void line(final PrintWriter out, final String name, final Histogram histogram, final String note) {
        out.printf(
                "  %-12s p50 %.2f ms, p90 %.2f ms, p99 %.2f ms, p99.9 %.2f ms, max %.2f ms (%,d sets, %s)%n",
                name,
                histogram.getValueAtPercentile(50) / NS_PER_MS,
                histogram.getValueAtPercentile(90) / NS_PER_MS,
                histogram.getValueAtPercentile(99) / NS_PER_MS,
                histogram.getValueAtPercentile(99.9) / NS_PER_MS,
                histogram.getMaxValue() / NS_PER_MS,
                histogram.getTotalCount(),
                note);
    }
}
