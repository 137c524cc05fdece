package io.lockstep.engine.arbitration;

import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.SnapshotDatabaseEndDecoder;
import io.lockstep.codec.SnapshotMigrationDecoder;
import io.lockstep.codec.SnapshotNameDecoder;
import io.lockstep.codec.SnapshotRowDecoder;
import io.lockstep.codec.SnapshotValueDecoder;
import io.lockstep.codec.SubmitChangeSetDecoder.MigrationsDecoder;
import io.lockstep.codec.value.HlcDescriptor;
import io.lockstep.engine.snapshot.SnapshotException;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableArrayBuffer;

/**
 * Puts the entries of a snapshot into a database. Rows may come twice in part, and names that were new in the walk may be
 * there: what is there is replaced.
 */
final class RestoredEntries {
    private static final int LENGTH_PREFIX = Short.BYTES;

    private final Arena arena;
    private final TableHash tableHash;
    private final DigestKey digestKey;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final SnapshotNameDecoder name = new SnapshotNameDecoder();
    private final SnapshotRowDecoder row = new SnapshotRowDecoder();
    private final SnapshotMigrationDecoder migration = new SnapshotMigrationDecoder();
    private final SnapshotValueDecoder value = new SnapshotValueDecoder();
    private final SnapshotDatabaseEndDecoder databaseEnd = new SnapshotDatabaseEndDecoder();
    private final ChangeCursor identity = new ChangeCursor();
    private final ChangeCursor cell = new ChangeCursor();
    private final MigrationCursor migrations = new MigrationCursor();
    private final Clock clock = new Clock();
    private final ExpandableArrayBuffer scratch = new ExpandableArrayBuffer(1 << 12);
    private final LongValue longValue;

    // Of the value that the parts read last are of.
    private long valueRow;
    private long valueWallCounter;
    private long valueOpSeq;
    private int valueColumn;
    private int valueSite;

    RestoredEntries(final Arena arena, final TableHash tableHash, final DigestKey digestKey) {
        this.arena = arena;
        this.tableHash = tableHash;
        this.digestKey = digestKey;
        longValue = new LongValue(digestKey);
    }

    void onName(final Database database, final DirectBuffer buffer, final int offset) {
        name.wrapAndApplyHeader(buffer, offset, header);
        final int bytes = name.limit() + SnapshotNameDecoder.nameHeaderLength();
        final int length = name.nameLength();
        final int number;
        switch (name.kind()) {
            case SITE -> {
                clock.set(
                        0,
                        buffer.getLong(bytes, ByteOrder.BIG_ENDIAN),
                        buffer.getLong(bytes + Long.BYTES, ByteOrder.BIG_ENDIAN),
                        Clock.UNKNOWN_SITE);
                database.sites().intern(clock);
                number = clock.siteIndex();
            }
            case TABLE -> number = database.tables().add(buffer, bytes, length, 0);
            case COLUMN ->
                number = database.columns().add(buffer, bytes, length, digestKey.bytesHash(buffer, bytes, length));
            default -> throw new SnapshotException("unknown kind of name: " + name.kind());
        }
        if (number != name.number()) {
            throw new SnapshotException(
                    "names are out of order: kind=" + name.kind() + ", number=" + name.number() + ", next=" + number);
        }
    }

    void onRow(final Database database, final DirectBuffer buffer, final int offset) {
        row.wrapAndApplyHeader(buffer, offset, header);
        final int ref = findOrCreate(database, buffer);
        row.wrapAndApplyHeader(buffer, offset, header);
        for (final SnapshotRowDecoder.TombstoneDecoder tombstone : row.tombstone()) {
            clock(database, tombstone.wallCounter(), tombstone.site());
            database.tombstoneList().set(arena.address(ref), clock, (int) tombstone.opSeq(), tombstone.stampedTimeMs());
        }
        int current = ref;
        for (final SnapshotRowDecoder.CellsDecoder found : row.cells()) {
            clock(database, found.wallCounter(), found.site());
            final int column = found.column();
            requireBelow("column", column, database.columns().count());
            final int opSeq = (int) found.opSeq();
            final int valueLength = found.valueLength();
            cell.wrapValue(
                    buffer, row.limit() + SnapshotRowDecoder.CellsDecoder.valueHeaderLength(), valueLength, opSeq);
            found.skipValue();
            final int at = RowTable.place(arena.address(current), column);
            if (at >= 0) {
                database.liveCells().replace(arena.address(current), at, clock, cell);
            } else {
                current = database.liveCells().add(current, -at - 1, column, clock, cell);
            }
        }
    }

    /** A part of a long value. One that does not go on where the part before ended was replaced during the walk. */
    void onValue(final Database database, final DirectBuffer buffer, final int offset) {
        value.wrapAndApplyHeader(buffer, offset, header);
        clock(database, value.wallCounter(), value.site());
        requireBelow("table", value.table(), database.tables().count());
        requireBelow("column", value.column(), database.columns().count());
        final int keyLength = value.keyLength();
        final int key = value.limit() + SnapshotValueDecoder.keyHeaderLength();
        value.skipKey();
        final int bytesLength = value.bytesLength();
        final int bytes = value.limit() + SnapshotValueDecoder.bytesHeaderLength();
        identify(database, value.table(), buffer, key, keyLength);
        final long rowHash = digestKey.rowHash(identity);
        if (value.valueOffset() == 0) {
            beginValue(database, rowHash);
        } else if (!goesOn(rowHash)) {
            longValue.discard();
            return;
        }
        if (value.valueOffset() + bytesLength > value.valueBytes()) {
            throw new SnapshotException("a part is longer than its value: valueOffset=" + value.valueOffset()
                    + ", bytes=" + bytesLength + ", valueBytes=" + value.valueBytes());
        }
        longValue.add(buffer, bytes, bytesLength);
        if (longValue.isWhole()) {
            endValue(database);
        }
    }

    private void beginValue(final Database database, final long rowHash) {
        if (value.valueBytes() > Integer.MAX_VALUE || !CellDescriptor.isLong((int) value.valueBytes())) {
            throw new SnapshotException("not a long value: valueBytes=" + value.valueBytes());
        }
        longValue.discard();
        valueRow = rowHash;
        valueColumn = value.column();
        valueWallCounter = value.wallCounter();
        valueSite = value.site();
        valueOpSeq = value.opSeq();
        longValue.begin(
                database.account(),
                0,
                clock,
                (int) value.opSeq(),
                rowHash,
                database.columns().digestHash(value.column()),
                (int) value.valueBytes());
    }

    private boolean goesOn(final long rowHash) {
        return longValue.isOpen()
                && value.valueOffset() == longValue.received()
                && rowHash == valueRow
                && value.column() == valueColumn
                && value.valueBytes() == longValue.length()
                && value.wallCounter() == valueWallCounter
                && value.site() == valueSite
                && value.opSeq() == valueOpSeq;
    }

    private void endValue(final Database database) {
        final int ref = findOrCreate(database, value.table(), 1);
        final long address = arena.address(ref);
        final int at = RowTable.place(address, value.column());
        final int opSeq = (int) value.opSeq();
        if (at >= 0) {
            database.liveCells().replaceLong(address, at, clock, opSeq, longValue);
        } else {
            database.liveCells().addLong(ref, -at - 1, value.column(), clock, opSeq, longValue);
        }
    }

    /** Finds or makes the row; its identity is put together as a change has it. */
    private int findOrCreate(final Database database, final DirectBuffer buffer) {
        final int table = row.table();
        requireBelow("table", table, database.tables().count());
        for (final SnapshotRowDecoder.TombstoneDecoder tombstone : row.tombstone()) {
            tombstone.actingVersion();
        }
        final SnapshotRowDecoder.CellsDecoder cells = row.cells();
        final int count = cells.count();
        while (cells.hasNext()) {
            cells.next().skipValue();
        }
        final int keyLength = row.keyLength();
        identify(database, table, buffer, row.limit() + SnapshotRowDecoder.keyHeaderLength(), keyLength);
        return findOrCreate(database, table, count);
    }

    private void identify(
            final Database database, final int table, final DirectBuffer buffer, final int key, final int keyLength) {
        final int tableLength = database.tables().length(table);
        NativeBytes.write(database.tables().bytes(table), tableLength, scratch, 0);
        scratch.putShort(tableLength, (short) keyLength, ByteOrder.LITTLE_ENDIAN);
        scratch.putBytes(tableLength + LENGTH_PREFIX, buffer, key, keyLength);
        identity.wrapRow(scratch, 0);
    }

    private int findOrCreate(final Database database, final int table, final int count) {
        final int hash = tableHash.hash(scratch, identity.row(), identity.rowLength());
        final int ref = database.rowTable().find(hash, identity);
        return ref != 0 ? ref : database.rowTable().create(hash, identity, table, digestKey.rowHash(identity), count);
    }

    void onMigration(final Database database, final DirectBuffer buffer, final int offset) {
        migration.wrapAndApplyHeader(buffer, offset, header);
        clock(database, migration.wallCounter(), migration.site());
        final int text = migration.limit();
        migration.skipSchemaName();
        migration.skipObjectName();
        migration.skipFromObjectName();
        migration.skipDdl();
        final int textLength = migration.limit() - text;
        final int block = MigrationsDecoder.sbeBlockLength();
        final int entry = MigrationsDecoder.sbeHeaderSize();
        scratch.putShort(0, (short) block, ByteOrder.LITTLE_ENDIAN);
        scratch.putShort(Short.BYTES, (short) 1, ByteOrder.LITTLE_ENDIAN);
        scratch.putInt(
                entry + MigrationsDecoder.opSeqEncodingOffset(), (int) migration.opSeq(), ByteOrder.LITTLE_ENDIAN);
        scratch.putByte(entry + MigrationsDecoder.kindEncodingOffset(), (byte)
                migration.kind().value());
        scratch.putInt(
                entry + MigrationsDecoder.versionEncodingOffset(), (int) migration.version(), ByteOrder.LITTLE_ENDIAN);
        scratch.putBytes(entry + block, buffer, text, textLength);
        migrations.wrap(scratch, 0);
        migrations.next();
        database.migrationTable().put(migrations, clock);
    }

    void onDatabaseEnd(final RestoredWindow window, final DirectBuffer buffer, final int offset) {
        databaseEnd.wrapAndApplyHeader(buffer, offset, header);
        longValue.discard(); // one that has no end is not in the state at the end
        if (databaseEnd.databaseId() != window.database().id()) {
            throw new SnapshotException("another database ends: databaseId=" + databaseEnd.databaseId() + ", open="
                    + window.database().id());
        }
        window.end(databaseEnd.sequence());
        window.live(databaseEnd.liveDigest().high(), databaseEnd.liveDigest().low());
        window.second(
                databaseEnd.secondDigest().high(), databaseEnd.secondDigest().low());
        if (databaseEnd.pruned() != 0) {
            mark(window, buffer, databaseEnd.offset() + SnapshotDatabaseEndDecoder.pruneMarkEncodingOffset());
        }
        window.database()
                .restoreSameHlcConflicts(
                        databaseEnd.sameHlcConflicts(),
                        databaseEnd.sameHlcSite().high(),
                        databaseEnd.sameHlcSite().low());
    }

    private static void mark(final RestoredWindow window, final DirectBuffer buffer, final int hlc) {
        window.mark(
                HlcDescriptor.wall(buffer, hlc) << 16 | HlcDescriptor.counter(buffer, hlc),
                HlcDescriptor.siteHigh(buffer, hlc),
                HlcDescriptor.siteLow(buffer, hlc),
                HlcDescriptor.opSeq(buffer, hlc));
    }

    private void clock(final Database database, final long wallCounter, final int site) {
        requireBelow("site", site, database.sites().count());
        clock.set(wallCounter, database.sites().high(site), database.sites().low(site), site);
    }

    private static void requireBelow(final String name, final int number, final int count) {
        if (number < 0 || number >= count) {
            throw new SnapshotException("unknown " + name + ": number=" + number + ", known=" + count);
        }
    }
}
