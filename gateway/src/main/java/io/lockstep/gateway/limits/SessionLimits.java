package io.lockstep.gateway.limits;

import java.util.EnumMap;
import java.util.Map;

/**
 * The values of every {@link SessionLimit}. Mutable until {@link #conclude(int)}, which relates them to one another; then
 * read only, by any thread.
 */
public final class SessionLimits {
    /** A frame puts its bucket into debt; one that takes longer than this to pay would outlast every time-out. */
    private static final int DEBT_SECONDS_MAX = 16;

    private final Map<SessionLimit, Long> values = new EnumMap<>(SessionLimit.class);
    private boolean concluded;

    /** Defaults. */
    public SessionLimits() {
        for (final SessionLimit limit : SessionLimit.values()) {
            values.put(limit, limit.defaultValue());
        }
    }

    /**
     * Sets a limit.
     *
     * @param limit which
     * @param value in its unit
     * @return this
     * @throws IllegalArgumentException when below the least value, naming both
     */
    public SessionLimits set(final SessionLimit limit, final long value) {
        mutable();
        if (value < limit.least()) {
            throw new IllegalArgumentException(
                    limit.label() + " is too small: " + limit.label() + "=" + value + ", least=" + limit.least());
        }
        values.put(limit, value);
        return this;
    }

    /**
     * A limit.
     *
     * @param limit which
     * @return in its unit
     */
    public long value(final SessionLimit limit) {
        return values.get(limit);
    }

    /**
     * A limit that is known to fit.
     *
     * @param limit which
     * @return in its unit, at most the largest int
     */
    public int intValue(final SessionLimit limit) {
        return (int) Math.min(value(limit), Integer.MAX_VALUE);
    }

    /**
     * Cross-checks the limits and makes them final.
     *
     * @param frameBytesMax largest frame, bytes
     * @return this
     * @throws IllegalStateException when called twice
     * @throws IllegalArgumentException naming both values that do not go together
     */
    public SessionLimits conclude(final int frameBytesMax) {
        mutable();
        ordered(SessionLimit.HEARTBEAT_MS_MIN, SessionLimit.HEARTBEAT_MS);
        ordered(SessionLimit.AUTH_DELAY_MS_MIN, SessionLimit.AUTH_DELAY_MS_MAX);
        ordered(SessionLimit.AUTH_DELAY_MS_MAX, SessionLimit.HANDSHAKE_TIMEOUT_MS);
        ordered(SessionLimit.READS_IN_FLIGHT_MAX, SessionLimit.IN_FLIGHT_MAX);
        rate(SessionLimit.SESSION_BYTES_PER_SECOND, frameBytesMax);
        rate(SessionLimit.PRINCIPAL_BYTES_PER_SECOND, frameBytesMax);
        rate(SessionLimit.DATABASE_BYTES_PER_SECOND, frameBytesMax);
        concluded = true;
        return this;
    }

    private void ordered(final SessionLimit low, final SessionLimit high) {
        if (value(low) > value(high)) {
            throw new IllegalArgumentException(low.label() + " must not be above " + high.label() + ": " + low.label()
                    + "=" + value(low) + ", " + high.label() + "=" + value(high));
        }
    }

    private void rate(final SessionLimit limit, final int frameBytesMax) {
        final long value = value(limit);
        if (value != 0 && value < frameBytesMax / DEBT_SECONDS_MAX) {
            throw new IllegalArgumentException(limit.label() + " must be 0, or at least a frame in " + DEBT_SECONDS_MAX
                    + " seconds: " + limit.label() + "=" + value + ", frameBytesMax=" + frameBytesMax);
        }
    }

    private void mutable() {
        if (concluded) {
            throw new IllegalStateException("limits are concluded");
        }
    }
}
