package io.lockstep.client.offline;

import io.lockstep.client.ErrorCodes;
import io.lockstep.client.LockstepClient;
import io.lockstep.client.Refusal;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Change sets from the outbox to the client and, where it did not send them, back. The database's thread. */
final class HandedOver {
    private static final int AT_ONCE_MAX = 256;
    private static final long DRIFT_WAIT_MIN_MS = 1_000;
    private static final long DRIFT_WAIT_MAX_MS = 60_000;

    private final LockstepClient client;
    private final LocalDatabase database;
    private final Teller teller;
    /** Ids in the outbox by request id. */
    private final Map<Long, Long> ids = new HashMap<>();

    private boolean waiting;
    private long notBeforeNs;

    HandedOver(final LockstepClient client, final LocalDatabase database, final Teller teller) {
        this.client = client;
        this.database = database;
        this.teller = teller;
    }

    /**
     * Hands over what waits, oldest first, as far as there is room.
     *
     * @param refused gets what can never be sent
     * @return how many
     */
    int send(final long nowNs, final Consumer<Staged> refused) {
        if (waiting && nowNs - notBeforeNs < 0) {
            return 0;
        }
        waiting = false;
        return database.change(state -> {
            int count = 0;
            Entry entry = state.outbox().firstUnsent();
            while (entry != null && count < AT_ONCE_MAX && database.isKept(entry)) {
                final long requestId = client.submit(entry.set, true);
                if (requestId == Refusal.TOO_LARGE) {
                    refused.accept(new NodeWords.No(
                            entry.id,
                            ErrorCodes.LARGER_THAN_FRAME,
                            "larger than a frame, or than the client's buffer: bytes=" + entry.set.encodedLength()));
                } else if (requestId < 0) {
                    break;
                } else {
                    ids.put(requestId, entry.id);
                }
                state.outbox().handOver(entry);
                count++;
                entry = state.outbox().firstUnsent();
            }
            return count;
        });
    }

    /** The id of what was answered; null if it is none of these. */
    Long take(final long requestId) {
        return ids.remove(requestId);
    }

    /** It is to be sent again, and whatever follows it, too: when the clock has come nearer. */
    void waitForClock(final long id, final long nowNs, final long aheadMs, final long limitMs) {
        final long waitMs = Math.min(Math.max(aheadMs - limitMs, DRIFT_WAIT_MIN_MS), DRIFT_WAIT_MAX_MS);
        waiting = true;
        notBeforeNs = nowNs + TimeUnit.MILLISECONDS.toNanos(waitMs);
        takeBack(id);
        tell(id, "the clock is too far ahead: limitMs=" + limitMs + ", aheadMs=" + aheadMs);
    }

    /** The client did not send it, or not with success. */
    void takeBack(final long id) {
        database.change(state -> {
            final Entry entry = state.outbox().find(id);
            if (entry != null) {
                state.outbox().takeBack(entry);
            }
            return null;
        });
    }

    void heldUp(final long requestId, final String why) {
        final Long id = ids.get(requestId);
        if (id != null) {
            tell(id, why);
        }
    }

    void connectionLost() {
        waiting = false;
    }

    private void tell(final long id, final String why) {
        teller.heldUp(database.read(state -> state.outbox().find(id)), why);
    }
}
