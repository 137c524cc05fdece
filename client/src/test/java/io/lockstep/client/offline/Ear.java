package io.lockstep.client.offline;

import io.lockstep.client.model.Cursor;
import io.lockstep.client.store.StoreException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what a database told. */
final class Ear implements OfflineListener {
    final List<OutboxEntry> settled = new CopyOnWriteArrayList<>();
    final List<OutboxEntry> undecided = new CopyOnWriteArrayList<>();
    final List<ResetCause> resets = new CopyOnWriteArrayList<>();
    final List<Cursor> statesRead = new CopyOnWriteArrayList<>();
    final List<Integer> refusals = new CopyOnWriteArrayList<>();
    final List<String> heldUp = new CopyOnWriteArrayList<>();
    final List<SyncState> states = new CopyOnWriteArrayList<>();
    volatile boolean failing;

    @Override
    public void onSettled(final OutboxEntry entry) {
        if (failing) {
            throw new IllegalStateException("the listener fails");
        }
        settled.add(entry);
    }

    @Override
    public void onUndecided(final OutboxEntry entry) {
        undecided.add(entry);
    }

    @Override
    public void onHeldUp(final OutboxEntry entry, final String why) {
        heldUp.add(why);
    }

    @Override
    public void onReset(final ResetCause cause, final String text) {
        resets.add(cause);
    }

    @Override
    public void onStateRead(final Cursor cursor, final long cells) {
        statesRead.add(cursor);
    }

    @Override
    public void onRefused(final int code, final String text) {
        refusals.add(code);
    }

    @Override
    public void onSyncState(final SyncState state, final String reason) {
        states.add(state);
    }

    @Override
    public void onStorageFailed(final StoreException cause) {
        throw new AssertionError(cause);
    }
}
