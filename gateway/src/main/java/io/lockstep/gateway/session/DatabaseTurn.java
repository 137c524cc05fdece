package io.lockstep.gateway.session;

import io.lockstep.gateway.limits.SessionLimit;
import io.lockstep.gateway.limits.SessionLimits;

/**
 * What the sessions of one database may take of what all share: of the thread of the transports so many bytes of frames in
 * a round (deficit round robin: a frame larger than what is left passes, and the rounds after it pay), and of the ring so
 * many unanswered requests. Sessions over it are not read until the next round, or an answer. One thread.
 */
final class DatabaseTurn extends Line {
    /** What the smallest frame counts: looking at one costs as much as copying so many bytes. */
    static final int FRAME_BYTES_LEAST = 256;

    private final Turns turns;
    private final int bytesOfTurn;
    private final int inFlightMax;
    private long round;
    private long bytesLeft;
    private int inFlight;
    private boolean held;

    DatabaseTurn(final Turns turns, final SessionLimits limits) {
        this.turns = turns;
        bytesOfTurn = limits.intValue(SessionLimit.DATABASE_TURN_BYTES);
        inFlightMax = limits.intValue(SessionLimit.DATABASE_IN_FLIGHT_MAX);
        bytesLeft = bytesOfTurn;
        round = turns.number();
    }

    /** Returns false when the session has to stand in line. */
    boolean tryTake(final Waiter waiter, final int length) {
        if (!hasRoom() || !turns.mayPass(this, waiter)) {
            return false;
        }
        bytesLeft -= Math.max(length, FRAME_BYTES_LEAST);
        return true;
    }

    @Override
    boolean mayGoOn(final Waiter head, final long nowNs) {
        return hasRoom();
    }

    private boolean hasRoom() {
        final long rounds = turns.number() - round;
        if (rounds > 0) {
            round += rounds;
            bytesLeft =
                    rounds > Integer.MAX_VALUE ? bytesOfTurn : Math.min(bytesLeft + rounds * bytesOfTurn, bytesOfTurn);
        }
        return !held && bytesLeft > 0 && (inFlightMax == 0 || inFlight < inFlightMax);
    }

    /** Whether nobody has a turn, because a large change set of the database is being decided. */
    void hold(final boolean newHeld) {
        held = newHeld;
    }

    boolean isHeld() {
        return held;
    }

    void published() {
        inFlight++;
    }

    void answered() {
        inFlight--;
    }

    /** Requests in the ring. */
    int inFlight() {
        return inFlight;
    }
}
