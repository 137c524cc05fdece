package io.lockstep.engine.recovery;

import io.lockstep.engine.record.Incarnation;
import io.lockstep.engine.record.SealDigest;

/**
 * Where a journal ended, and so where a node goes on.
 *
 * @param incarnation the journal's identity
 * @param lastPosition of the last record, at least 1: a journal begins with its genesis
 * @param lastHash of the last record
 * @param epoch of the last record
 * @param lastStampedTimeMs of the last record, milliseconds since 1970
 * @param sealedThrough last position covered by a seal, 0 if there is none
 * @param sealDigest over the records since the last seal; belongs to whoever appends
 */
public record RecoveredState(
        Incarnation incarnation,
        long lastPosition,
        long lastHash,
        long epoch,
        long lastStampedTimeMs,
        long sealedThrough,
        SealDigest sealDigest) {}
