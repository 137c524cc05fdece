package io.lockstep.client;

import io.lockstep.client.model.Site;
import io.lockstep.codec.Durability;
import io.lockstep.codec.NodeRole;
import io.lockstep.codec.WelcomeDecoder;

/**
 * What the node said in its welcome. Immutable.
 *
 * @param version schema version of the connection
 * @param role what the node is
 * @param durability what an answer promises
 * @param features feature bits in force
 * @param sessionId the node's number for the session
 * @param serverTimeMs the node's ingress clock, milliseconds since 1970
 * @param epoch the node's epoch
 * @param incarnation the journal's identity and the key of the digests
 * @param limits what the session may do
 * @param heartbeatMs each side sends something at least this often
 * @param heartbeatTimeoutMs each side closes after hearing nothing for this long
 * @param tokenExpiresMs milliseconds since 1970, 0 never
 * @param server name and version of the node
 */
public record SessionInfo(
        int version,
        NodeRole role,
        Durability durability,
        long features,
        long sessionId,
        long serverTimeMs,
        long epoch,
        Site incarnation,
        Limits limits,
        long heartbeatMs,
        long heartbeatTimeoutMs,
        long tokenExpiresMs,
        String server) {
    /**
     * Limits of a session.
     *
     * @param frameBytesMax largest frame, framing header included
     * @param changesMax most changes and migrations of one change set
     * @param inFlightMax most unanswered submissions
     * @param bytesPerSecondMax 0 is no limit
     * @param messagesPerSecondMax 0 is no limit
     * @param uploadBytesMax largest change set that is sent in parts, 0 if none is
     * @param uploadChangesMax most changes and migrations of one that is sent in parts
     */
    public record Limits(
            long frameBytesMax,
            long changesMax,
            long inFlightMax,
            long bytesPerSecondMax,
            long messagesPerSecondMax,
            long uploadBytesMax,
            long uploadChangesMax) {}

    static SessionInfo decode(final WelcomeDecoder decoder) {
        return new SessionInfo(
                decoder.version(),
                decoder.role(),
                decoder.durability(),
                decoder.features().getRaw(),
                decoder.sessionId(),
                decoder.serverTimeMs(),
                decoder.epoch(),
                new Site(decoder.incarnation().high(), decoder.incarnation().low()),
                new Limits(
                        decoder.frameBytesMax(),
                        decoder.changesMax(),
                        decoder.inFlightMax(),
                        decoder.bytesPerSecondMax(),
                        decoder.messagesPerSecondMax(),
                        orNone(decoder.uploadBytesMax(), WelcomeDecoder.uploadBytesMaxNullValue()),
                        orNone(decoder.uploadChangesMax(), WelcomeDecoder.uploadChangesMaxNullValue())),
                decoder.heartbeatMs(),
                decoder.heartbeatTimeoutMs(),
                decoder.tokenExpiresMs(),
                decoder.server());
    }

    /** A node of version 0 says nothing. */
    private static long orNone(final long value, final long nullValue) {
        return value == nullValue ? 0 : value;
    }
}
