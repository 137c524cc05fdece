package io.lockstep.engine.arbitration;

import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Judges the entries of a large change set and applies what is to be applied, a slice at a time. Keeps the outcomes. */
final class LargeSetEffects {
    /** Bytes of values that end a slice: they are copied and hashed. */
    private static final int BYTES_PER_SLICE = 64 << 10;

    private final int sliceEntries;
    private final ChangeRules rules;
    private final LongValue longValue;
    private final UnsafeBuffer outcomes = new UnsafeBuffer(0, 0);
    private boolean applied;

    LargeSetEffects(final int sliceEntries, final Arena arena, final TableHash tableHash, final DigestKey digestKey) {
        this.sliceEntries = sliceEntries;
        rules = new ChangeRules(arena, tableHash, digestKey);
        longValue = new LongValue(digestKey);
    }

    void begin(
            final Database database,
            final Clock clock,
            final boolean authorised,
            final long stampedTimeMs,
            final int outcomeCount) {
        if (outcomes.capacity() < outcomeCount) {
            outcomes.wrap(new byte[Math.max(1_024, Integer.highestOneBit(outcomeCount) * 2)]);
        }
        rules.start(database, clock, authorised, stampedTimeMs);
        applied = false;
    }

    /** Goes on from where the cursors stand. True when all entries were judged. */
    boolean slice(final MigrationCursor migrations, final ChangeCursor changes) {
        int left = sliceEntries;
        int bytes = 0;
        for (; left > 0 && migrations.next(); left--) {
            outcome(migrations.index(), rules.onMigration(migrations));
        }
        for (; left > 0 && bytes < BYTES_PER_SLICE && (longValue.isOpen() || changes.next()); left--) {
            if (CellDescriptor.isLong(changes.valueLength())) {
                bytes += longChange(changes, migrations.count(), BYTES_PER_SLICE - bytes);
            } else {
                outcome(migrations.count() + changes.index(), rules.onChange(changes));
                bytes += changes.valueLength();
            }
        }
        return left > 0 && changes.isAtEnd() && !longValue.isOpen();
    }

    /** Some of a change whose value takes more slices than one; tells how many bytes that were. */
    private int longChange(final ChangeCursor changes, final int migrations, final int bytesMost) {
        if (!longValue.isOpen()) {
            final byte outcome = rules.judge(changes);
            outcome(migrations + changes.index(), outcome);
            if (outcome != OutcomeCode.APPLIED) {
                return BYTES_PER_SLICE; // it may have been compared
            }
            rules.beginValue(changes, longValue);
        }
        final int bytes = longValue.more(changes, bytesMost);
        if (longValue.isWhole()) {
            rules.apply(changes, longValue);
        }
        return bytes;
    }

    private void outcome(final int index, final byte outcome) {
        applied |= outcome == OutcomeCode.APPLIED;
        outcomes.putByte(index, outcome);
    }

    /** Whether anything was applied. */
    boolean isApplied() {
        return applied;
    }

    /** Of migrations and changes, in order. */
    DirectBuffer outcomes() {
        return outcomes;
    }
}
