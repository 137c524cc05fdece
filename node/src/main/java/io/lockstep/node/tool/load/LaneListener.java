package io.lockstep.node.tool.load;

import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.model.SubmitOutcome;

/** What a lane tells. Called on the thread that polls it. */
interface LaneListener {
    /**
     * The database was not there, and opening made it.
     *
     * @param database its name
     */
    void onCreated(String database);

    /**
     * A change set was arbitrated.
     *
     * @param set what was sent
     * @param outcome what became of it
     */
    void onOutcome(ChangeSet set, SubmitOutcome outcome);

    /**
     * A change set was refused before arbitration.
     *
     * @param set what was to be sent
     * @param code of the refusal
     * @param text for people
     */
    void onRefused(ChangeSet set, int code, String text);

    /**
     * The node refuses for now; the lane tries again.
     *
     * @param code of the refusal
     */
    void onHeldUp(int code);

    /**
     * The connection ended or could not be made; the lane tries again.
     *
     * @param reason for people
     */
    void onLost(String reason);
}
