package io.lockstep.node.tool.bench;

/**
 * What to measure. Immutable.
 *
 * @param connections at least 1, at most inFlight
 * @param inFlight change sets unanswered in all connections together
 * @param changesPerSet writes in each change set
 * @param rows rows that writes are spread over
 * @param columns columns that writes are spread over
 * @param valueBytes bytes of text in each value
 * @param warmupMs before anything is recorded
 * @param measureMs recorded
 * @param ratePerSecond change sets a second of the open loop; 0 for a closed loop
 */
public record BenchPlan(
        int connections,
        int inFlight,
        int changesPerSet,
        int rows,
        int columns,
        int valueBytes,
        long warmupMs,
        long measureMs,
        long ratePerSecond) {
    /** Most connections. */
    public static final int CONNECTIONS_MAX = 4_096;

    /** Most change sets unanswered. */
    public static final int IN_FLIGHT_MAX = 1 << 20;

    /** Most columns a row; the arbiter's own limit. */
    public static final int COLUMNS_MAX = 1_024;

    /** Longest value, bytes. */
    public static final int VALUE_BYTES_MAX = 64 * 1024;

    /** Most writes of one change set. */
    public static final int CHANGES_MAX = 1_000;

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException naming the option, its value and its range
     */
    public BenchPlan {
        check("--in-flight", inFlight, 1, IN_FLIGHT_MAX);
        check("--connections", connections, 1, Math.min(CONNECTIONS_MAX, inFlight));
        check("--changes-per-set", changesPerSet, 1, CHANGES_MAX);
        check("--rows", rows, 1, Integer.MAX_VALUE);
        check("--columns", columns, 1, COLUMNS_MAX);
        check("--value-bytes", valueBytes, 0, VALUE_BYTES_MAX);
        check("--seconds", measureMs, 1, Integer.MAX_VALUE);
        check("--warmup-seconds", warmupMs, 0, Integer.MAX_VALUE);
        check("--rate", ratePerSecond, 0, Integer.MAX_VALUE);
    }

    /**
     * How much of the window belongs to a connection.
     *
     * @param connection 0 to connections - 1
     * @return at least 1
     */
    public int windowOf(final int connection) {
        return inFlight / connections + (connection < inFlight % connections ? 1 : 0);
    }

    /**
     * Whether the loop is closed: a set is sent when another was answered.
     *
     * @return false for a given rate
     */
    public boolean isClosedLoop() {
        return ratePerSecond == 0;
    }

    private static void check(final String option, final long value, final long min, final long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(option + "=" + value + " is outside " + min + " to " + max);
        }
    }
}
