package io.lockstep.engine.arbitration;

import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.SubmitChangeSetDecoder;
import io.lockstep.codec.hash.StateDigest;
import io.lockstep.engine.record.RecordView;
import org.agrona.DirectBuffer;

/**
 * Applies what a record says was applied, without judging it. The state may already hold some of what comes later: what is
 * exact is the end of such a run of records, since the last effect on a cell decides it.
 */
final class RecordedEffects {
    private final Arena arena;
    private final TableHash tableHash;
    private final RowFactory factory;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final SubmitChangeSetDecoder set = new SubmitChangeSetDecoder();
    private final MigrationCursor migrations = new MigrationCursor();
    private final ChangeCursor changes = new ChangeCursor();
    private final Clock clock = new Clock();

    RecordedEffects(final Arena arena, final TableHash tableHash, final DigestKey digestKey) {
        this.arena = arena;
        this.tableHash = tableHash;
        factory = new RowFactory(digestKey);
    }

    /** Applies the effects of a CHANGE_SET and moves the sequence to its own. */
    void apply(final Database database, final RecordView record) {
        final DirectBuffer buffer = record.buffer();
        final int command = record.commandOffset();
        set.wrapAndApplyHeader(buffer, command, header);
        final long siteHigh = set.site().high();
        final long siteLow = set.site().low();
        clock.set(
                StateDigest.wallCounter(set.wall(), set.counter()),
                siteHigh,
                siteLow,
                database.sites().find(siteHigh, siteLow));
        database.sites().intern(clock);
        int outcome = record.outcomesOffset();
        migrations.wrap(buffer, command + MessageHeaderDecoder.ENCODED_LENGTH + header.blockLength());
        while (migrations.next()) {
            if (buffer.getByte(outcome++) == OutcomeCode.APPLIED) {
                database.migrationTable().put(migrations, clock);
            }
        }
        changes.wrap(buffer, migrations.end());
        while (changes.next()) {
            if (buffer.getByte(outcome++) == OutcomeCode.APPLIED) {
                apply(database, record.stampedTimeMs());
            }
        }
        database.restoreSequence(record.sequence());
    }

    private void apply(final Database database, final long stampedTimeMs) {
        final int hash = tableHash.hash(changes.buffer(), changes.row(), changes.rowLength());
        final int found = database.rowTable().find(hash, changes);
        final int ref = found == 0 ? factory.createRow(database, changes, hash) : found;
        final long row = arena.address(ref);
        if (changes.isDelete()) {
            database.liveCells().remove(row, database.isDeleteWins(), clock, changes.opSeq());
            database.tombstoneList().set(row, clock, changes.opSeq(), stampedTimeMs);
            return;
        }
        final int column = factory.internColumn(database, changes);
        final int place = RowTable.place(row, column);
        if (place >= 0) {
            database.liveCells().replace(row, place, clock, changes);
        } else {
            database.liveCells().add(ref, -place - 1, column, clock, changes);
        }
    }
}
