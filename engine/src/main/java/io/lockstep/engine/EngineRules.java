package io.lockstep.engine;

import io.lockstep.codec.Durability;
import io.lockstep.engine.port.SnapshotPort;
import org.agrona.BitUtil;

/** What must hold for the settings of an {@link EngineContext}; every refusal names the settings and their values. */
final class EngineRules {
    private EngineRules() {}

    static void requireComplete(final EngineContext context) {
        require(context.decider() != null, "arbiter must be set");
        require(context.journal() != null, "journal must be set");
        require(context.recovered() != null, "recovered must be set");
        require(context.egress() != null, "egress must be set");
        require(context.fatalHandler() != null, "fatalHandler must be set");
    }

    static void check(final EngineContext context) {
        require(
                context.durability() == Durability.JOURNALED || context.durability() == Durability.SYNCED,
                "one node can promise JOURNALED or SYNCED: durability=" + context.durability());
        require(
                context.recovered().lastPosition() == context.journal().writtenPosition(),
                "the engine must go on where the journal ended: lastPosition="
                        + context.recovered().lastPosition() + ", writtenPosition="
                        + context.journal().writtenPosition());
        require(
                BitUtil.isPowerOfTwo(context.ringSlots()),
                "ringSlots must be a power of two: ringSlots=" + context.ringSlots());
        require(context.batchSlots() >= 1, "batchSlots must be at least 1: batchSlots=" + context.batchSlots());
        requireRing("commandRingBytes", context.commandRingBytes(), "commandBytesMax", context.commandBytesMax());
        requireRing(
                "recordRingBytes",
                context.recordRingBytes(),
                "outBytesMax",
                context.decider().outBytesMax());
        require(
                context.snapshots() == SnapshotPort.NONE || context.arbiter() != null,
                "arbiter must be set where snapshots are");
    }

    private static void requireRing(
            final String ring, final int ringBytes, final String claim, final int claimBytesMax) {
        require(
                BitUtil.isPowerOfTwo(ringBytes) && (long) claimBytesMax * EngineLimits.CLAIMS_IN_RING_MIN <= ringBytes,
                ring + " must be a power of two of at least " + EngineLimits.CLAIMS_IN_RING_MIN + " * " + claim + ": "
                        + ring + "=" + ringBytes + ", " + claim + "=" + claimBytesMax);
    }

    private static void require(final boolean holds, final String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
