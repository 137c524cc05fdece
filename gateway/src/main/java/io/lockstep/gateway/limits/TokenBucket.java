package io.lockstep.gateway.limits;

/**
 * A rate with bursts of one second, in integer arithmetic. Anything may be taken while the bucket is not in debt, and
 * may put it into debt, so that a frame larger than the burst still passes. Confined to one thread.
 */
public final class TokenBucket {
    private static final long NS_PER_SECOND = 1_000_000_000L;

    /** Has no state, so that there need be but one: most rates are not limited. */
    private static final TokenBucket UNLIMITED = new TokenBucket(0, 0);

    private final long perSecond;
    private long level;
    private long remainder;
    private long filledNs;

    /**
     * A full bucket.
     *
     * @param perSecond units a second; 0 for no limit
     * @param nowNs monotonic time
     */
    public TokenBucket(final long perSecond, final long nowNs) {
        this.perSecond = perSecond;
        this.level = perSecond;
        this.filledNs = nowNs;
    }

    /**
     * A full bucket, or one for all where there is no limit.
     *
     * @param perSecond units a second; 0 for no limit
     * @param nowNs monotonic time
     * @return a bucket
     */
    public static TokenBucket of(final long perSecond, final long nowNs) {
        return perSecond == 0 ? UNLIMITED : new TokenBucket(perSecond, nowNs);
    }

    /**
     * How long until something may be taken.
     *
     * @param nowNs monotonic time
     * @return 0 if now, otherwise nanoseconds
     */
    public long waitNs(final long nowNs) {
        if (perSecond == 0) {
            return 0;
        }
        fill(nowNs);
        if (level > 0) {
            return 0;
        }
        final long missing = 1 - level;
        return missing > Long.MAX_VALUE / NS_PER_SECOND
                ? Long.MAX_VALUE
                : Math.max(1, (missing * NS_PER_SECOND - remainder + perSecond - 1) / perSecond);
    }

    /**
     * Takes, even into debt.
     *
     * @param units 0 or more
     */
    public void take(final long units) {
        if (perSecond != 0) {
            level = Math.max(level - units, Long.MIN_VALUE / 4);
        }
    }

    /**
     * Units a second.
     *
     * @return 0 for no limit
     */
    public long perSecond() {
        return perSecond;
    }

    /**
     * What of a second's units is taken, debt included, as of the last call of {@link #waitNs}.
     *
     * @return units, 0 for no limit
     */
    public long used() {
        return perSecond == 0 ? 0 : perSecond - level;
    }

    private void fill(final long nowNs) {
        final long elapsedNs = nowNs - filledNs;
        if (elapsedNs <= 0) {
            return;
        }
        filledNs = nowNs;
        // Whole seconds apart, so that the product below stays within 64 bits for any sane rate.
        final long wholeSeconds = elapsedNs / NS_PER_SECOND;
        final long fractionNs = elapsedNs % NS_PER_SECOND;
        final long room = perSecond - level;
        if (wholeSeconds > 0 && room / perSecond < wholeSeconds) {
            level = perSecond;
            remainder = 0;
            return;
        }
        final long product = Math.multiplyHigh(fractionNs, perSecond) == 0 ? fractionNs * perSecond : Long.MAX_VALUE;
        final long total = product < 0 || product > Long.MAX_VALUE - remainder ? Long.MAX_VALUE : product + remainder;
        final long gained = wholeSeconds * perSecond + total / NS_PER_SECOND;
        remainder = total % NS_PER_SECOND;
        if (gained >= room) {
            level = perSecond;
            remainder = 0;
        } else {
            level += gained;
        }
    }
}
