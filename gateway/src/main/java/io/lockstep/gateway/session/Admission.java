package io.lockstep.gateway.session;

import io.lockstep.engine.command.IngressCommand;
import io.lockstep.engine.port.IngressPort;
import io.lockstep.gateway.limits.GatewayCounter;
import io.lockstep.gateway.limits.GatewayCounters;
import java.util.ArrayDeque;
import org.agrona.DirectBuffer;

/**
 * The door to the ring. When the ring is full, sessions queue, first come first served, each with the one frame that it
 * could not hand over, and are not read meanwhile; nobody overtakes. Thread of the transports.
 */
final class Admission {
    /** What a session may hand over in its turn while others wait. */
    private static final int FRAMES_IN_TURN_MAX = 64;

    private final IngressPort ingress;
    private final GatewayCounters counters;
    private final ArrayDeque<Session> waiting = new ArrayDeque<>();
    private Session resumed;
    private int publishedInTurn;
    private boolean stillFull;

    Admission(final IngressPort ingress, final GatewayCounters counters) {
        this.ingress = ingress;
        this.counters = counters;
    }

    /** Returns false if the session now waits: {@link Wire#resume()} is called when it may try again. */
    boolean tryPublish(
            final Session session,
            final IngressCommand command,
            final DirectBuffer buffer,
            final int offset,
            final int length) {
        final boolean inTurn = session == resumed;
        final boolean mayTry = waiting.isEmpty() || (inTurn && publishedInTurn < FRAMES_IN_TURN_MAX);
        if (mayTry && ingress.tryPublish(command, buffer, offset, length)) {
            publishedInTurn++;
            counters.increment(GatewayCounter.COMMANDS);
            return true;
        }
        if (inTurn && publishedInTurn == 0) {
            waiting.addFirst(session);
            stillFull = true;
        } else {
            waiting.addLast(session);
            counters.increment(GatewayCounter.RING_FULL);
        }
        counters.increment(GatewayCounter.WAITING_FOR_RING);
        return false;
    }

    /** Lets those that wait try again, in turn, until the ring is full or everyone had a turn. */
    int resumeWaiting() {
        int turns = waiting.size();
        int work = 0;
        stillFull = false;
        while (turns-- > 0 && !waiting.isEmpty() && !stillFull) {
            resumed = waiting.pollFirst();
            publishedInTurn = 0;
            counters.decrement(GatewayCounter.WAITING_FOR_RING);
            resumed.onTurn();
            work += publishedInTurn;
        }
        resumed = null;
        return work;
    }

    void forget(final Session session) {
        if (waiting.remove(session)) {
            counters.decrement(GatewayCounter.WAITING_FOR_RING);
        }
    }
}
