package io.lockstep.gateway.session;

import io.lockstep.codec.frame.FrameLimits;
import io.lockstep.engine.port.IngressPort;
import io.lockstep.gateway.auth.Authenticator;
import io.lockstep.gateway.limits.GatewayCounters;
import io.lockstep.gateway.limits.SessionLimits;

/**
 * What every session shares.
 *
 * @param ingress takes commands
 * @param authenticator tells who a client is
 * @param limits of sessions, concluded
 * @param frameLimits of frames
 * @param identity what the node says of itself
 * @param statusSource tells how the node is
 * @param space how much room the journal has
 * @param counters where to count
 * @param log where to tell
 */
public record SessionContext(
        IngressPort ingress,
        Authenticator authenticator,
        SessionLimits limits,
        FrameLimits frameLimits,
        NodeIdentity identity,
        StatusSource statusSource,
        SpaceSource space,
        GatewayCounters counters,
        GatewayLog log) {}
