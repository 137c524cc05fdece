package io.lockstep.benchmarks;

import java.io.PrintStream;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs benchmarks with the allocation profiler and prints budget and result side by side. Ends with exit code 1 when one
 * is over its budget.
 */
public final class BudgetReport {
    private static final String QUICK = "--quick";
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    /** JMH itself allocates a little between iterations; spread over the operations it stays far below a byte. */
    private static final double BYTES_NOISE = 0.5;

    private BudgetReport() {}

    /**
     * Runs.
     *
     * @param args a regular expression of benchmark names, none for all; before it {@code --quick} for short iterations,
     *     which tell bytes exactly and times roughly
     * @throws RunnerException when JMH cannot run
     */
    public static void main(final String[] args) throws RunnerException {
        final boolean quick = args.length > 0 && QUICK.equals(args[0]);
        final int pattern = quick ? 1 : 0;
        final ChainedOptionsBuilder options = new OptionsBuilder()
                .include(args.length <= pattern ? "io.lockstep.benchmarks" : args[pattern])
                .addProfiler(GCProfiler.class)
                .verbosity(VerboseMode.NORMAL);
        if (quick) {
            options.warmupIterations(2)
                    .warmupTime(TimeValue.milliseconds(500))
                    .measurementIterations(2)
                    .measurementTime(TimeValue.milliseconds(500));
        }
        final Collection<RunResult> results = new Runner(options.build()).run();
        System.out.printf(
                "%n%s, %d cores, %s %s%s",
                System.getProperty("java.vm.name") + " " + Runtime.version(),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                quick ? ", quick: times are rough" : "");
        if (!print(results, System.out)) {
            System.exit(1);
        }
    }

    private static boolean print(final Collection<RunResult> results, final PrintStream out) {
        boolean allHold = true;
        out.printf("%n%-64s %12s %12s %10s %10s %s%n", "benchmark", "ns/op", "budget", "B/op", "budget", "verdict");
        for (final RunResult result : results) {
            final Budget budget = budgetOf(result.getParams().getBenchmark());
            final double nsPerOp = result.getPrimaryResult().getScore();
            final Result<?> allocated = result.getSecondaryResults().get(ALLOCATED);
            final double bytesPerOp = allocated == null ? Double.NaN : allocated.getScore();
            final boolean holds =
                    budget != null && nsPerOp <= budget.nsPerOp() && bytesPerOp <= budget.bytesPerOp() + BYTES_NOISE;
            allHold &= holds;
            out.printf(
                    Locale.ROOT,
                    "%-64s %12.1f %12s %10.2f %10s %s%n",
                    nameOf(result),
                    nsPerOp,
                    budget == null ? "none" : String.format(Locale.ROOT, "%.1f", budget.nsPerOp()),
                    bytesPerOp,
                    budget == null ? "none" : String.format(Locale.ROOT, "%.0f", budget.bytesPerOp()),
                    holds ? "holds" : "OVER");
        }
        return allHold;
    }

    private static String nameOf(final RunResult result) {
        final String name = result.getParams().getBenchmark();
        final List<String> parameters = new ArrayList<>();
        result.getParams()
                .getParamsKeys()
                .forEach(key -> parameters.add(key + "=" + result.getParams().getParam(key)));
        return name.substring("io.lockstep.benchmarks.".length()) + (parameters.isEmpty() ? "" : " " + parameters);
    }

    private static Budget budgetOf(final String benchmark) {
        final int dot = benchmark.lastIndexOf('.');
        try {
            for (final Method method :
                    Class.forName(benchmark.substring(0, dot)).getMethods()) {
                if (method.getName().equals(benchmark.substring(dot + 1))) {
                    return method.getAnnotation(Budget.class);
                }
            }
            return null;
        } catch (final ClassNotFoundException ex) {
            throw new IllegalStateException("JMH ran a benchmark whose class is gone: " + benchmark, ex);
        }
    }
}
