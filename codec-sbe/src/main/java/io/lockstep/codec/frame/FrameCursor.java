package io.lockstep.codec.frame;

import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.value.HlcDescriptor;
import io.lockstep.codec.value.Utf8;
import io.lockstep.codec.value.ValueReader;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * A bounded place in a message that only moves forward. Every step first makes sure that what it reads lies before the
 * end, in subtracting form, so that no sum of hostile numbers can overflow; then that it keeps to its limit. A step that
 * fails has noted why in the {@link Refusal} and returns false.
 */
final class FrameCursor {
    private static final int GROUP_HEADER_LENGTH = 4;

    private final Refusal refusal;
    private DirectBuffer buffer;
    private FrameLimits limits;
    private ErrorCode ruleCode;
    private int position;
    private int end;
    private int block;
    private int groupBlockLength;
    private int groupCount;
    private int dataOffset;
    private int dataLength;
    private boolean blocksMayGrow;
    private boolean versionMayGrow;

    FrameCursor(final Refusal refusal) {
        this.refusal = refusal;
    }

    void wrap(final DirectBuffer newBuffer, final int offset, final int length, final FrameLimits newLimits) {
        newBuffer.boundsCheck(offset, length);
        buffer = newBuffer;
        position = offset;
        end = offset + length;
        limits = newLimits;
        ruleCode = ErrorCode.MALFORMED_FRAME;
        versionMayGrow = false;
    }

    /**
     * Takes longer blocks whatever the version says: a node passes on what a client of a later version submitted, in
     * messages of its own version.
     */
    void letBlocksGrow() {
        versionMayGrow = true;
    }

    /** From now on, rules that are not structural are answered with this code. */
    void ruleCode(final ErrorCode code) {
        ruleCode = code;
    }

    FrameLimits limits() {
        return limits;
    }

    int position() {
        return position;
    }

    int end() {
        return end;
    }

    /** Narrows the end to that of a message inside the message. */
    void end(final int newEnd) {
        end = newEnd;
    }

    void position(final int newPosition) {
        position = newPosition;
    }

    /** Steps over a message header and its root block, which only in a later version may be longer than the schema's. */
    boolean rootBlock(final int schemaLength) {
        final int length = u16(position + MessageHeaderDecoder.blockLengthEncodingOffset());
        final int version = u16(position + MessageHeaderDecoder.versionEncodingOffset());
        blocksMayGrow = versionMayGrow || version > MessageHeaderDecoder.SCHEMA_VERSION;
        position += MessageHeaderDecoder.ENCODED_LENGTH;
        return blockLength("message", schemaLength, length) && step(length, "message");
    }

    boolean group(final String name, final int schemaLength) {
        refusal.leaveGroup();
        if (end - position < GROUP_HEADER_LENGTH) {
            return refuse(Rule.TRUNCATED, name, end - position, GROUP_HEADER_LENGTH);
        }
        groupBlockLength = u16(position);
        groupCount = u16(position + Short.BYTES);
        position += GROUP_HEADER_LENGTH;
        if (!blockLength(name, schemaLength, groupBlockLength)) {
            return false;
        }
        final long blocks = (long) groupCount * groupBlockLength;
        if (blocks > end - position) {
            return refuse(Rule.TRUNCATED, name, end - position, blocks);
        }
        refusal.enterGroup(name);
        return true;
    }

    int groupCount() {
        return groupCount;
    }

    boolean entry(final int index) {
        refusal.entry(index);
        return step(groupBlockLength, "block");
    }

    /** For groups without variable data: all entries at once. */
    boolean skipEntries() {
        return step(groupCount * groupBlockLength, "block");
    }

    void leaveGroup() {
        refusal.leaveGroup();
    }

    /** Nothing may be left over. */
    boolean complete() {
        refusal.leaveGroup();
        return position == end || refuse(Rule.LEFT_OVER, "message", 0, end - position);
    }

    // ---- fields of the current block

    int u8(final int fieldOffset) {
        return buffer.getByte(block + fieldOffset) & 0xFF;
    }

    int u16Field(final int fieldOffset) {
        return u16(block + fieldOffset);
    }

    long u32(final int fieldOffset) {
        return buffer.getInt(block + fieldOffset, ByteOrder.LITTLE_ENDIAN) & 0xFFFF_FFFFL;
    }

    long i64(final int fieldOffset) {
        return buffer.getLong(block + fieldOffset, ByteOrder.LITTLE_ENDIAN);
    }

    boolean notNegative(final String field, final int fieldOffset) {
        return atLeast(field, i64(fieldOffset), 0);
    }

    boolean atLeast(final String field, final long value, final long min) {
        return value >= min || refuse(Rule.OUT_OF_RANGE, field, min, value);
    }

    boolean atMost(final String field, final long value, final long max) {
        return value <= max || refuse(Rule.OUT_OF_RANGE, field, max, value);
    }

    /** A byte that is one of 0 to max. */
    boolean choice(final String field, final int fieldOffset, final int max) {
        return atMost(field, u8(fieldOffset), max);
    }

    /** A set of flags of one byte: no bit above those that this version knows. */
    boolean flags(final String field, final int fieldOffset, final int known) {
        final int bits = u8(fieldOffset);
        return (bits & ~known) == 0 || refuse(Rule.UNKNOWN_BITS, field, known, bits);
    }

    boolean wall(final String field, final int fieldOffset) {
        return wallInRange(field, i64(fieldOffset));
    }

    boolean hlc(final String field, final int fieldOffset) {
        return wallInRange(field, HlcDescriptor.wall(buffer, block + fieldOffset));
    }

    // ---- variable data

    /** Steps over data with a 16-bit length; it is then at {@link #dataOffset}. */
    boolean data16(final String field, final int lengthMax) {
        if (end - position < Short.BYTES) {
            return refuse(Rule.TRUNCATED, field, end - position, Short.BYTES);
        }
        final int length = u16(position);
        position += Short.BYTES;
        return data(field, length, lengthMax);
    }

    /** Steps over data with a 32-bit length; it is then at {@link #dataOffset}. */
    boolean data32(final String field, final int lengthMax) {
        if (end - position < Integer.BYTES) {
            return refuse(Rule.TRUNCATED, field, end - position, Integer.BYTES);
        }
        final long length = buffer.getInt(position, ByteOrder.LITTLE_ENDIAN) & 0xFFFF_FFFFL;
        position += Integer.BYTES;
        return data(field, length, lengthMax);
    }

    int dataOffset() {
        return dataOffset;
    }

    int dataLength() {
        return dataLength;
    }

    /** A name of schema, table, column or index: 1 byte up to the limit. */
    boolean name(final String field) {
        return optionalName(field) && notEmpty(field);
    }

    boolean optionalName(final String field) {
        return text16(field, limits.nameBytesMax());
    }

    boolean text16(final String field, final int lengthMax) {
        return data16(field, lengthMax) && utf8(field);
    }

    boolean text32(final String field, final int lengthMax) {
        return data32(field, lengthMax) && utf8(field);
    }

    boolean databaseName(final String field) {
        if (!data16(field, FrameLimits.DATABASE_NAME_BYTES_MAX) || !notEmpty(field)) {
            return false;
        }
        for (int i = 0; i < dataLength; i++) {
            final int character = buffer.getByte(dataOffset + i);
            if (!isNameCharacter(character)) {
                return refuse(Rule.NOT_A_NAME, field, Refusal.NONE, character & 0xFF);
            }
        }
        return true;
    }

    boolean key(final String field) {
        if (!data16(field, limits.keyBytesMax()) || !notEmpty(field)) {
            return false;
        }
        final int parts = ValueReader.keyParts(buffer, dataOffset, dataLength);
        if (parts < 0) {
            return refusal.refuseValue(ruleCode, Rule.NOT_A_KEY, field, parts);
        }
        return parts <= limits.keyPartsMax() || refuse(Rule.TOO_MANY, field, limits.keyPartsMax(), parts);
    }

    boolean empty(final String field) {
        return dataLength == 0 || refuse(Rule.NOT_EMPTY, field, 0, dataLength);
    }

    boolean notEmpty(final String field) {
        return dataLength > 0 || refuse(Rule.EMPTY, field, 1, 0);
    }

    /** The data just stepped over is exactly one value, but for bytes that stand before it. */
    boolean oneValue(final String field, final int before) {
        final int offset = dataOffset + before;
        final int dataEnd = dataOffset + dataLength;
        final int length = offset <= dataEnd ? ValueReader.valueLength(buffer, offset, dataEnd) : ValueReader.TRUNCATED;
        return length == dataEnd - offset || refusal.refuseValue(ruleCode, Rule.NOT_A_VALUE, field, length);
    }

    /** The data just stepped over is a clock and exactly one value. */
    boolean clockAndValue(final String field) {
        if (dataLength < HlcDescriptor.LENGTH) {
            return refuse(Rule.NOT_A_VALUE, field, HlcDescriptor.LENGTH, dataLength);
        }
        return wallInRange(field, HlcDescriptor.wall(buffer, dataOffset)) && oneValue(field, HlcDescriptor.LENGTH);
    }

    /** The data just stepped over is any number of values. */
    boolean values(final String field) {
        final int dataEnd = dataOffset + dataLength;
        int index = dataOffset;
        while (index < dataEnd) {
            final int length = ValueReader.valueLength(buffer, index, dataEnd);
            if (length < 0) {
                return refusal.refuseValue(ruleCode, Rule.NOT_VALUES, field, length);
            }
            index += length;
        }
        return true;
    }

    /** Every byte of the data just stepped over is one of 0 to max. */
    boolean choices(final String field, final int max) {
        for (int i = 0; i < dataLength; i++) {
            if (!atMost(field, buffer.getByte(dataOffset + i) & 0xFF, max)) {
                return false;
            }
        }
        return true;
    }

    boolean refuse(final Rule rule, final String field, final long limit, final long actual) {
        return refusal.refuse(rule.structural() ? ErrorCode.MALFORMED_FRAME : ruleCode, rule, field, limit, actual);
    }

    boolean refuseAs(final ErrorCode code, final Rule rule, final String field, final long limit, final long actual) {
        return refusal.refuse(code, rule, field, limit, actual);
    }

    int headerField(final int fieldOffset) {
        return u16(position + fieldOffset);
    }

    private boolean blockLength(final String field, final int schemaLength, final int length) {
        if (length < schemaLength) {
            return refuse(Rule.SHORT_BLOCK, field, schemaLength, length);
        }
        return length == schemaLength || blocksMayGrow || refuse(Rule.LONG_BLOCK, field, schemaLength, length);
    }

    private boolean utf8(final String field) {
        final int bad = Utf8.firstInvalid(buffer, dataOffset, dataLength);
        return bad == Utf8.VALID || refuse(Rule.NOT_UTF8, field, Refusal.NONE, bad);
    }

    private boolean wallInRange(final String field, final long wall) {
        return (wall >= 0 && wall < HlcDescriptor.WALL_LIMIT)
                || refuse(Rule.OUT_OF_RANGE, field, HlcDescriptor.WALL_LIMIT - 1, wall);
    }

    private boolean data(final String field, final long length, final int lengthMax) {
        if (length > end - position) {
            return refuse(Rule.TRUNCATED, field, end - position, length);
        }
        dataOffset = position;
        dataLength = (int) length;
        position += dataLength;
        return length <= lengthMax || refuse(Rule.TOO_LONG, field, lengthMax, length);
    }

    private boolean step(final int length, final String field) {
        if (length > end - position) {
            return refuse(Rule.TRUNCATED, field, end - position, length);
        }
        block = position;
        position += length;
        return true;
    }

    private int u16(final int index) {
        return buffer.getShort(index, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }

    private static boolean isNameCharacter(final int character) {
        return (character >= 'a' && character <= 'z')
                || (character >= 'A' && character <= 'Z')
                || (character >= '0' && character <= '9')
                || character == '.'
                || character == '_'
                || character == ':'
                || character == '-';
    }
}
