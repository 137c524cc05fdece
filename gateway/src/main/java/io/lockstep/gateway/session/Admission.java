package io.lockstep.gateway.session;

import io.lockstep.engine.command.IngressCommand;
import io.lockstep.engine.port.IngressPort;
import io.lockstep.gateway.limits.GatewayCounter;
import io.lockstep.gateway.limits.GatewayCounters;
import java.util.ArrayDeque;
import org.agrona.DirectBuffer;

/**
 * The door to the ring. When the ring is full, sessions queue, each with the one frame that it could not hand over, and are
 * not read meanwhile: the databases in turn, and within a database first come, first served; nobody overtakes. Thread of the
 * transports.
 */
final class Admission {
    /** What a session may hand over in its turn while others wait, counted as {@link DatabaseTurn} does. */
    private static final int BYTES_IN_TURN_MAX = 64 * DatabaseTurn.FRAME_BYTES_LEAST;

    private final IngressPort ingress;
    private final GatewayCounters counters;
    private final ArrayDeque<Line> lines = new ArrayDeque<>();
    private final Line withoutDatabase = new RingLine();
    private Session resumed;
    private int waiting;
    private int publishedInTurn;
    private int bytesInTurn;
    private boolean stillFull;

    /** Of one database. */
    static final class RingLine extends Line {
        @Override
        boolean mayGoOn(final Waiter head, final long nowNs) {
            return true;
        }
    }

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
        final boolean mayTry = waiting == 0 || (inTurn && bytesInTurn < BYTES_IN_TURN_MAX);
        if (mayTry && ingress.tryPublish(command, buffer, offset, length)) {
            publishedInTurn++;
            bytesInTurn += Math.max(length, DatabaseTurn.FRAME_BYTES_LEAST);
            counters.increment(GatewayCounter.COMMANDS);
            return true;
        }
        final Line line =
                session.feed() == null ? withoutDatabase : session.feed().ringLine();
        stillFull = inTurn && publishedInTurn == 0;
        if (stillFull) {
            line.addFirst(session);
        } else {
            line.addLast(session);
            counters.increment(GatewayCounter.RING_FULL);
        }
        list(line);
        waiting++;
        counters.increment(GatewayCounter.WAITING_FOR_RING);
        return false;
    }

    private void list(final Line line) {
        if (!line.isListed()) {
            line.listed(true);
            if (stillFull) {
                lines.addFirst(line);
            } else {
                lines.addLast(line);
            }
        }
    }

    /** Lets those that wait try again, in turn, until the ring is full or everyone had a turn. */
    int resumeWaiting() {
        int work = 0;
        stillFull = false;
        for (int turns = waiting; turns > 0 && !lines.isEmpty() && !stillFull; turns--) {
            final Line line = lines.pollFirst();
            line.listed(false);
            resumed = (Session) line.pollFirst();
            waiting--;
            publishedInTurn = 0;
            bytesInTurn = 0;
            counters.decrement(GatewayCounter.WAITING_FOR_RING);
            resumed.onTurn();
            if (!line.isEmpty()) {
                list(line);
            }
            work += publishedInTurn;
        }
        resumed = null;
        return work;
    }

    /** It waits for the ring no more. */
    void forget(final Session session) {
        final Line line = session.line();
        line.remove(session);
        waiting--;
        counters.decrement(GatewayCounter.WAITING_FOR_RING);
        if (line.isEmpty()) {
            line.listed(false);
            lines.remove(line);
        }
    }
}
