package io.lockstep.engine.record;

import java.util.UUID;

/**
 * A journal's random identity: part of cursors, key of the digests and of the hash chain.
 *
 * @param high first eight bytes, big-endian
 * @param low last eight bytes, big-endian
 */
public record Incarnation(long high, long low) {
    @Override
    public String toString() {
        return new UUID(high, low).toString();
    }
}
