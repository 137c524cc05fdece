package io.lockstep.engine.stage;

import io.lockstep.engine.port.EgressPort;
import io.lockstep.engine.ring.ByteRing;
import io.lockstep.engine.ring.CommandRing;
import io.lockstep.engine.ring.CommandSlot;
import io.lockstep.engine.ring.SlotHandler;
import io.lockstep.engine.ring.SlotPoller;
import org.agrona.concurrent.Agent;

/** Last stage: hands committed slots to the transports and gives their bytes back. Runs where the transports run. */
public final class EgressStage implements Agent, SlotHandler {
    private final SlotPoller poller;
    private final ByteRing records;
    private final EgressPort egress;
    private final int slotsMax;
    private long passedRecords;

    /**
     * A stage.
     *
     * @param ring to work on
     * @param egress gets the slots
     * @param slotsMax most slots of one duty cycle
     */
    public EgressStage(final CommandRing ring, final EgressPort egress, final int slotsMax) {
        this.poller = ring.egress();
        this.records = ring.records();
        this.egress = egress;
        this.slotsMax = slotsMax;
    }

    @Override
    public int doWork() {
        final int taken = poller.poll(this, slotsMax);
        if (taken > 0) {
            records.free(passedRecords);
            egress.onBatchEnd();
        }
        return taken;
    }

    @Override
    public boolean onSlot(final CommandSlot slot) {
        egress.onCommitted(slot);
        passedRecords = slot.recordEnd();
        return true;
    }

    @Override
    public String roleName() {
        return "egress";
    }
}
