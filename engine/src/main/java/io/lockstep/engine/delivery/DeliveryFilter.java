package io.lockstep.engine.delivery;

import io.lockstep.codec.filter.ChangeFilters;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Leaves of an encoded Delivery what a subscription's filters match: changes by table and key, migrations by the table
 * that they name whatever the key, those of an index always. Survivors follow their deletes. One thread; allocates nothing
 * once it has seen a delivery of the size.
 */
public final class DeliveryFilter {
    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
    private static final int GROUP_HEADER = 4;
    private static final int DROPPED = -1;

    private final DeliveryCursor cursor = new DeliveryCursor();
    /** For each migration DROPPED or not; then for each change DROPPED or its new index. */
    private int[] kept = new int[64];

    private DirectBuffer source;
    private MutableDirectBuffer target;
    private int migrations;
    private int changes;
    private int keptMigrations;
    private int keptChanges;
    private int written;

    /**
     * Looks at a delivery, and remembers what of it matches for {@link #copy}.
     *
     * @param filters of the subscription
     * @param buffer holds the Delivery
     * @param offset of its message header
     * @return entries that match
     */
    public int match(final ChangeFilters filters, final DirectBuffer buffer, final int offset) {
        source = buffer;
        cursor.wrap(buffer, offset);
        migrations = cursor.enterGroup();
        room(migrations);
        keptMigrations = 0;
        for (int i = 0; cursor.nextMigration(); i++) {
            kept[i] = matchesMigration(filters, buffer, cursor) ? keptMigrations++ : DROPPED;
        }
        changes = cursor.enterGroup();
        room(migrations + changes);
        keptChanges = 0;
        for (int i = migrations; cursor.nextChange(); i++) {
            kept[i] = matchesChange(filters, buffer, cursor) ? keptChanges++ : DROPPED;
        }
        return keptMigrations + keptChanges;
    }

    /**
     * Whether all of what {@link #match} looked at matches, so that it may be sent as it is.
     *
     * @return true if so
     */
    public boolean isWhole() {
        return keptMigrations == migrations && keptChanges == changes;
    }

    static boolean matchesMigration(
            final ChangeFilters filters, final DirectBuffer source, final DeliveryCursor cursor) {
        return cursor.isOfIndex()
                || filters.matchesTable(source, cursor.schemaField(), cursor.tableField())
                || (source.getShort(cursor.thirdField(), LE) != 0
                        && filters.matchesTable(source, cursor.schemaField(), cursor.thirdField()));
    }

    static boolean matchesChange(final ChangeFilters filters, final DirectBuffer source, final DeliveryCursor cursor) {
        return filters.matches(source, cursor.schemaField(), cursor.tableField(), cursor.thirdField());
    }

    private void room(final int entries) {
        if (entries > kept.length) {
            kept = Arrays.copyOf(kept, Math.max(entries, 2 * kept.length));
        }
    }

    /**
     * Copies what {@link #match} found in the same delivery; nothing else of it changes.
     *
     * @param offset of its message header
     * @param newTarget gets the message; may be the buffer that it is in
     * @param targetOffset where it starts; may be the same place
     * @return bytes, at most those of the whole
     */
    public int copy(final int offset, final MutableDirectBuffer newTarget, final int targetOffset) {
        target = newTarget;
        written = targetOffset;
        // Blocks may be longer than this version's: what is not known of them goes along.
        cursor.wrap(source, offset);
        put(offset, cursor.nextOffset());
        copyGroup(0, keptMigrations, true);
        copyGroup(migrations, keptChanges, false);
        copySurvivors();
        return written - targetOffset;
    }

    private void copyGroup(final int firstKept, final int count, final boolean ofMigrations) {
        cursor.enterGroup();
        putGroupHeader(count);
        int i = firstKept;
        while (ofMigrations ? cursor.nextMigration() : cursor.nextChange()) {
            if (kept[i++] != DROPPED) {
                put(cursor.entryOffset(), cursor.nextOffset());
            }
        }
    }

    private void copySurvivors() {
        cursor.enterGroup();
        final int header = written;
        putGroupHeader(0);
        int count = 0;
        while (cursor.nextSurvivor()) {
            final int change = kept[migrations + cursor.survivorOf()];
            if (change != DROPPED) {
                final int at = written;
                put(cursor.entryOffset(), cursor.nextOffset());
                target.putShort(at, (short) change, LE);
                count++;
            }
        }
        target.putShort(header + Short.BYTES, (short) count, LE);
    }

    private void putGroupHeader(final int count) {
        final int blockLength = cursor.blockLength();
        target.putShort(written, (short) blockLength, LE);
        target.putShort(written + Short.BYTES, (short) count, LE);
        written += GROUP_HEADER;
    }

    private void put(final int from, final int to) {
        target.putBytes(written, source, from, to - from);
        written += to - from;
    }
}
