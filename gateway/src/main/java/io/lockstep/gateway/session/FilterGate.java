package io.lockstep.gateway.session;

import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.filter.ChangeFilters;
import io.lockstep.gateway.limits.SessionLimit;
import io.lockstep.gateway.limits.SessionLimits;
import io.lockstep.gateway.session.SessionPublisher.Refusal;
import org.agrona.DirectBuffer;

/** Holds the filters of validated messages against their limits. Thread of the transports. */
final class FilterGate {
    private final int filtersMax;
    private final int bytesMax;
    private final int globsMax;

    FilterGate(final SessionLimits limits) {
        filtersMax = limits.intValue(SessionLimit.FILTERS_MAX);
        bytesMax = limits.intValue(SessionLimit.FILTER_BYTES_MAX);
        globsMax = limits.intValue(SessionLimit.GLOBS_PER_DATABASE_MAX);
    }

    /** Null if the filters of a message may be looked at. */
    Refusal refuse(final DirectBuffer message, final int offset) {
        final int group = ChangeFilters.groupOffset(message, offset);
        final int count = ChangeFilters.count(message, group);
        if (count == 0) {
            return null;
        }
        final Refusal refusal = over(SessionLimit.FILTERS_MAX, filtersMax, count);
        return refusal == null
                ? over(SessionLimit.FILTER_BYTES_MAX, bytesMax, ChangeFilters.length(message, group))
                : refusal;
    }

    /** Null if subscriptions of a database may have these filters, too. */
    Refusal refuse(final DatabaseFeed feed, final ChangeFilters filters) {
        if (filters.isAll()) {
            return null;
        }
        final int globs = feed.index().globsWith(filters);
        return globs > feed.index().globs() ? over(SessionLimit.GLOBS_PER_DATABASE_MAX, globsMax, globs) : null;
    }

    /** The filters of a message. */
    static ChangeFilters filters(final DatabaseFeed feed, final DirectBuffer message, final int offset) {
        final int group = ChangeFilters.groupOffset(message, offset);
        return ChangeFilters.count(message, group) == 0
                ? ChangeFilters.ALL
                : new ChangeFilters().wrap(message, group, feed.keysFolded());
    }

    private static Refusal over(final SessionLimit limit, final int max, final int actual) {
        return actual <= max
                ? null
                : Refusal.limit(
                        ErrorCode.FILTERS_TOO_LARGE,
                        max,
                        actual,
                        "too many: " + limit.label() + "=" + max + ", actual=" + actual);
    }
}
