package io.lockstep.gateway.session;

import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.HelloDecoder;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.UuidDecoder;
import io.lockstep.gateway.auth.Authenticator;
import io.lockstep.gateway.auth.Grant;
import io.lockstep.gateway.limits.SessionLimit;
import io.lockstep.gateway.limits.SessionLimits;
import io.lockstep.gateway.session.SessionPublisher.Refusal;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Reads a Hello: version, own sites, heartbeat, token. Says either who it is or why not. Thread of the transports. */
final class HelloAdapter {
    /** The oldest schema version that this node speaks. */
    static final int VERSION_MIN = 0;

    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final HelloDecoder hello = new HelloDecoder();
    private final UnsafeBuffer token = new UnsafeBuffer(0, 0);
    private final Authenticator authenticator;
    private final SessionLimits limits;

    private int version;
    private boolean winners;
    private int heartbeatMs;
    private long[] ownSites;
    private Grant grant;

    HelloAdapter(final Authenticator authenticator, final SessionLimits limits) {
        this.authenticator = authenticator;
        this.limits = limits;
    }

    /** Null if the client is known; its terms are in the accessors until the next call. */
    Refusal onHello(final DirectBuffer buffer, final int offset, final long nowMs) {
        hello.wrapAndApplyHeader(buffer, offset, header);
        final int versionMin = hello.versionMin();
        final int versionMax = hello.versionMax();
        version = Math.min(versionMax, HelloDecoder.SCHEMA_VERSION);
        if (versionMin > versionMax || version < Math.max(versionMin, VERSION_MIN)) {
            return Refusal.limit(
                    ErrorCode.VERSION_UNSUPPORTED,
                    HelloDecoder.SCHEMA_VERSION,
                    versionMin,
                    "no version in common: node=" + VERSION_MIN + ".." + HelloDecoder.SCHEMA_VERSION + ", client="
                            + versionMin + ".." + versionMax);
        }
        winners = hello.features().winners();
        heartbeatMs = heartbeatMs(hello.heartbeatMs());
        final HelloDecoder.SitesDecoder sites = hello.sites();
        final int sitesMax = limits.intValue(SessionLimit.OWN_SITES_MAX);
        if (sites.count() > sitesMax) {
            return Refusal.limit(
                    ErrorCode.MALFORMED_FRAME,
                    sitesMax,
                    sites.count(),
                    "too many sites: ownSitesMax=" + sitesMax + ", sites=" + sites.count());
        }
        ownSites = new long[sites.count() * 2];
        for (int i = 0; i < ownSites.length; i += 2) {
            final UuidDecoder site = sites.next().site();
            ownSites[i] = site.high();
            ownSites[i + 1] = site.low();
        }
        hello.skipClient();
        hello.wrapToken(token);
        grant = authenticator.authenticate(token, 0, token.capacity(), nowMs);
        token.wrap(0, 0);
        return grant == null ? Refusal.of(ErrorCode.AUTHENTICATION_FAILED, "the token is not known here") : null;
    }

    private int heartbeatMs(final long wanted) {
        final int usual = limits.intValue(SessionLimit.HEARTBEAT_MS);
        return wanted == 0
                ? usual
                : (int) Math.min(usual, Math.max(wanted, limits.intValue(SessionLimit.HEARTBEAT_MS_MIN)));
    }

    int version() {
        return version;
    }

    boolean winners() {
        return winners;
    }

    int heartbeatMs() {
        return heartbeatMs;
    }

    /** Pairs of (high, low); a new array each time. */
    long[] ownSites() {
        return ownSites;
    }

    Grant grant() {
        return grant;
    }
}
