package io.lockstep.gateway.session;

import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.OpenDatabaseDecoder;
import io.lockstep.engine.command.CommandKind;
import io.lockstep.engine.command.IngressCommand;
import io.lockstep.engine.port.CommittedSlot;
import io.lockstep.engine.port.IngressPort;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import org.agrona.collections.IntArrayList;
import org.agrona.collections.LongHashSet;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Between sessions and databases that may not be in memory. Who opens one that is not there gets its own question back from
 * the ring; it is kept, and asked again when a database came back. When no session has a database any more the ring is told,
 * and it may leave; told with how many openings were seen, so that one that is still on its way keeps it. Thread of the
 * transports.
 */
final class DatabaseDoor {
    /** Some are asked again after so long whatever happens: more may want to come back than can be asked for at once. */
    private static final long RETRY_NS = TimeUnit.MILLISECONDS.toNanos(10);

    private static final int RETRIED_MAX = 256;

    /**
     * Those that wait longest are asked first, as databases come back in the order in which they were asked for: a crowd that
     * waits for many must not all ask again whenever one is back.
     */
    private static final int ASKED_A_LOAD = 8;

    private record Parked(Session session, UnsafeBuffer question) {}

    private final IngressPort ingress;
    private final IntPredicate isInUse;
    private final IngressCommand command = new IngressCommand();
    private final UnsafeBuffer release = new UnsafeBuffer(new byte[Long.BYTES]);
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final IntArrayList unclaimed = new IntArrayList();
    private final ArrayDeque<Parked> parked = new ArrayDeque<>();
    private final LongHashSet askedTwice = new LongHashSet();
    private int fresh;
    private long openingsSeen;
    private long loadsSeen;
    private long triedNs;

    /**
     * @param ingress to the ring
     * @param isInUse whether sessions have a database
     */
    DatabaseDoor(final IngressPort ingress, final IntPredicate isInUse, final long nowNs) {
        this.ingress = ingress;
        this.isInUse = isInUse;
        triedNs = nowNs;
    }

    /**
     * Looks at what the ring decided, before anybody else does.
     *
     * @param session who asked; null if it is over
     * @return true if it is a question to be asked again, and not an answer
     */
    boolean parks(final CommittedSlot slot, final Session session) {
        if (slot.kind() != CommandKind.OPEN_DATABASE) {
            return false;
        }
        openingsSeen++;
        final boolean question =
                header.wrap(slot.buffer(), slot.answerOffset()).templateId() == OpenDatabaseDecoder.TEMPLATE_ID;
        if (!question || session == null) {
            askedTwice.remove(slot.sessionId());
            return question;
        }
        final byte[] bytes = new byte[slot.answerLength()];
        slot.buffer().getBytes(slot.answerOffset(), bytes);
        final Parked waiter = new Parked(session, new UnsafeBuffer(bytes));
        if (askedTwice.add(session.id())) {
            // It may be back by now: what the ring decides comes here later than it is decided.
            parked.addFirst(waiter);
            fresh++;
        } else {
            parked.addLast(waiter);
        }
        return true;
    }

    /** After everybody has looked at a decision: a database that was opened for nobody may leave again. */
    void onDecided(final CommittedSlot slot) {
        if (slot.kind() == CommandKind.OPEN_DATABASE && slot.databaseId() != 0 && !isInUse.test(slot.databaseId())) {
            unclaimed.addInt(slot.databaseId());
        }
    }

    /** Returns 0 if there was nothing to do. */
    int doWork(final long nowNs) {
        int work = 0;
        while (!unclaimed.isEmpty() && (isInUse.test(last()) || release(last()))) {
            unclaimed.removeAt(unclaimed.size() - 1);
            work++;
        }
        if (parked.isEmpty()) {
            return work;
        }
        final long loads = ingress.loads();
        final boolean retry = nowNs - triedNs >= RETRY_NS;
        final long asked = retry ? RETRIED_MAX : fresh + ASKED_A_LOAD * (loads - loadsSeen);
        if (asked > 0) {
            fresh = 0;
            work += askAgain((int) Math.min(RETRIED_MAX, asked));
            loadsSeen = loads;
            triedNs = retry ? nowNs : triedNs;
        }
        return work;
    }

    private int last() {
        return unclaimed.getInt(unclaimed.size() - 1);
    }

    private int askAgain(final int most) {
        int work = 0;
        for (int i = Math.min(most, parked.size()); i > 0; i--) {
            final Parked each = parked.pollFirst();
            if (each.session.state() == SessionState.CLOSED) {
                askedTwice.remove(each.session.id());
                continue;
            }
            // It is there, and so nobody makes it.
            command.set(
                    CommandKind.OPEN_DATABASE,
                    each.session.id(),
                    each.session.grant().principalId(),
                    0,
                    0,
                    0);
            if (!ingress.tryPublish(command, each.question, 0, each.question.capacity())) {
                parked.addFirst(each);
                return work;
            }
            work++;
        }
        return work;
    }

    /** No session has it. False while the ring is full: then it has to be told later. */
    boolean release(final int databaseId) {
        release.putLong(0, openingsSeen, ByteOrder.LITTLE_ENDIAN);
        command.set(CommandKind.RELEASE_DATABASE, 0, 0, databaseId, 0, 0);
        return ingress.tryPublish(command, release, 0, Long.BYTES);
    }

    /** Sessions that wait for a database to come back. */
    int waiting() {
        return parked.size();
    }
}
