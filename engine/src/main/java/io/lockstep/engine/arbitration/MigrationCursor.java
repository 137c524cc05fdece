package io.lockstep.engine.arbitration;

import io.lockstep.codec.GroupSizeEncodingDecoder;
import io.lockstep.codec.MigrationKind;
import io.lockstep.codec.SubmitChangeSetDecoder.MigrationsDecoder;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * Walks the migrations of a validated SubmitChangeSet. A flyweight, reused.
 *
 * <pre>
 *   text() ............................................................. text() + textLength()
 *   | u16 | schema | u16 | object | u16 | former name | u32 | statement |
 *   text() ........................ + objectLength()
 * </pre>
 */
final class MigrationCursor {
    private static final int NAME_PREFIX = MigrationsDecoder.schemaNameHeaderLength();

    private DirectBuffer buffer;
    private int blockLength;
    private int count;
    private int index;
    private int end;

    private int opSeq;
    private int kind;
    private int version;
    private int text;
    private int objectLength;

    /** Stands before the first migration. */
    void wrap(final DirectBuffer newBuffer, final int groupOffset) {
        buffer = newBuffer;
        blockLength = uint16(groupOffset + GroupSizeEncodingDecoder.blockLengthEncodingOffset());
        count = uint16(groupOffset + GroupSizeEncodingDecoder.numInGroupEncodingOffset());
        index = -1;
        end = groupOffset + MigrationsDecoder.sbeHeaderSize();
    }

    boolean next() {
        if (index + 1 >= count) {
            return false;
        }
        index++;
        final int entry = end;
        opSeq = buffer.getInt(entry + MigrationsDecoder.opSeqEncodingOffset(), ByteOrder.LITTLE_ENDIAN);
        kind = buffer.getByte(entry + MigrationsDecoder.kindEncodingOffset()) & 0xFF;
        version = buffer.getInt(entry + MigrationsDecoder.versionEncodingOffset(), ByteOrder.LITTLE_ENDIAN);
        text = entry + blockLength;
        objectLength = NAME_PREFIX + uint16(text);
        objectLength += NAME_PREFIX + uint16(text + objectLength);
        final int former = text + objectLength;
        final int statement = former + NAME_PREFIX + uint16(former);
        end = statement + MigrationsDecoder.ddlHeaderLength() + buffer.getInt(statement, ByteOrder.LITTLE_ENDIAN);
        return true;
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

    /** Where the next migration starts, or the group ends. */
    int end() {
        return end;
    }

    /** Unsigned. */
    int opSeq() {
        return opSeq;
    }

    int kind() {
        return kind;
    }

    /** Whether the object is an index and not a table. */
    boolean isIndex() {
        return isIndex(kind);
    }

    static boolean isIndex(final int kind) {
        return kind == MigrationKind.ADD_INDEX.value() || kind == MigrationKind.DROP_INDEX.value();
    }

    int version() {
        return version;
    }

    int text() {
        return text;
    }

    int textLength() {
        return end - text;
    }

    /** Bytes from {@link #text()} on that are schema and object. */
    int objectLength() {
        return objectLength;
    }

    private int uint16(final int offset) {
        return buffer.getShort(offset, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }
}
