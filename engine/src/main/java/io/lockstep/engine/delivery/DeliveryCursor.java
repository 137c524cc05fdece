package io.lockstep.engine.delivery;

import io.lockstep.codec.DeliveryDecoder;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.MigrationKind;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * Steps over the entries of an encoded Delivery, group by group, without decoding them. A flyweight; one thread; allocates
 * nothing.
 */
public final class DeliveryCursor {
    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
    private static final int GROUP_HEADER = 4;
    private static final int MIGRATION_KIND = DeliveryDecoder.MigrationsDecoder.kindEncodingOffset();

    private DirectBuffer buffer;
    private int blockLength;
    private int count;
    private int index;
    private int entry;
    private int next;

    /**
     * Stands before the first group, the migrations.
     *
     * @param newBuffer holds a Delivery
     * @param messageOffset of its message header
     */
    public void wrap(final DirectBuffer newBuffer, final int messageOffset) {
        buffer = newBuffer;
        next = messageOffset
                + MessageHeaderDecoder.ENCODED_LENGTH
                + u16(messageOffset + MessageHeaderDecoder.blockLengthEncodingOffset());
    }

    /** Stands before a group of whatever message. */
    void wrapGroup(final DirectBuffer newBuffer, final int groupOffset) {
        buffer = newBuffer;
        next = groupOffset;
    }

    /** Stands on one entry whose place is known; it is no place to step on from. */
    void wrapEntry(final DirectBuffer newBuffer, final int entryOffset, final int entryBlockLength) {
        buffer = newBuffer;
        entry = entryOffset;
        blockLength = entryBlockLength;
    }

    /**
     * Enters the group that starts here; all entries of the one before were stepped over.
     *
     * @return how many entries it has
     */
    public int enterGroup() {
        blockLength = u16(next);
        count = u16(next + Short.BYTES);
        next += GROUP_HEADER;
        index = 0;
        return count;
    }

    /**
     * Steps to the next migration of the group.
     *
     * @return false if there is none
     */
    public boolean nextMigration() {
        return next(3, 1);
    }

    /**
     * Steps to the next change of the group.
     *
     * @return false if there is none
     */
    public boolean nextChange() {
        return next(4, 2);
    }

    /**
     * Steps to the next survivor of the group.
     *
     * @return false if there is none
     */
    public boolean nextSurvivor() {
        return next(1, 0);
    }

    private boolean next(final int names, final int texts) {
        if (index == count) {
            return false;
        }
        index++;
        entry = next;
        next += blockLength;
        for (int i = 0; i < names; i++) {
            next += Short.BYTES + u16(next);
        }
        for (int i = 0; i < texts; i++) {
            next += Integer.BYTES + buffer.getInt(next, LE);
        }
        return true;
    }

    /**
     * Where the entry starts, or the group behind the last one.
     *
     * @return offset of its block
     */
    public int entryOffset() {
        return entry;
    }

    /**
     * Where the next entry starts, or the next group.
     *
     * @return offset behind the present entry
     */
    public int nextOffset() {
        return next;
    }

    /**
     * Length of the blocks of this group.
     *
     * @return bytes
     */
    public int blockLength() {
        return blockLength;
    }

    /**
     * Where the schema's name of a migration or change is.
     *
     * @return offset of its length, a uint16
     */
    public int schemaField() {
        return entry + blockLength;
    }

    /**
     * Where the table's name of a change is, or the object's of a migration.
     *
     * @return offset of its length, a uint16
     */
    public int tableField() {
        return behind(schemaField());
    }

    /**
     * Where the key of a change is, or the former name of a migration.
     *
     * @return offset of its length, a uint16
     */
    public int thirdField() {
        return behind(tableField());
    }

    /**
     * Whether the migration is of an index, whose name is no table's.
     *
     * @return true if so
     */
    public boolean isOfIndex() {
        final int kind = buffer.getByte(entry + MIGRATION_KIND) & 0xFF;
        return kind == MigrationKind.ADD_INDEX.value() || kind == MigrationKind.DROP_INDEX.value();
    }

    /**
     * The change that a survivor belongs to.
     *
     * @return index among the changes
     */
    public int survivorOf() {
        return u16(entry);
    }

    private int behind(final int field) {
        return field + Short.BYTES + u16(field);
    }

    private int u16(final int offset) {
        return buffer.getShort(offset, LE) & 0xFFFF;
    }
}
