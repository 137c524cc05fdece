package io.lockstep.client.wire;

import io.lockstep.client.model.Site;
import io.lockstep.client.model.TableFilter;
import io.lockstep.codec.ChangeSubscriptionEncoder;
import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.ReadSnapshotEncoder;
import io.lockstep.codec.ReadStateDecoder;
import io.lockstep.codec.ReadStateEncoder;
import io.lockstep.codec.SubscribeDecoder;
import io.lockstep.codec.SubscribeEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Requests that may carry filters, in the version of the connection: an older node reads them as it always did, as long as
 * there are none. Every method answers false where there is no room until something was written. One thread.
 */
public final class FilterPublisher {
    private static final int CONTROL_BYTES_MAX = 256;
    private static final byte[] NO_PREFIX = new byte[0];

    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final SubscribeEncoder subscribe = new SubscribeEncoder();
    private final ChangeSubscriptionEncoder change = new ChangeSubscriptionEncoder();
    private final ReadStateEncoder readState = new ReadStateEncoder();
    private final ReadSnapshotEncoder readSnapshot = new ReadSnapshotEncoder();
    private final OutboundBuffer out;
    private int version;

    /**
     * A publisher.
     *
     * @param out gets the frames
     */
    public FilterPublisher(final OutboundBuffer out) {
        this.out = out;
    }

    /**
     * A connection begins.
     *
     * @param newVersion from Welcome
     */
    public void version(final int newVersion) {
        version = newVersion;
    }

    /**
     * Whether the node knows filters.
     *
     * @return false if it is of a version before them
     */
    public boolean takesFilters() {
        return version >= SubscribeDecoder.filtersDecoderSinceVersion();
    }

    /**
     * Everything that matches after a cursor.
     *
     * @param requestId echoed
     * @param sequence of the cursor
     * @param incarnation of the cursor; null to leave it unverified
     * @param check of the cursor
     * @param excludeOwn leaves out own effects
     * @param filters what matches; none unless {@link #takesFilters}
     * @param creditBytes what the client can take now
     * @return false if there is no room
     */
    public boolean subscribe(
            final long requestId,
            final long sequence,
            final Site incarnation,
            final long check,
            final boolean excludeOwn,
            final List<TableFilter> filters,
            final long creditBytes) {
        final int at = out.claim(CONTROL_BYTES_MAX + bytesMax(filters));
        if (at < 0) {
            return false;
        }
        final boolean verified = incarnation != null;
        subscribe
                .wrapAndApplyHeader(out.buffer(), at, header)
                .requestId(requestId)
                .sequence(sequence)
                .check(verified ? check : 0)
                .creditBytes(creditBytes);
        subscribe.flags().clear().verified(verified).excludeOwn(excludeOwn);
        subscribe.incarnation().high(verified ? incarnation.high() : 0).low(verified ? incarnation.low() : 0);
        if (takesFilters()) {
            final SubscribeEncoder.FiltersEncoder group = subscribe.filtersCount(filters.size());
            for (final TableFilter filter : filters) {
                final byte[] table = table(filter);
                final byte[] prefix = prefix(filter);
                group.next().putTable(table, 0, table.length).putKeyPrefix(prefix, 0, prefix.length);
            }
        }
        return commit(subscribe.encodedLength());
    }

    /**
     * Other filters from here on.
     *
     * @param requestId echoed
     * @param filters what matches
     * @return false if there is no room
     */
    public boolean changeSubscription(final long requestId, final List<TableFilter> filters) {
        final int at = out.claim(CONTROL_BYTES_MAX + bytesMax(filters));
        if (at < 0) {
            return false;
        }
        change.wrapAndApplyHeader(out.buffer(), at, header).requestId(requestId);
        final ChangeSubscriptionEncoder.FiltersEncoder group = change.filtersCount(filters.size());
        for (final TableFilter filter : filters) {
            final byte[] table = table(filter);
            final byte[] prefix = prefix(filter);
            group.next().putTable(table, 0, table.length).putKeyPrefix(prefix, 0, prefix.length);
        }
        return commit(change.encodedLength());
    }

    /**
     * Asks for a page of state.
     *
     * @param requestId echoed
     * @param row where it starts
     * @param within what the page before had beside the row
     * @param pageBytesMax at most this much
     * @param filters what matches; none unless {@link #takesFilters}
     * @return false if there is no room
     */
    public boolean readState(
            final long requestId,
            final long row,
            final byte[] within,
            final int pageBytesMax,
            final List<TableFilter> filters) {
        final int at = out.claim(CONTROL_BYTES_MAX + bytesMax(filters) + within.length);
        if (at < 0) {
            return false;
        }
        readState
                .wrapAndApplyHeader(out.buffer(), at, header)
                .requestId(requestId)
                .row(row)
                .pageBytesMax(pageBytesMax);
        if (takesFilters()) {
            final ReadStateEncoder.FiltersEncoder group = readState.filtersCount(filters.size());
            for (final TableFilter filter : filters) {
                final byte[] table = table(filter);
                final byte[] prefix = prefix(filter);
                group.next().putTable(table, 0, table.length).putKeyPrefix(prefix, 0, prefix.length);
            }
        }
        if (version >= ReadStateDecoder.withinSinceVersion()) {
            readState.putWithin(within, 0, within.length);
        } else {
            header.version(version);
        }
        return commit(readState.encodedLength());
    }

    /**
     * Asks for pages of a snapshot.
     *
     * @param requestId echoed
     * @param pageBytesMax at most this much a page
     * @param pages at most so many
     * @param filters what matches
     * @param checkpoint empty to begin
     * @return false if there is no room
     */
    public boolean readSnapshot(
            final long requestId,
            final int pageBytesMax,
            final int pages,
            final List<TableFilter> filters,
            final byte[] checkpoint) {
        final int at = out.claim(CONTROL_BYTES_MAX + bytesMax(filters) + checkpoint.length);
        if (at < 0) {
            return false;
        }
        readSnapshot
                .wrapAndApplyHeader(out.buffer(), at, header)
                .requestId(requestId)
                .pageBytesMax(pageBytesMax)
                .pages(pages);
        final ReadSnapshotEncoder.FiltersEncoder group = readSnapshot.filtersCount(filters.size());
        for (final TableFilter filter : filters) {
            final byte[] table = table(filter);
            final byte[] prefix = prefix(filter);
            group.next().putTable(table, 0, table.length).putKeyPrefix(prefix, 0, prefix.length);
        }
        readSnapshot.putCheckpoint(checkpoint, 0, checkpoint.length);
        return commit(readSnapshot.encodedLength());
    }

    private static int bytesMax(final List<TableFilter> filters) {
        int bytes = 0;
        for (final TableFilter filter : filters) {
            bytes += 2 * Short.BYTES + table(filter).length + prefix(filter).length;
        }
        return bytes;
    }

    private static byte[] table(final TableFilter filter) {
        return filter.table().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] prefix(final TableFilter filter) {
        return filter.keyPrefix() == null ? NO_PREFIX : filter.keyPrefix().toBytes();
    }

    /** What has no filters says so by its version. */
    private boolean commit(final int encodedLength) {
        if (!takesFilters()) {
            header.version(0);
        }
        out.commit(MessageHeaderEncoder.ENCODED_LENGTH + encodedLength);
        return true;
    }
}
