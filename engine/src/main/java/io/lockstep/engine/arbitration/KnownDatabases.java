package io.lockstep.engine.arbitration;

import io.lockstep.codec.KeyForm;
import io.lockstep.codec.RowPolicy;
import org.agrona.UnsafeApi;

/**
 * What is kept of every database while its state is not in memory: enough to list it, and to know its state again when it
 * comes back. Its name is in the registry's table of names.
 *
 * <pre>
 *   0          8                     24                    40      48            56      60     61     62
 *  +----------+---------------------+---------------------+-------+-------------+-------+------+------+----
 *  | sequence | live digest         | second digest       | cells | max drift   | units | row  | key  | day
 *  |          |                     |                     |       | ms          |       |policy| form |
 *  +----------+---------------------+---------------------+-------+-------------+-------+------+------+----
 *  units: of 8 bytes, what it took of the arena when it left
 *  day: on which its oldest tombstone was set, since 1970; 0 if it has none
 * </pre>
 */
final class KnownDatabases {
    /** Bytes of one. */
    static final int ENTRY_BYTES = 64;

    private static final int ENTRY_SHIFT = 6;
    private static final int LIVE_OFFSET = 8;
    private static final int SECOND_OFFSET = 24;
    private static final int CELLS_OFFSET = 40;
    private static final int DRIFT_OFFSET = 48;
    private static final int UNITS_OFFSET = 56;
    private static final int ROW_POLICY_OFFSET = 60;
    private static final int KEY_FORM_OFFSET = 61;
    private static final int DAY_OFFSET = 62;
    private static final long DAY_MS = 24L * 60 * 60 * 1_000;
    private static final int UNIT_SHIFT = 3;

    private final SegmentedArray entries;

    KnownDatabases(final MemoryAccount account) {
        entries = new SegmentedArray(account, ENTRY_SHIFT, 2, 10);
    }

    /** Makes room for a database, which is the next one. */
    void add(final int databaseId) {
        entries.ensure(databaseId - 1);
    }

    /** Notes a database whose state leaves memory. */
    void note(final Database database) {
        final long entry = entry(database.id());
        settings(database.id(), database.rowPolicy(), database.keyForm(), database.maxDriftMs());
        UnsafeApi.putLong(entry, database.sequence());
        state(
                database.id(),
                database.liveDigestHigh(),
                database.liveDigestLow(),
                database.secondDigestHigh(),
                database.secondDigestLow());
        sizes(database.id(), database.cells(), database.bytes());
        oldestTombstone(database.id(), database.tombstoneList().oldestMs());
    }

    /** Notes when its oldest tombstone was set; 0 for none. */
    void oldestTombstone(final int databaseId, final long stampedTimeMs) {
        UnsafeApi.putShort(entry(databaseId) + DAY_OFFSET, (short) Math.min(0xFFFF, stampedTimeMs / DAY_MS));
    }

    /** Whether a tombstone may have been set before a time; if not, there is nothing to prune. */
    boolean mayHaveTombstoneBefore(final int databaseId, final long timeMs) {
        final int day = UnsafeApi.getShort(entry(databaseId) + DAY_OFFSET) & 0xFFFF;
        return day != 0 && day * DAY_MS < timeMs;
    }

    /** Notes how it was made. */
    void settings(final int databaseId, final RowPolicy rowPolicy, final KeyForm keyForm, final long maxDriftMs) {
        final long entry = entry(databaseId);
        UnsafeApi.putLong(entry + DRIFT_OFFSET, maxDriftMs);
        UnsafeApi.putByte(entry + ROW_POLICY_OFFSET, (byte) rowPolicy.value());
        UnsafeApi.putByte(entry + KEY_FORM_OFFSET, (byte) keyForm.value());
    }

    void sequence(final int databaseId, final long sequence) {
        UnsafeApi.putLong(entry(databaseId), sequence);
    }

    /** Notes its digests. */
    void state(
            final int databaseId,
            final long liveHigh,
            final long liveLow,
            final long secondHigh,
            final long secondLow) {
        final long entry = entry(databaseId);
        UnsafeApi.putLong(entry + LIVE_OFFSET, liveHigh);
        UnsafeApi.putLong(entry + LIVE_OFFSET + Long.BYTES, liveLow);
        UnsafeApi.putLong(entry + SECOND_OFFSET, secondHigh);
        UnsafeApi.putLong(entry + SECOND_OFFSET + Long.BYTES, secondLow);
    }

    /** Notes how large it is. */
    void sizes(final int databaseId, final long cells, final long bytes) {
        final long entry = entry(databaseId);
        UnsafeApi.putLong(entry + CELLS_OFFSET, cells);
        UnsafeApi.putInt(entry + UNITS_OFFSET, (int) (bytes >>> UNIT_SHIFT));
    }

    RowPolicy rowPolicy(final int databaseId) {
        return RowPolicy.get(UnsafeApi.getByte(entry(databaseId) + ROW_POLICY_OFFSET));
    }

    KeyForm keyForm(final int databaseId) {
        return KeyForm.get(UnsafeApi.getByte(entry(databaseId) + KEY_FORM_OFFSET));
    }

    long maxDriftMs(final int databaseId) {
        return UnsafeApi.getLong(entry(databaseId) + DRIFT_OFFSET);
    }

    long sequence(final int databaseId) {
        return UnsafeApi.getLong(entry(databaseId));
    }

    long cells(final int databaseId) {
        return UnsafeApi.getLong(entry(databaseId) + CELLS_OFFSET);
    }

    /** What it took of the arena when it left. */
    long bytes(final int databaseId) {
        return (UnsafeApi.getInt(entry(databaseId) + UNITS_OFFSET) & 0xFFFF_FFFFL) << UNIT_SHIFT;
    }

    /** Whether a database is in the state that was noted. */
    boolean isStateOf(final Database database) {
        final long entry = entry(database.id());
        return UnsafeApi.getLong(entry) == database.sequence()
                && UnsafeApi.getLong(entry + LIVE_OFFSET) == database.liveDigestHigh()
                && UnsafeApi.getLong(entry + LIVE_OFFSET + Long.BYTES) == database.liveDigestLow()
                && UnsafeApi.getLong(entry + SECOND_OFFSET) == database.secondDigestHigh()
                && UnsafeApi.getLong(entry + SECOND_OFFSET + Long.BYTES) == database.secondDigestLow();
    }

    private long entry(final int databaseId) {
        return entries.address(databaseId - 1);
    }
}
