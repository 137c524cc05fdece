package io.lockstep.gateway.session;

import io.lockstep.codec.Durability;
import io.lockstep.codec.NodeRole;
import java.util.function.LongSupplier;

/**
 * What a node says of itself in Welcome.
 *
 * @param incarnationHigh first eight bytes of the journal's identity
 * @param incarnationLow last eight bytes of it
 * @param epoch the epoch in force; read by the thread of the transports
 * @param durability what an answer promises
 * @param role what the node is
 * @param server name and version, at most 255 bytes
 */
public record NodeIdentity(
        long incarnationHigh,
        long incarnationLow,
        LongSupplier epoch,
        Durability durability,
        NodeRole role,
        String server) {}
