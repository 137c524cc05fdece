package io.lockstep.client.offline;

import io.lockstep.client.model.Cursor;
import io.lockstep.client.model.Delivery;
import io.lockstep.client.store.StoreException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Calls the application's listener: what that throws stops nothing. The database's thread. */
final class Teller {
    private static final int AT_ONCE_MAX = 1_024;

    private final OfflineListener listener;
    private final LocalDatabase database;
    private final Set<Long> failed = new HashSet<>();
    private SyncState lastState;

    Teller(final OfflineListener listener, final LocalDatabase database) {
        this.listener = listener;
        this.database = database;
    }

    /** Tells what became of change sets, and notes that it did. What the listener failed at is told after the next opening. */
    int decisions() {
        final List<OutboxEntry> due = database.read(state -> {
            final List<OutboxEntry> entries = new ArrayList<>();
            for (final Entry entry : state.outbox().untold()) {
                if (entries.size() < AT_ONCE_MAX && !failed.contains(entry.id)) {
                    entries.add(entry.snapshot());
                }
            }
            return entries;
        });
        final List<Long> told = new ArrayList<>();
        for (final OutboxEntry entry : due) {
            final Runnable call = entry.state() == EntryState.SETTLED
                    ? () -> listener.onSettled(entry)
                    : () -> listener.onUndecided(entry);
            if (call(call)) {
                told.add(entry.id());
            } else {
                failed.add(entry.id());
            }
        }
        if (!told.isEmpty()) {
            database.told(told);
        }
        return told.size();
    }

    void applied(final Delivery delivery) {
        call(() -> listener.onApplied(delivery));
    }

    void heldUp(final Entry entry, final String why) {
        if (entry != null) {
            final OutboxEntry shown = entry.snapshot();
            call(() -> listener.onHeldUp(shown, why));
        }
    }

    void reset(final ResetCause cause, final String text) {
        call(() -> listener.onReset(cause, text));
    }

    void stateProgress(final long bytesRead, final long bytesTotal) {
        call(() -> listener.onStateProgress(bytesRead, bytesTotal));
    }

    void stateRead(final Cursor cursor, final long cells) {
        call(() -> listener.onStateRead(cursor, cells));
    }

    void refused(final int code, final String text) {
        call(() -> listener.onRefused(code, text));
    }

    void storageFailed(final StoreException cause) {
        call(() -> listener.onStorageFailed(cause));
    }

    void state(final SyncState state, final String reason) {
        if (state != lastState) {
            lastState = state;
            call(() -> listener.onSyncState(state, reason));
        }
    }

    private static boolean call(final Runnable call) {
        try {
            call.run();
            return true;
        } catch (final RuntimeException e) {
            final Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
            return false;
        }
    }
}
