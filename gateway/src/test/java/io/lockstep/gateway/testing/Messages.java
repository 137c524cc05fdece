package io.lockstep.gateway.testing;

import io.lockstep.codec.ChangeSubscriptionEncoder;
import io.lockstep.codec.CloseEncoder;
import io.lockstep.codec.CreditGrantEncoder;
import io.lockstep.codec.CursorAckEncoder;
import io.lockstep.codec.HeartbeatEncoder;
import io.lockstep.codec.HelloEncoder;
import io.lockstep.codec.KeyForm;
import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.OpenDatabaseEncoder;
import io.lockstep.codec.PruneEncoder;
import io.lockstep.codec.ReadDatabasesEncoder;
import io.lockstep.codec.ReadStateEncoder;
import io.lockstep.codec.ReadStatusEncoder;
import io.lockstep.codec.RefreshTokenEncoder;
import io.lockstep.codec.RowPolicy;
import io.lockstep.codec.SubscribeEncoder;
import io.lockstep.codec.UnsubscribeEncoder;
import io.lockstep.codec.value.ValueWriter;
import io.lockstep.engine.stage.TestCommands;
import java.util.Arrays;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** What a client says, as messages with their header and without framing. */
public final class Messages {
    private static final MessageHeaderEncoder HEADER = new MessageHeaderEncoder();

    private Messages() {}

    private static byte[] cut(final ExpandableArrayBuffer buffer, final int bodyLength) {
        return Arrays.copyOf(buffer.byteArray(), MessageHeaderEncoder.ENCODED_LENGTH + bodyLength);
    }

    public static byte[] hello(final String token, final long... ownSites) {
        return hello(0, 0, 0, token, ownSites);
    }

    public static byte[] hello(
            final int versionMin,
            final int versionMax,
            final long heartbeatMs,
            final String token,
            final long... ownSites) {
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        final HelloEncoder hello = new HelloEncoder()
                .wrapAndApplyHeader(buffer, 0, HEADER)
                .versionMin(versionMin)
                .versionMax(versionMax)
                .heartbeatMs(heartbeatMs);
        hello.features().clear().winners(true);
        final HelloEncoder.SitesEncoder sites = hello.sitesCount(ownSites.length);
        for (final long site : ownSites) {
            sites.next().site().high(0).low(site);
        }
        hello.client("test").token(token);
        return cut(buffer, hello.encodedLength());
    }

    public static byte[] open(final long requestId, final String name, final boolean create) {
        return open(requestId, name, create, KeyForm.TYPED);
    }

    public static byte[] open(final long requestId, final String name, final boolean create, final KeyForm keyForm) {
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        final OpenDatabaseEncoder open = new OpenDatabaseEncoder()
                .wrapAndApplyHeader(buffer, 0, HEADER)
                .requestId(requestId)
                .rowPolicy(RowPolicy.LAST_WRITER_WINS)
                .keyForm(keyForm)
                .maxDriftMs(0);
        open.flags().clear().create(create);
        open.name(name);
        return cut(buffer, open.encodedLength());
    }

    public static byte[] submit(final long requestId, final long site, final long wall, final int row) {
        return submit(requestId, site, wall, row, 0);
    }

    public static byte[] submit(
            final long requestId, final long site, final long wall, final int row, final int padding) {
        final TestCommands commands = new TestCommands().changeSet(requestId, site, wall, row, padding);
        final byte[] bytes = new byte[commands.length()];
        commands.buffer().getBytes(0, bytes);
        return bytes;
    }

    public static byte[] subscribe(
            final long requestId, final long sequence, final long creditBytes, final boolean excludeOwn) {
        return subscribe(requestId, sequence, creditBytes, excludeOwn, false, 0, 0, 0);
    }

    public static byte[] subscribe(
            final long requestId,
            final long sequence,
            final long creditBytes,
            final boolean excludeOwn,
            final boolean verified,
            final long high,
            final long low,
            final long check,
            final Filter... filters) {
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        final SubscribeEncoder subscribe = new SubscribeEncoder()
                .wrapAndApplyHeader(buffer, 0, HEADER)
                .requestId(requestId)
                .sequence(sequence)
                .check(check)
                .creditBytes(creditBytes);
        subscribe.flags().clear().excludeOwn(excludeOwn).verified(verified);
        subscribe.incarnation().high(high).low(low);
        final SubscribeEncoder.FiltersEncoder group = subscribe.filtersCount(filters.length);
        for (final Filter filter : filters) {
            group.next().table(filter.table()).putKeyPrefix(filter.keyPrefix(), 0, filter.keyPrefix().length);
        }
        return cut(buffer, subscribe.encodedLength());
    }

    public static byte[] subscribe(
            final long requestId, final long sequence, final long creditBytes, final Filter... filters) {
        return subscribe(requestId, sequence, creditBytes, false, false, 0, 0, 0, filters);
    }

    public static byte[] changeSubscription(final long requestId, final Filter... filters) {
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        final ChangeSubscriptionEncoder change = new ChangeSubscriptionEncoder()
                .wrapAndApplyHeader(buffer, 0, HEADER)
                .requestId(requestId);
        final ChangeSubscriptionEncoder.FiltersEncoder group = change.filtersCount(filters.length);
        for (final Filter filter : filters) {
            group.next().table(filter.table()).putKeyPrefix(filter.keyPrefix(), 0, filter.keyPrefix().length);
        }
        return cut(buffer, change.encodedLength());
    }

    /** The same message as a client of version 0 says it: without filters, which must be the last four bytes. */
    public static byte[] ofVersion0(final byte[] message) {
        final byte[] older = Arrays.copyOf(message, message.length - 4);
        HEADER.wrap(new UnsafeBuffer(older), 0).version(0);
        return older;
    }

    /** A glob of tables and the first parts of a key. */
    public record Filter(String table, byte[] keyPrefix) {
        public static Filter of(final String table, final long... parts) {
            final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
            int length = 0;
            for (final long part : parts) {
                length += ValueWriter.putInteger(buffer, length, part);
            }
            return new Filter(table, Arrays.copyOf(buffer.byteArray(), length));
        }
    }

    public static byte[] credit(final long bytes) {
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        return cut(
                buffer,
                new CreditGrantEncoder()
                        .wrapAndApplyHeader(buffer, 0, HEADER)
                        .bytes(bytes)
                        .encodedLength());
    }

    public static byte[] ack(final long sequence) {
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        return cut(
                buffer,
                new CursorAckEncoder()
                        .wrapAndApplyHeader(buffer, 0, HEADER)
                        .sequence(sequence)
                        .encodedLength());
    }

    public static byte[] unsubscribe(final long requestId) {
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        return cut(
                buffer,
                new UnsubscribeEncoder()
                        .wrapAndApplyHeader(buffer, 0, HEADER)
                        .requestId(requestId)
                        .encodedLength());
    }

    public static byte[] heartbeat(final long nonce, final boolean reply) {
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        return cut(
                buffer,
                new HeartbeatEncoder()
                        .wrapAndApplyHeader(buffer, 0, HEADER)
                        .nonce(nonce)
                        .reply((short) (reply ? 1 : 0))
                        .encodedLength());
    }

    public static byte[] close(final long requestId) {
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        return cut(
                buffer,
                new CloseEncoder()
                        .wrapAndApplyHeader(buffer, 0, HEADER)
                        .requestId(requestId)
                        .encodedLength());
    }

    public static byte[] refresh(final long requestId, final String token) {
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        return cut(
                buffer,
                new RefreshTokenEncoder()
                        .wrapAndApplyHeader(buffer, 0, HEADER)
                        .requestId(requestId)
                        .token(token)
                        .encodedLength());
    }

    public static byte[] readState(final long requestId) {
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        final ReadStateEncoder read = new ReadStateEncoder()
                .wrapAndApplyHeader(buffer, 0, HEADER)
                .requestId(requestId)
                .row(0)
                .pageBytesMax(4_096);
        read.filtersCount(0);
        read.putWithin(new byte[0], 0, 0);
        return cut(buffer, read.encodedLength());
    }

    public static byte[] readStatus(final long requestId) {
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        return cut(
                buffer,
                new ReadStatusEncoder()
                        .wrapAndApplyHeader(buffer, 0, HEADER)
                        .requestId(requestId)
                        .encodedLength());
    }

    public static byte[] readDatabases(final long requestId) {
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        return cut(
                buffer,
                new ReadDatabasesEncoder()
                        .wrapAndApplyHeader(buffer, 0, HEADER)
                        .requestId(requestId)
                        .firstId(0)
                        .encodedLength());
    }

    public static byte[] prune(final long requestId) {
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        return cut(
                buffer,
                new PruneEncoder()
                        .wrapAndApplyHeader(buffer, 0, HEADER)
                        .requestId(requestId)
                        .horizonMs(0)
                        .encodedLength());
    }
}
