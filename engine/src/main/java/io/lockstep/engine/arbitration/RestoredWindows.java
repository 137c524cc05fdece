package io.lockstep.engine.arbitration;

import io.lockstep.codec.CreateDatabaseCommandDecoder;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.PruneCommandDecoder;
import io.lockstep.engine.record.RecordView;
import io.lockstep.engine.snapshot.SnapshotException;
import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * What the records after a snapshot's start mean to the databases that it holds: nothing, an effect that is applied as
 * recorded, or a command that is arbitrated. A database that is only known is brought back for the first that means
 * something to it.
 */
final class RestoredWindows {
    private final DatabaseRegistry registry;
    private final RecordedEffects effects;
    private final IntConsumer bringBack;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final CreateDatabaseCommandDecoder createCommand = new CreateDatabaseCommandDecoder();
    private final PruneCommandDecoder pruneCommand = new PruneCommandDecoder();
    private RestoredWindow[] windows = new RestoredWindow[4];
    private int restored;

    /**
     * @param bringBack must {@link #put} the window of the database that it is given
     */
    RestoredWindows(final DatabaseRegistry registry, final RecordedEffects effects, final IntConsumer bringBack) {
        this.registry = registry;
        this.effects = effects;
        this.bringBack = bringBack;
    }

    /** Databases that the snapshot holds, so far. */
    int restored() {
        return restored;
    }

    /** Another database is in the snapshot, the next one. */
    void add() {
        if (restored == windows.length) {
            windows = Arrays.copyOf(windows, restored * 2);
        }
        restored++;
    }

    /** It is in memory. */
    void put(final RestoredWindow window) {
        windows[window.database().id() - 1] = window;
    }

    boolean take(final RecordView record) {
        return switch (record.kind()) {
            case CREATE_DATABASE ->
                createCommand
                                .wrapAndApplyHeader(record.buffer(), record.commandOffset(), header)
                                .databaseId()
                        <= restored;
            case CHANGE_SET -> takeChangeSet(record);
            case PRUNE -> takePrune(record);
            default -> false;
        };
    }

    private boolean takeChangeSet(final RecordView record) {
        if (isHeldAbsent(record, true)) {
            return true;
        }
        final RestoredWindow own = window(record.databaseId());
        if (own == null) {
            return false;
        }
        final long sequence = record.sequence();
        if (sequence > own.endSequence()) {
            own.requireSettled();
            return false;
        }
        if (sequence > own.startSequence()) {
            effects.apply(own.database(), record);
            if (sequence == own.endSequence()) {
                own.close();
            }
        }
        return true;
    }

    private boolean takePrune(final RecordView record) {
        if (isHeldAbsent(record, false)) {
            return true;
        }
        final RestoredWindow own = window(record.databaseId());
        if (own == null || record.sequence() > own.endSequence()) {
            return false;
        }
        final long horizonMs = pruneCommand
                .wrapAndApplyHeader(record.buffer(), record.commandOffset(), header)
                .horizonMs();
        final long beforeMs = record.stampedTimeMs() - Math.max(0, horizonMs);
        if (record.sequence() < own.endSequence()) {
            own.prune(beforeMs);
        } else {
            own.pruneAtEnd(beforeMs);
        }
        return true;
    }

    /**
     * Whether a database is only known, and its state is after the record already. If the state is not, or if that cannot
     * be told, it is brought back.
     */
    private boolean isHeldAbsent(final RecordView record, final boolean takesSequence) {
        final int databaseId = record.databaseId();
        if (databaseId < 1 || databaseId > restored || windows[databaseId - 1] != null) {
            return false;
        }
        final long sequence = registry.known().sequence(databaseId);
        if (record.sequence() < sequence || (takesSequence && record.sequence() == sequence)) {
            return true;
        }
        bringBack.accept(databaseId);
        return false;
    }

    private RestoredWindow window(final int databaseId) {
        return databaseId >= 1 && databaseId <= restored ? windows[databaseId - 1] : null;
    }

    void finish() {
        for (int i = 0; i < restored; i++) {
            if (windows[i] == null) {
                continue; // only known: nothing happened since, and it was exact
            }
            final Database database = windows[i].database();
            if (database.sequence() < windows[i].endSequence()) {
                throw new SnapshotException("the journal ends before the snapshot: database=" + database.name()
                        + ", sequence=" + database.sequence() + ", snapshotSequence=" + windows[i].endSequence());
            }
            windows[i].requireSettled();
        }
    }
}
