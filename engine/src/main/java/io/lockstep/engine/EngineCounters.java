package io.lockstep.engine;

import io.lockstep.engine.ring.CommandRing;
import io.lockstep.engine.ring.IngressPublisher;
import io.lockstep.engine.stage.ArbitrateStage;
import io.lockstep.engine.stage.ResidencyStage;
import io.lockstep.engine.stage.SnapshotStage;

/** How far an engine has come, since its start. Any thread; the values are of slightly different moments. */
public final class EngineCounters {
    private final CommandRing ring;
    private final IngressPublisher publisher;
    private final ArbitrateStage arbitrate;
    private final SnapshotStage snapshots;
    private final ResidencyStage residency;

    /** The stages of snapshots and of databases in memory may be null. */
    EngineCounters(
            final CommandRing ring,
            final IngressPublisher publisher,
            final ArbitrateStage arbitrate,
            final SnapshotStage snapshots,
            final ResidencyStage residency) {
        this.ring = ring;
        this.publisher = publisher;
        this.arbitrate = arbitrate;
        this.snapshots = snapshots;
        this.residency = residency;
    }

    /**
     * Databases in memory, and those that left and came back.
     *
     * @return null for an engine without snapshots, where all of them stay
     */
    public ResidencyStage residency() {
        return residency;
    }

    /**
     * Commands taken into the ring.
     *
     * @return a count
     */
    public long published() {
        return ring.published() + 1;
    }

    /**
     * Commands decided.
     *
     * @return a count
     */
    public long arbitrated() {
        return ring.arbitrate().sequence() + 1;
    }

    /**
     * Commands that the journal stage has passed.
     *
     * @return a count
     */
    public long journaled() {
        return ring.journal().sequence() + 1;
    }

    /**
     * Commands whose answers may leave.
     *
     * @return a count
     */
    public long committed() {
        return ring.gate().sequence() + 1;
    }

    /**
     * Commands handed to the transports.
     *
     * @return a count
     */
    public long delivered() {
        return ring.egress().sequence() + 1;
    }

    /**
     * Slots of the ring that are free.
     *
     * @return a count
     */
    public long ringFreeSlots() {
        return ring.freeSlots();
    }

    /**
     * Bytes of commands in flight, skipped ends included.
     *
     * @return bytes
     */
    public int commandBytesInFlight() {
        return ring.commands().inFlightBytes();
    }

    /**
     * Bytes of records and answers in flight, skipped ends included.
     *
     * @return bytes
     */
    public int recordBytesInFlight() {
        return ring.records().inFlightBytes();
    }

    /**
     * Commands that were not taken because the ring was full.
     *
     * @return a count
     */
    public long ringFullRefusals() {
        return publisher.refused();
    }

    /**
     * Change sets refused because a node died over them.
     *
     * @return a count
     */
    public long poisonRefusals() {
        return arbitrate.refusedSets();
    }

    /**
     * Exceptions while arbitration looked ahead at a batch: bugs, that change no decision.
     *
     * @return a count
     */
    public long lookAheadFailures() {
        return arbitrate.aheadFailures();
    }

    /**
     * Duty cycles in which arbitration waited for egress to give bytes back.
     *
     * @return a count
     */
    public long arbitrationWaits() {
        return arbitrate.waits();
    }

    /**
     * Slices in which the state was walked for snapshots.
     *
     * @return a count
     */
    public long snapshotSlices() {
        return snapshots == null ? 0 : snapshots.slices();
    }

    /**
     * Those of them that held up commands for more than a millisecond.
     *
     * @return a count
     */
    public long snapshotSlowSlices() {
        return snapshots == null ? 0 : snapshots.slowSlices();
    }

    /**
     * The longest of them.
     *
     * @return nanoseconds
     */
    public long snapshotSliceNsMax() {
        return snapshots == null ? 0 : snapshots.sliceNsMax();
    }
}
