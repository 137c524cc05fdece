package io.lockstep.engine.delivery;

import io.lockstep.codec.filter.ChangeFilters;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What of a large change set those with the same filters are sent: a bit for each entry, and no byte of the set. The
 * message that {@link DeliveryEncoder} and {@link DeliveryFilter} would make of it comes out in pieces, from any place. It
 * is found out a slice at a time. Good for the set whenever it is in memory again. One thread.
 */
public final class LargeSelection {
    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
    private static final int GROUP_HEADER = 4;

    private final ChangeFilters filters;
    private final DeliveryCursor cursor = new DeliveryCursor();
    private final KeptEntries migrations = new KeptEntries();
    private final KeptEntries changes = new KeptEntries();
    private final KeptEntries survivors = new KeptEntries();
    private final UnsafeBuffer scratch = new UnsafeBuffer(new byte[GROUP_HEADER]);
    private int looked = -1;
    private int length;

    private MutableDirectBuffer target;
    private int targetOffset;
    private int from;
    private int to;
    private int at;

    /**
     * A selection that nothing is known of.
     *
     * @param filters of the subscriptions
     */
    public LargeSelection(final ChangeFilters filters) {
        this.filters = filters;
    }

    /**
     * Looks at the next entries.
     *
     * @param delivery the set, always the same one, indexed
     * @param entriesMax of a slice
     * @return true when all were looked at
     */
    public boolean select(final LargeDelivery delivery, final int entriesMax) {
        final int ofMigrations = delivery.migrations().count();
        final int ofChanges = ofMigrations + delivery.changes().count();
        final int all = ofChanges + delivery.survivors().count();
        if (looked < 0) {
            migrations.begin(ofMigrations);
            changes.begin(ofChanges - ofMigrations);
            survivors.begin(all - ofChanges);
            looked = 0;
        }
        final int end = Math.min(all, looked + entriesMax);
        for (; looked < end && looked < ofMigrations; looked++) {
            selectMigration(delivery, looked);
        }
        for (; looked < end && looked < ofChanges; looked++) {
            selectChange(delivery, looked, looked - ofMigrations);
        }
        for (; looked < end; looked++) {
            final EntryGroup group = delivery.survivors();
            final int survivor = looked - ofChanges;
            survivors.add(changes.isKept(group.firstField(survivor)), group.length(survivor));
        }
        if (looked < all) {
            return false;
        }
        length = lengthOfAll();
        return true;
    }

    private void selectMigration(final LargeDelivery delivery, final int migration) {
        final EntryGroup group = delivery.migrations();
        cursor.wrapEntry(group.buffer(), group.offset(migration), group.blockLength());
        final boolean kept = delivery.isApplied(migration)
                && (filters.isAll() || DeliveryFilter.matchesMigration(filters, group.buffer(), cursor));
        migrations.add(kept, group.length(migration));
    }

    private void selectChange(final LargeDelivery delivery, final int entry, final int change) {
        final EntryGroup group = delivery.changes();
        cursor.wrapEntry(group.buffer(), group.offset(change), group.blockLength());
        final boolean kept = delivery.isApplied(entry)
                && (filters.isAll() || DeliveryFilter.matchesChange(filters, group.buffer(), cursor));
        changes.add(kept, group.length(change));
    }

    private int lengthOfAll() {
        if (!filters.isAll() && migrations.count() + changes.count() == 0) {
            return 0;
        }
        return DeliveryEncoder.BODY + 3 * GROUP_HEADER + migrations.bytes() + changes.bytes() + survivors.bytes();
    }

    /**
     * Bytes of the Delivery with its message header.
     *
     * @return 0 if nothing matches
     */
    public int length() {
        return length;
    }

    /**
     * What it takes while it is kept.
     *
     * @return bytes, about
     */
    public int memoryBytes() {
        return filters.buffer().capacity() + migrations.memoryBytes() + changes.memoryBytes() + survivors.memoryBytes();
    }

    /**
     * Copies a piece of the Delivery. It says that it follows the sequence before its own, and is not marked as own.
     *
     * @param delivery the set that was selected from
     * @param pieceFrom first byte wanted
     * @param pieceLength bytes wanted; they end within {@link #length()}
     * @param newTarget gets them
     * @param newTargetOffset of the first one
     */
    public void copy(
            final LargeDelivery delivery,
            final int pieceFrom,
            final int pieceLength,
            final MutableDirectBuffer newTarget,
            final int newTargetOffset) {
        target = newTarget;
        targetOffset = newTargetOffset;
        from = pieceFrom;
        to = pieceFrom + pieceLength;
        at = 0;
        put(delivery.block(), 0, DeliveryEncoder.BODY);
        putGroup(delivery.migrations(), migrations, false);
        putGroup(delivery.changes(), changes, false);
        putGroup(delivery.survivors(), survivors, true);
    }

    private void putGroup(final EntryGroup group, final KeptEntries kept, final boolean ofSurvivors) {
        scratch.putShort(0, (short) group.blockLength(), LE);
        scratch.putShort(Short.BYTES, (short) kept.count(), LE);
        put(scratch, 0, GROUP_HEADER);
        final int start = at;
        final int end = start + kept.bytes();
        if (start < end && end > from && start < to) {
            final int block = kept.blockOf(Math.max(0, from - start));
            at = start + kept.bytesBefore(block);
            if (ofSurvivors) {
                putSurvivors(group, kept.next(kept.firstOf(block)));
            } else {
                putEntries(group, kept, kept.next(kept.firstOf(block)));
            }
        }
        at = end;
    }

    /** Those that lie one behind the other at once. */
    private void putEntries(final EntryGroup group, final KeptEntries kept, final int first) {
        int entry = first;
        while (entry >= 0 && at < to) {
            final int end = kept.nextDropped(entry);
            put(group.buffer(), group.offset(entry), group.offset(end) - group.offset(entry));
            entry = kept.next(end);
        }
    }

    /** Each names its change by its place among those that are sent. */
    private void putSurvivors(final EntryGroup group, final int first) {
        int entry = first;
        while (entry >= 0 && at < to) {
            scratch.putShort(0, (short) changes.countBefore(group.firstField(entry)), LE);
            put(scratch, 0, Short.BYTES);
            put(group.buffer(), group.offset(entry) + Short.BYTES, group.length(entry) - Short.BYTES);
            entry = survivors.next(entry + 1);
        }
    }

    /** What of the next bytes of the delivery lies in the piece. */
    private void put(final DirectBuffer source, final int offset, final int bytes) {
        final int first = Math.max(at, from);
        final int end = Math.min(at + bytes, to);
        if (first < end) {
            target.putBytes(targetOffset + first - from, source, offset + first - at, end - first);
        }
        at += bytes;
    }
}
