package io.lockstep.node.tool.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Locale;

/**
 * What was measured, with its baselines, for people and for scripts.
 *
 * @param target what was measured
 * @param durability what an answer promised
 * @param plan what was asked for
 * @param result of the target
 * @param echo of the bare echo, or null
 * @param sync of the bare sync, or null
 * @param environment where
 */
public record BenchReport(
        String target,
        String durability,
        BenchPlan plan,
        LoadResult result,
        LoadResult echo,
        SyncBaseline sync,
        BenchEnvironment environment) {
    /** Below this share of accepted sets the measurement does not say what it should. */
    public static final double ACCEPTED_SHARE_MIN = 0.9;

    private static final double[] PERCENTILES = {50, 90, 99, 99.9, 99.99};

    /**
     * Whether enough sets were accepted for the figures to mean anything.
     *
     * @return false if not
     */
    public boolean isValid() {
        return result.acceptedShare() >= ACCEPTED_SHARE_MIN;
    }

    /**
     * For people.
     *
     * @return lines
     */
    public String text() {
        final StringBuilder text = new StringBuilder();
        add(text, "target         %s, durability %s", target, durability);
        add(
                text,
                "load           %s, connections %d, in flight %d, changes a set %d, rows %d, columns %d, value bytes %d",
                plan.isClosedLoop() ? "closed loop" : "open loop at " + plan.ratePerSecond() + "/s",
                plan.connections(),
                plan.inFlight(),
                plan.changesPerSet(),
                plan.rows(),
                plan.columns(),
                plan.valueBytes());
        add(
                text,
                "environment    %d cores, %s, %s, %s, %s",
                environment.cores(),
                environment.processor(),
                environment.java(),
                environment.system(),
                environment.fileSystem());
        add(
                text,
                "answered       %d sets in %.1f s: accepted %.1f %%, no effect %d, refused %d",
                result.answered(),
                result.elapsedNs() / 1e9,
                100 * result.acceptedShare(),
                result.noEffect(),
                result.refused());
        add(text, "%-14s %14s %14s %8s", "", "lockstep", "bare echo", "ratio");
        row(text, "sets/s", result.perSecond(), echo == null ? 0 : echo.perSecond());
        for (final double percentile : PERCENTILES) {
            final double echoUs = echo == null ? 0 : echo.latencyUs(percentile);
            row(text, name(percentile) + " us", result.latencyUs(percentile), echoUs);
        }
        row(text, "max us", result.maxLatencyUs(), echo == null ? 0 : echo.maxLatencyUs());
        if (sync != null) {
            add(
                    text,
                    "bare sync      p50 %.1f us, p99 %.1f us, %.0f/s; lockstep's p50 is %.2f times it",
                    sync.p50Us(),
                    sync.p99Us(),
                    sync.perSecond(),
                    result.latencyUs(50) / sync.p50Us());
        }
        if (!isValid()) {
            add(text, "INVALID        accepted share %.3f is below %.2f", result.acceptedShare(), ACCEPTED_SHARE_MIN);
        }
        return text.toString();
    }

    private static String name(final double percentile) {
        return "p" + (percentile == Math.rint(percentile) ? String.valueOf((int) percentile) : percentile);
    }

    private static void row(final StringBuilder text, final String name, final double figure, final double baseline) {
        if (baseline == 0) {
            add(text, "%-14s %14.1f %14s %8s", name, figure, "-", "-");
        } else {
            add(text, "%-14s %14.1f %14.1f %8.2f", name, figure, baseline, figure / baseline);
        }
    }

    private static void add(final StringBuilder text, final String format, final Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append(System.lineSeparator());
    }

    /**
     * For scripts.
     *
     * @return one JSON object on one line
     */
    public String json() {
        final StringWriter text = new StringWriter();
        try (JsonGenerator out = new JsonFactory().createGenerator(text)) {
            out.writeStartObject();
            out.writeStringField("target", target);
            out.writeStringField("durability", durability);
            writePlan(out);
            writeResult(out, "result", result);
            if (echo != null) {
                writeResult(out, "echo", echo);
                out.writeObjectFieldStart("ratio");
                out.writeNumberField("throughput", rounded(result.perSecond() / echo.perSecond()));
                out.writeNumberField("p50", rounded(result.latencyUs(50) / echo.latencyUs(50)));
                out.writeNumberField("p99", rounded(result.latencyUs(99) / echo.latencyUs(99)));
                out.writeEndObject();
            }
            if (sync != null) {
                writeSync(out);
            }
            writeEnvironment(out);
            out.writeBooleanField("valid", isValid());
            out.writeEndObject();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private void writePlan(final JsonGenerator out) throws IOException {
        out.writeObjectFieldStart("load");
        out.writeNumberField("connections", plan.connections());
        out.writeNumberField("inFlight", plan.inFlight());
        out.writeNumberField("changesPerSet", plan.changesPerSet());
        out.writeNumberField("rows", plan.rows());
        out.writeNumberField("columns", plan.columns());
        out.writeNumberField("valueBytes", plan.valueBytes());
        out.writeNumberField("warmupSeconds", plan.warmupMs() / 1e3);
        out.writeNumberField("seconds", plan.measureMs() / 1e3);
        out.writeNumberField("rate", plan.ratePerSecond());
        out.writeEndObject();
    }

    private static void writeResult(final JsonGenerator out, final String name, final LoadResult result)
            throws IOException {
        out.writeObjectFieldStart(name);
        out.writeNumberField("setsPerSecond", rounded(result.perSecond()));
        out.writeNumberField("answered", result.answered());
        out.writeNumberField("accepted", result.accepted());
        out.writeNumberField("noEffect", result.noEffect());
        out.writeNumberField("refused", result.refused());
        out.writeNumberField("lastErrorCode", result.lastErrorCode());
        out.writeObjectFieldStart("latencyUs");
        for (final double percentile : PERCENTILES) {
            out.writeNumberField(name(percentile), rounded(result.latencyUs(percentile)));
        }
        out.writeNumberField("max", rounded(result.maxLatencyUs()));
        out.writeEndObject();
        out.writeEndObject();
    }

    private void writeSync(final JsonGenerator out) throws IOException {
        out.writeObjectFieldStart("sync");
        out.writeNumberField("syncs", sync.syncs());
        out.writeNumberField("perSecond", rounded(sync.perSecond()));
        out.writeNumberField("p50Us", rounded(sync.p50Us()));
        out.writeNumberField("p99Us", rounded(sync.p99Us()));
        out.writeNumberField("maxUs", rounded(sync.maxUs()));
        out.writeNumberField("ratioP50", rounded(result.latencyUs(50) / sync.p50Us()));
        out.writeEndObject();
    }

    private void writeEnvironment(final JsonGenerator out) throws IOException {
        out.writeObjectFieldStart("environment");
        out.writeNumberField("cores", environment.cores());
        out.writeStringField("processor", environment.processor());
        out.writeStringField("java", environment.java());
        out.writeStringField("system", environment.system());
        out.writeStringField("fileSystem", environment.fileSystem());
        out.writeEndObject();
    }

    private static double rounded(final double value) {
        return Math.round(value * 1_000) / 1_000.0;
    }
}
