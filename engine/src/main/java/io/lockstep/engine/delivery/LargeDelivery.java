package io.lockstep.engine.delivery;

import io.lockstep.codec.LargeSetCommandDecoder;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.engine.record.LargeSetParts;
import io.lockstep.engine.record.RecordView;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A large change set in memory, once, as its records have it, for all whom a part of it is sent; {@link LargeSelection}
 * says which bytes those are. It is made a slice at a time: parts, the record that ends them, and then {@link #index}.
 * The memory is that of its message and record, and some 4 bytes for each entry. One thread.
 */
public final class LargeDelivery implements AutoCloseable {
    private final LargeSetParts parts = new LargeSetParts();
    private final LargeSetCommandDecoder largeSet = new LargeSetCommandDecoder();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final RecordView view = new RecordView();
    private final UnsafeBuffer block = new UnsafeBuffer(new byte[DeliveryEncoder.BODY]);
    private final DeliveryCursor cursor = new DeliveryCursor();
    private final EntryGroup migrations = new EntryGroup();
    private final EntryGroup changes = new EntryGroup();
    private final EntryGroup survivors = new EntryGroup();
    private boolean survivorsEntered;
    private boolean changesEntered;

    /**
     * Where the first part of a large change set lies.
     *
     * @param record a LARGE_CHANGE_SET
     * @return a position
     */
    public static long firstPart(final RecordView record) {
        return new LargeSetCommandDecoder()
                .wrapAndApplyHeader(record.buffer(), record.commandOffset(), new MessageHeaderDecoder())
                .firstPart();
    }

    /**
     * Takes a part.
     *
     * @param record a SET_PART
     * @return false if it does not follow the one before
     */
    public boolean onPart(final RecordView record) {
        return parts.onPart(record);
    }

    /**
     * Takes the record that makes the parts a change set; a copy of it is kept.
     *
     * @param record a LARGE_CHANGE_SET
     * @return false if its parts are not all there
     */
    public boolean onLargeSet(final RecordView record) {
        if (!parts.areWhole(record)) {
            return false;
        }
        final UnsafeBuffer copy = new UnsafeBuffer(new byte[record.length()]);
        copy.putBytes(0, record.buffer(), record.offset(), record.length());
        view.wrap(copy, 0, record.length());
        final long stampedTimeMs =
                largeSet.wrapAndApplyHeader(copy, view.commandOffset(), header).stampedTimeMs();
        DeliveryEncoder.putBlock(view, 0, parts.buffer(), stampedTimeMs, block, 0);
        cursor.wrap(parts.buffer(), 0);
        enter(migrations, parts.buffer());
        changesEntered = false;
        survivorsEntered = false;
        return true;
    }

    private void enter(final EntryGroup group, final DirectBuffer buffer) {
        final int count = cursor.enterGroup();
        group.begin(buffer, count, cursor.blockLength(), cursor.nextOffset());
    }

    /**
     * Finds out where the next entries are, after {@link #onLargeSet}.
     *
     * @param entriesMax of a slice
     * @return true when all are known
     */
    public boolean index(final int entriesMax) {
        int left = entriesMax;
        while (left-- > 0) {
            if (!migrations.isComplete()) {
                cursor.nextMigration();
                migrations.add(cursor.nextOffset());
            } else if (!changesEntered) {
                enter(changes, parts.buffer());
                changesEntered = true;
            } else if (!changes.isComplete()) {
                cursor.nextChange();
                changes.add(cursor.nextOffset());
            } else if (!survivorsEntered) {
                cursor.wrapGroup(view.buffer(), view.survivorsOffset());
                enter(survivors, view.buffer());
                survivorsEntered = true;
            } else if (!survivors.isComplete()) {
                cursor.nextSurvivor();
                survivors.add(cursor.nextOffset());
            } else {
                return true;
            }
        }
        return false;
    }

    /** The delivery's message header and block. */
    DirectBuffer block() {
        return block;
    }

    EntryGroup migrations() {
        return migrations;
    }

    EntryGroup changes() {
        return changes;
    }

    EntryGroup survivors() {
        return survivors;
    }

    /** Whether an entry had an effect; migrations come first. */
    boolean isApplied(final int entry) {
        return view.buffer().getByte(view.outcomesOffset() + entry) == DeliveryEncoder.APPLIED;
    }

    /** Gives the memory of the message back. It may be made anew. */
    @Override
    public void close() {
        parts.close();
    }
}
