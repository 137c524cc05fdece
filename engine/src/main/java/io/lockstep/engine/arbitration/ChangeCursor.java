package io.lockstep.engine.arbitration;

import io.lockstep.codec.ChangeOp;
import io.lockstep.codec.GroupSizeEncodingDecoder;
import io.lockstep.codec.SubmitChangeSetDecoder.ChangesDecoder;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * Walks the changes of a validated SubmitChangeSet and tells where the parts of each lie. A flyweight, reused.
 *
 * <p>The encoding puts schema, table and key next to one another, each after its length; together they are the identity
 * of the row, and are hashed and compared as one run of bytes:
 *
 * <pre>
 *   row() .................................................. row() + rowLength()
 *   | u16 | schema | u16 | table | u16 | key |
 *   row() ....................... + tableLength()
 * </pre>
 */
final class ChangeCursor {
    private static final int NAME_PREFIX = ChangesDecoder.schemaNameHeaderLength();
    private static final int BYTES_PREFIX = ChangesDecoder.valueHeaderLength();

    private DirectBuffer buffer;
    private int group;
    private int blockLength;
    private int count;
    private int index;
    private int entry;
    private int end;

    private int opSeq;
    private boolean delete;
    private int tableLength;
    private int row;
    private int rowLength;
    private int column;
    private int columnLength;
    private int value;
    private int valueLength;
    private int beforeLength;

    /** Stands before the first change. */
    void wrap(final DirectBuffer newBuffer, final int groupOffset) {
        buffer = newBuffer;
        group = groupOffset;
        blockLength = uint16(groupOffset + GroupSizeEncodingDecoder.blockLengthEncodingOffset());
        count = uint16(groupOffset + GroupSizeEncodingDecoder.numInGroupEncodingOffset());
        index = -1;
        end = groupOffset + ChangesDecoder.sbeHeaderSize();
        entry = end;
    }

    /** Stands at a row that is laid out as in a change, but without the change around it. */
    void wrapRow(final DirectBuffer newBuffer, final int rowOffset) {
        buffer = newBuffer;
        count = 0;
        index = 0;
        row = rowOffset;
        tableLength = NAME_PREFIX + uint16(row);
        tableLength += NAME_PREFIX + uint16(row + tableLength);
        rowLength = tableLength + NAME_PREFIX + uint16(row + tableLength);
    }

    /** Stands at a value alone. */
    void wrapValue(final DirectBuffer newBuffer, final int valueOffset, final int newValueLength, final int newOpSeq) {
        buffer = newBuffer;
        value = valueOffset;
        valueLength = newValueLength;
        opSeq = newOpSeq;
    }

    /** Stands before the first change again. */
    void rewind() {
        wrap(buffer, group);
    }

    boolean next() {
        if (index + 1 >= count) {
            return false;
        }
        index++;
        entry = end;
        opSeq = buffer.getInt(entry + ChangesDecoder.opSeqEncodingOffset(), ByteOrder.LITTLE_ENDIAN);
        delete = buffer.getByte(entry + ChangesDecoder.opEncodingOffset()) == ChangeOp.DELETE.value();
        row = entry + blockLength;
        tableLength = NAME_PREFIX + uint16(row);
        tableLength += NAME_PREFIX + uint16(row + tableLength);
        rowLength = tableLength + NAME_PREFIX + uint16(row + tableLength);
        column = row + rowLength + NAME_PREFIX;
        columnLength = uint16(column - NAME_PREFIX);
        value = column + columnLength + BYTES_PREFIX;
        valueLength = buffer.getInt(value - BYTES_PREFIX, ByteOrder.LITTLE_ENDIAN);
        final int before = value + valueLength;
        beforeLength = buffer.getInt(before, ByteOrder.LITTLE_ENDIAN);
        end = before + BYTES_PREFIX + beforeLength;
        return true;
    }

    /** Whether there is no change after the one at which it stands. */
    boolean isAtEnd() {
        return index + 1 >= count;
    }

    DirectBuffer buffer() {
        return buffer;
    }

    int count() {
        return count;
    }

    int index() {
        return index;
    }

    /** Where the change's fixed part starts. */
    int entry() {
        return entry;
    }

    /** Where the next change starts, or the group ends. */
    int end() {
        return end;
    }

    /** Unsigned. */
    int opSeq() {
        return opSeq;
    }

    boolean isDelete() {
        return delete;
    }

    /** Where the identity of the row starts. */
    int row() {
        return row;
    }

    int rowLength() {
        return rowLength;
    }

    /** Bytes from {@link #row()} on that are schema and table. */
    int tableLength() {
        return tableLength;
    }

    int key() {
        return row + tableLength + NAME_PREFIX;
    }

    int keyLength() {
        return rowLength - tableLength - NAME_PREFIX;
    }

    int column() {
        return column;
    }

    int columnLength() {
        return columnLength;
    }

    int value() {
        return value;
    }

    int valueLength() {
        return valueLength;
    }

    /** Bytes of the before-image. */
    int beforeLength() {
        return beforeLength;
    }

    private int uint16(final int offset) {
        return buffer.getShort(offset, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }
}
