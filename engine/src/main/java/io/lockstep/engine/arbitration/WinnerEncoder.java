package io.lockstep.engine.arbitration;

import io.lockstep.codec.SubmitResultEncoder;
import io.lockstep.codec.SubmitResultEncoder.WinnersEncoder;
import io.lockstep.codec.WinnerKind;
import io.lockstep.codec.value.HlcDescriptor;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Writes what stands in the way of each change that did not apply, as it is after the whole set. Values are left out
 * where the answer would be too large, and winners altogether where even that does not help.
 */
final class WinnerEncoder {
    private static final int WINNER_BYTES_MIN = WinnersEncoder.sbeBlockLength() + WinnersEncoder.valueHeaderLength();
    private static final int NO_WINNER = -1;

    private final Arena arena;
    private final TableHash tableHash;
    private final UnsafeBuffer hlc = new UnsafeBuffer(new byte[HlcDescriptor.LENGTH]);
    private Database database;
    private ChangeCursor changes;
    private DirectBuffer outcomes;
    private SubmitResultEncoder result;
    private WinnersEncoder winners;
    private int outcomesOffset;
    private int waiting;
    private int left;
    private WinnerKind kind;
    private long block;

    WinnerEncoder(final Arena arena, final TableHash tableHash) {
        this.arena = arena;
        this.tableHash = tableHash;
    }

    /**
     * Encodes the group.
     *
     * @param changes stands before the first change
     * @param outcomes holds an outcome byte for each change
     * @param bytesMax for all winners together, without the header of the group
     */
    void encode(
            final SubmitResultEncoder result,
            final Database database,
            final ChangeCursor changes,
            final DirectBuffer outcomes,
            final int outcomesOffset,
            final int bytesMax) {
        begin(result, database, changes, outcomes, outcomesOffset, bytesMax);
        while (more(Integer.MAX_VALUE)) {
            // All at once.
        }
    }

    /** Begins the group that {@link #encode} encodes at once; nothing else of the message until {@link #more} is false. */
    void begin(
            final SubmitResultEncoder newResult,
            final Database newDatabase,
            final ChangeCursor newChanges,
            final DirectBuffer newOutcomes,
            final int newOutcomesOffset,
            final int bytesMax) {
        result = newResult;
        database = newDatabase;
        changes = newChanges;
        outcomes = newOutcomes;
        outcomesOffset = newOutcomesOffset;
        left = bytesMax;
        waiting = 0;
        for (int i = 0; i < changes.count(); i++) {
            waiting += outcomes.getByte(outcomesOffset + i) == OutcomeCode.APPLIED ? 0 : 1;
        }
        winners = result.winnersCount(waiting);
    }

    /** Looks at so many changes more. False when the group is done. */
    boolean more(final int changesMax) {
        for (int i = 0; i < changesMax; i++) {
            if (left < WINNER_BYTES_MIN || waiting == 0 || !changes.next()) {
                winners.resetCountToIndex();
                return false;
            }
            final byte outcome = outcomes.getByte(outcomesOffset + changes.index());
            if (outcome != OutcomeCode.APPLIED) {
                waiting--;
                final int valueLength = find(database, changes, outcome);
                if (valueLength != NO_WINNER) {
                    // Every winner still to come can have at least its clock.
                    final boolean omitted = valueLength > left - (long) WINNER_BYTES_MIN * (waiting + 1);
                    put(winners.next().change(changes.index()), omitted, omitted ? 0 : valueLength);
                    left -= WINNER_BYTES_MIN + (omitted ? 0 : valueLength);
                }
            }
        }
        return true;
    }

    private void put(final WinnersEncoder winner, final boolean omitted, final int valueLength) {
        winner.kind(kind).omitted((short) (omitted ? 1 : 0)).putHlc(hlc, 0, HlcDescriptor.LENGTH);
        final int at = result.limit();
        result.buffer().putInt(at, valueLength, ByteOrder.LITTLE_ENDIAN);
        if (valueLength > 0) {
            CellDescriptor.copyValue(
                    arena, block, 0, valueLength, result.buffer(), at + WinnersEncoder.valueHeaderLength());
        }
        result.limit(at + WinnersEncoder.valueHeaderLength() + valueLength);
    }

    /** Fills in kind, clock and block; tells the length of the value, or that nothing stands in the way. */
    private int find(final Database database, final ChangeCursor change, final byte outcome) {
        if (outcome == OutcomeCode.TOO_LATE) {
            kind = WinnerKind.PRUNE_MARK;
            database.mark().write(hlc, 0);
            return 0;
        }
        final int hash = tableHash.hash(change.buffer(), change.row(), change.rowLength());
        final int rowRef = database.rowTable().find(hash, change);
        if (rowRef == 0) {
            return NO_WINNER;
        }
        final long row = arena.address(rowRef);
        if (!change.isDelete() && outcome != OutcomeCode.BLOCKED) {
            final int column = database.columns().find(change.buffer(), change.column(), change.columnLength());
            final int place = column == NameTable.UNKNOWN ? -1 : RowTable.place(row, column);
            if (place >= 0) {
                kind = WinnerKind.CELL;
                block = arena.address(RowTable.cell(row, place));
                database.sites().write(block, hlc, 0);
                return CellDescriptor.valueLength(block);
            }
        }
        if (RowTable.tombstone(row) == 0) {
            return NO_WINNER;
        }
        kind = WinnerKind.TOMBSTONE;
        database.sites().write(arena.address(RowTable.tombstone(row)), hlc, 0);
        return 0;
    }
}
