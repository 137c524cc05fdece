package io.lockstep.client.wire;

import io.lockstep.client.model.Site;
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
import io.lockstep.codec.ReadStatusEncoder;
import io.lockstep.codec.RefreshTokenEncoder;
import io.lockstep.codec.RowPolicy;
import io.lockstep.codec.UnsubscribeEncoder;
import io.lockstep.codec.frame.FrameLimits;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.agrona.DirectBuffer;

/**
 * Typed calls in, frames into the outbound buffer. Every method answers false where there is no room until something was
 * written. One thread.
 */
public final class MessagePublisher {
    /** The oldest version that the client speaks. */
    public static final int VERSION_MIN = 0;

    private static final int CONTROL_BYTES_MAX = 256;

    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final HelloEncoder hello = new HelloEncoder();
    private final OpenDatabaseEncoder openDatabase = new OpenDatabaseEncoder();
    private final HeartbeatEncoder heartbeat = new HeartbeatEncoder();
    private final CloseEncoder close = new CloseEncoder();
    private final RefreshTokenEncoder refreshToken = new RefreshTokenEncoder();
    private final UnsubscribeEncoder unsubscribe = new UnsubscribeEncoder();
    private final CursorAckEncoder cursorAck = new CursorAckEncoder();
    private final CreditGrantEncoder creditGrant = new CreditGrantEncoder();
    private final ReadStatusEncoder readStatus = new ReadStatusEncoder();
    private final PruneEncoder prune = new PruneEncoder();
    private final ReadDatabasesEncoder readDatabases = new ReadDatabasesEncoder();
    private final OutboundBuffer out;
    private final FilterPublisher filtered;
    private final UploadPublisher uploads;

    /**
     * A publisher.
     *
     * @param out gets the frames
     */
    public MessagePublisher(final OutboundBuffer out) {
        this.out = out;
        filtered = new FilterPublisher(out);
        uploads = new UploadPublisher(out);
    }

    /**
     * Publishes what may carry filters.
     *
     * @return into the same buffer
     */
    public FilterPublisher filtered() {
        return filtered;
    }

    /**
     * Publishes change sets in parts.
     *
     * @return into the same buffer
     */
    public UploadPublisher uploads() {
        return uploads;
    }

    /**
     * The first message.
     *
     * @param heartbeatMs asked for, 0 leaves it to the node
     * @param sites the session's own
     * @param client name and version
     * @param token empty for none
     * @return false if there is no room
     */
    public boolean hello(final long heartbeatMs, final List<Site> sites, final String client, final String token) {
        final int at = out.claim(FrameLimits.UNAUTHENTICATED_FRAME_BYTES_MAX);
        if (at < 0) {
            return false;
        }
        hello.wrapAndApplyHeader(out.buffer(), at, header)
                .versionMin(VERSION_MIN)
                .versionMax(HelloEncoder.SCHEMA_VERSION)
                .heartbeatMs(heartbeatMs);
        hello.features().clear().winners(true);
        final HelloEncoder.SitesEncoder group = hello.sitesCount(sites.size());
        for (final Site site : sites) {
            group.next().site().high(site.high()).low(site.low());
        }
        final byte[] name = client.getBytes(StandardCharsets.UTF_8);
        final byte[] secret = token.getBytes(StandardCharsets.UTF_8);
        hello.putClient(name, 0, name.length).putToken(secret, 0, secret.length);
        return commit(hello.encodedLength());
    }

    /**
     * Binds the session to its database.
     *
     * @param requestId echoed
     * @param name of the database
     * @param create whether to make it
     * @param rowPolicy with create
     * @param keyForm with create
     * @param maxDriftMs with create, 0 for the default
     * @return false if there is no room
     */
    public boolean openDatabase(
            final long requestId,
            final String name,
            final boolean create,
            final RowPolicy rowPolicy,
            final KeyForm keyForm,
            final long maxDriftMs) {
        final int at = out.claim(CONTROL_BYTES_MAX);
        if (at < 0) {
            return false;
        }
        openDatabase
                .wrapAndApplyHeader(out.buffer(), at, header)
                .requestId(requestId)
                .rowPolicy(rowPolicy)
                .keyForm(keyForm)
                .maxDriftMs(maxDriftMs);
        openDatabase.flags().clear().create(create);
        final byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        openDatabase.putName(bytes, 0, bytes.length);
        return commit(openDatabase.encodedLength());
    }

    /**
     * I am here.
     *
     * @param nonce echoed, or the echo
     * @param reply whether this is the echo
     * @return false if there is no room
     */
    public boolean heartbeat(final long nonce, final boolean reply) {
        final int at = out.claim(CONTROL_BYTES_MAX);
        if (at < 0) {
            return false;
        }
        heartbeat.wrapAndApplyHeader(out.buffer(), at, header).nonce(nonce).reply((short) (reply ? 1 : 0));
        return commit(heartbeat.encodedLength());
    }

    /**
     * No more requests.
     *
     * @param requestId echoed
     * @return false if there is no room
     */
    public boolean close(final long requestId) {
        final int at = out.claim(CONTROL_BYTES_MAX);
        if (at < 0) {
            return false;
        }
        close.wrapAndApplyHeader(out.buffer(), at, header).requestId(requestId);
        return commit(close.encodedLength());
    }

    /**
     * Replaces the token.
     *
     * @param requestId echoed
     * @param token the new one
     * @return false if there is no room
     */
    public boolean refreshToken(final long requestId, final String token) {
        final byte[] bytes = token.getBytes(StandardCharsets.UTF_8);
        final int at = out.claim(CONTROL_BYTES_MAX + bytes.length);
        if (at < 0) {
            return false;
        }
        refreshToken
                .wrapAndApplyHeader(out.buffer(), at, header)
                .requestId(requestId)
                .putToken(bytes, 0, bytes.length);
        return commit(refreshToken.encodedLength());
    }

    /**
     * Ends the subscription.
     *
     * @param requestId echoed
     * @return false if there is no room
     */
    public boolean unsubscribe(final long requestId) {
        final int at = out.claim(CONTROL_BYTES_MAX);
        if (at < 0) {
            return false;
        }
        unsubscribe.wrapAndApplyHeader(out.buffer(), at, header).requestId(requestId);
        return commit(unsubscribe.encodedLength());
    }

    /**
     * Everything up to here is kept.
     *
     * @param sequence the cursor
     * @return false if there is no room
     */
    public boolean cursorAck(final long sequence) {
        final int at = out.claim(CONTROL_BYTES_MAX);
        if (at < 0) {
            return false;
        }
        cursorAck.wrapAndApplyHeader(out.buffer(), at, header).sequence(sequence);
        return commit(cursorAck.encodedLength());
    }

    /**
     * Adds to the credit.
     *
     * @param bytes above 0
     * @return false if there is no room
     */
    public boolean creditGrant(final long bytes) {
        final int at = out.claim(CONTROL_BYTES_MAX);
        if (at < 0) {
            return false;
        }
        creditGrant.wrapAndApplyHeader(out.buffer(), at, header).bytes(bytes);
        return commit(creditGrant.encodedLength());
    }

    /**
     * Asks how the node is.
     *
     * @param requestId echoed
     * @return false if there is no room
     */
    public boolean readStatus(final long requestId) {
        final int at = out.claim(CONTROL_BYTES_MAX);
        if (at < 0) {
            return false;
        }
        readStatus.wrapAndApplyHeader(out.buffer(), at, header).requestId(requestId);
        return commit(readStatus.encodedLength());
    }

    /**
     * Prunes the database.
     *
     * @param requestId echoed
     * @param horizonMs at least 0
     * @return false if there is no room
     */
    public boolean prune(final long requestId, final long horizonMs) {
        final int at = out.claim(CONTROL_BYTES_MAX);
        if (at < 0) {
            return false;
        }
        prune.wrapAndApplyHeader(out.buffer(), at, header).requestId(requestId).horizonMs(horizonMs);
        return commit(prune.encodedLength());
    }

    /**
     * Asks which databases there are.
     *
     * @param requestId echoed
     * @param firstId of this number and higher ones
     * @return false if there is no room
     */
    public boolean readDatabases(final long requestId, final long firstId) {
        final int at = out.claim(CONTROL_BYTES_MAX);
        if (at < 0) {
            return false;
        }
        readDatabases
                .wrapAndApplyHeader(out.buffer(), at, header)
                .requestId(requestId)
                .firstId(firstId);
        return commit(readDatabases.encodedLength());
    }

    /**
     * A message that is encoded already.
     *
     * @param source holds it
     * @param offset of its message header
     * @param length bytes
     * @return false if there is no room
     */
    public boolean encoded(final DirectBuffer source, final int offset, final int length) {
        final int at = out.claim(length);
        if (at < 0) {
            return false;
        }
        out.buffer().putBytes(at, source, offset, length);
        out.commit(length);
        return true;
    }

    private boolean commit(final int encodedLength) {
        out.commit(MessageHeaderEncoder.ENCODED_LENGTH + encodedLength);
        return true;
    }
}
