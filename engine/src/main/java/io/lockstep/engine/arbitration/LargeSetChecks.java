package io.lockstep.engine.arbitration;

import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.SubmitChangeSetDecoder;
import io.lockstep.codec.SubmitStatus;
import io.lockstep.codec.hash.StateDigest;
import io.lockstep.codec.value.HlcDescriptor;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What can refuse a large change set before anything of it is applied, but for survivors: its clock, the order of opSeqs,
 * the length of values, memory and columns. A slice at a time.
 */
final class LargeSetChecks {
    private static final DirectBuffer NOTHING = new UnsafeBuffer(0, 0);

    private final EffectBudget budget;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final SubmitChangeSetDecoder set = new SubmitChangeSetDecoder();
    private final MigrationCursor migrations = new MigrationCursor();
    private final ChangeCursor changes = new ChangeCursor();

    /** Of the order: they go on beside one another, and are not those that are looked up. */
    private final MigrationCursor orderedMigrations = new MigrationCursor();

    private final ChangeCursor orderedChanges = new ChangeCursor();
    private final Clock clock = new Clock();
    private final Refusal refusal = new Refusal();

    private DirectBuffer buffer = NOTHING;
    private Database database;
    private long driftMs;
    private int groups;
    private int changesOffset;
    private int deletes;
    private int opSeqBefore;
    private boolean migrationsLeft;
    private boolean ordered;
    private boolean done;

    LargeSetChecks(final ArbiterContext context, final Arena arena, final TableHash tableHash) {
        budget = new EffectBudget(arena, tableHash, context, LargeSetLimits.changesMax(context.answerBytesMax()));
    }

    void begin(final DirectBuffer newBuffer, final Database newDatabase, final long stampedTimeMs) {
        buffer = newBuffer;
        database = newDatabase;
        done = false;
        ordered = false;
        set.wrapAndApplyHeader(buffer, 0, header);
        groups = MessageHeaderDecoder.ENCODED_LENGTH + header.blockLength();
        driftMs = set.wall() - stampedTimeMs;
        final long siteHigh = set.site().high();
        final long siteLow = set.site().low();
        clock.set(
                StateDigest.wallCounter(set.wall(), set.counter()),
                siteHigh,
                siteLow,
                database.sites().find(siteHigh, siteLow));
        beginOrder();
    }

    private void beginOrder() {
        orderedMigrations.wrap(buffer, groups);
        deletes = 0;
        opSeqBefore = 0;
        while (orderedMigrations.next()) {
            // All at once, only to find where they end.
        }
        changesOffset = orderedMigrations.end();
        orderedMigrations.wrap(buffer, groups);
        migrationsLeft = orderedMigrations.next();
        orderedChanges.wrap(buffer, changesOffset);
    }

    /** One slice. Not null if the set is refused, and {@link #refusal()} says why. */
    SubmitStatus more(final boolean authorised, final int entries) {
        if (!ordered) {
            return order(entries);
        }
        if (!authorised) {
            done = true;
            return null;
        }
        final ErrorCode code = budget.lookUp(database, clock, migrations, changes, entries);
        if (code != null) {
            return refuse(code);
        }
        if (!changes.isAtEnd()) {
            return null;
        }
        done = true;
        final ErrorCode verdict = budget.verdict(database);
        return verdict == null ? null : refuse(verdict);
    }

    private SubmitStatus refuse(final ErrorCode code) {
        refusal.set(code, budget.limitValue(), budget.actualValue());
        refusal.change(code == ErrorCode.EFFECT_TOO_LARGE ? changes.index() : -1);
        return SubmitStatus.REFUSED;
    }

    private SubmitStatus order(final int entries) {
        final long wall = set.wall();
        refusal.set(ErrorCode.INVALID_CHANGE_SET, HlcDescriptor.WALL_LIMIT - 1, wall);
        if (wall < 0 || wall >= HlcDescriptor.WALL_LIMIT || (orderedChanges.index() < 0 && !migrationsAscend())) {
            return SubmitStatus.INVALID;
        }
        for (int left = entries; left > 0 && orderedChanges.next(); left--) {
            if (!follows()) {
                return SubmitStatus.INVALID;
            }
            final int bytes = LargeSetLimits.valueBytes(
                    orderedChanges.valueLength(), orderedChanges.beforeLength(), orderedChanges.isDelete());
            if (bytes > LargeSetLimits.VALUE_BYTES_MAX) {
                refusal.set(ErrorCode.EFFECT_TOO_LARGE, LargeSetLimits.VALUE_BYTES_MAX, bytes);
                refusal.change(orderedChanges.index());
                return SubmitStatus.REFUSED;
            }
        }
        if (!orderedChanges.isAtEnd()) {
            return null;
        }
        ordered = true;
        rewind();
        budget.begin(database, migrations, changes);
        if (driftMs > database.maxDriftMs()) {
            refusal.set(null, database.maxDriftMs(), driftMs);
            return SubmitStatus.REJECTED_DRIFT;
        }
        return null;
    }

    private boolean migrationsAscend() {
        final MigrationCursor all = migrations;
        all.wrap(buffer, groups);
        int before = 0;
        while (all.next()) {
            if (all.index() > 0 && Integer.compareUnsigned(all.opSeq(), before) <= 0) {
                return unordered(before, all.opSeq());
            }
            before = all.opSeq();
        }
        return true;
    }

    private boolean follows() {
        final int opSeq = orderedChanges.opSeq();
        if (orderedChanges.index() > 0 && Integer.compareUnsigned(opSeq, opSeqBefore) <= 0) {
            return unordered(opSeqBefore, opSeq);
        }
        while (migrationsLeft && Integer.compareUnsigned(orderedMigrations.opSeq(), opSeq) < 0) {
            migrationsLeft = orderedMigrations.next();
        }
        if (migrationsLeft && orderedMigrations.opSeq() == opSeq) {
            return unordered(opSeq, opSeq);
        }
        opSeqBefore = opSeq;
        deletes += orderedChanges.isDelete() ? 1 : 0;
        return true;
    }

    private boolean unordered(final int before, final int opSeq) {
        refusal.set(ErrorCode.INVALID_CHANGE_SET, Integer.toUnsignedLong(before), Integer.toUnsignedLong(opSeq));
        return false;
    }

    boolean isDone() {
        return done;
    }

    /** The cursors stand before their first entry again. */
    void rewind() {
        migrations.wrap(buffer, groups);
        changes.wrap(buffer, changesOffset);
    }

    MigrationCursor migrations() {
        return migrations;
    }

    ChangeCursor changes() {
        return changes;
    }

    SubmitChangeSetDecoder set() {
        return set;
    }

    Clock clock() {
        return clock;
    }

    Refusal refusal() {
        return refusal;
    }

    int deletes() {
        return deletes;
    }

    /** Bytes of the set. */
    int length() {
        return buffer.capacity();
    }

    /** Lets go of the set. */
    void end() {
        buffer = NOTHING;
        database = null;
    }
}
