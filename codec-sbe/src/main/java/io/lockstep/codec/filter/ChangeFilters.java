package io.lockstep.codec.filter;

import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.SubscribeDecoder;
import io.lockstep.codec.value.QuereusKeyForm;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The filters of a Subscribe, a ChangeSubscription or a ReadState: a change matches if its table and its key match one of
 * them; without any, everything does. Immutable but for {@link #wrap}: whoever shares one between threads wraps it no
 * more.
 */
public final class ChangeFilters {
    /** Everything matches. */
    public static final ChangeFilters ALL = new ChangeFilters();

    private static final int GROUP_HEADER = 4;
    private static final int FIELDS = 4;
    private static final int TABLE = 0;
    private static final int TABLE_LENGTH = 1;
    private static final int PREFIX = 2;
    private static final int PREFIX_LENGTH = 3;

    private final UnsafeBuffer bytes = new UnsafeBuffer(0, 0);
    private int[] fields = new int[0];
    private int count;

    /** Matches everything until it is wrapped. */
    public ChangeFilters() {}

    /**
     * Where the filters of a validated message start.
     *
     * @param message holds it
     * @param offset of its message header
     * @return offset of the group; -1 if the version of the message has none
     */
    public static int groupOffset(final DirectBuffer message, final int offset) {
        final int version = u16(message, offset + MessageHeaderDecoder.versionEncodingOffset());
        final int blockLength = u16(message, offset + MessageHeaderDecoder.blockLengthEncodingOffset());
        return version < SubscribeDecoder.filtersDecoderSinceVersion()
                ? -1
                : offset + MessageHeaderDecoder.ENCODED_LENGTH + blockLength;
    }

    /**
     * How many filters there are.
     *
     * @param message holds them
     * @param group from {@link #groupOffset}
     * @return a count
     */
    public static int count(final DirectBuffer message, final int group) {
        return group < 0 ? 0 : u16(message, group + Short.BYTES);
    }

    /**
     * How long the filters are, group header included.
     *
     * @param message holds them, validated
     * @param group from {@link #groupOffset}
     * @return bytes
     */
    public static int length(final DirectBuffer message, final int group) {
        if (group < 0) {
            return 0;
        }
        final int blockLength = u16(message, group);
        final int count = count(message, group);
        int next = group + GROUP_HEADER;
        for (int i = 0; i < count; i++) {
            next += blockLength;
            next += Short.BYTES + u16(message, next);
            next += Short.BYTES + u16(message, next);
        }
        return next - group;
    }

    /**
     * Takes a copy of the filters of a validated message.
     *
     * @param message holds them
     * @param group from {@link #groupOffset}
     * @param fold whether keys of the database are in the quereus key form, so that prefixes must be
     * @return this
     */
    public ChangeFilters wrap(final DirectBuffer message, final int group, final boolean fold) {
        count = count(message, group);
        if (count == 0) {
            return this;
        }
        final int length = length(message, group);
        final boolean folding = fold && needsFolding(message, group);
        final int room = folding ? QuereusKeyForm.foldedLengthMax(length) : length;
        if (bytes.capacity() < room) {
            bytes.wrap(new byte[room]);
        }
        if (fields.length < count * FIELDS) {
            fields = new int[count * FIELDS];
        }
        final int blockLength = u16(message, group);
        int read = group + GROUP_HEADER;
        int written = 0;
        for (int i = 0; i < count; i++) {
            read += blockLength;
            final int tableLength = u16(message, read);
            bytes.putBytes(written, message, read + Short.BYTES, tableLength);
            set(i, TABLE, written, tableLength);
            written += tableLength;
            read += Short.BYTES + tableLength;
            final int prefixLength = u16(message, read);
            final int kept = putPrefix(message, read + Short.BYTES, prefixLength, written, folding);
            set(i, PREFIX, written, kept);
            written += kept;
            read += Short.BYTES + prefixLength;
        }
        if (folding) {
            // There was room for the worst case, and this may be kept for long.
            final byte[] kept = new byte[written];
            bytes.getBytes(0, kept);
            bytes.wrap(kept);
        }
        return this;
    }

    private static boolean needsFolding(final DirectBuffer message, final int group) {
        final int blockLength = u16(message, group);
        int read = group + GROUP_HEADER;
        for (int i = count(message, group); i > 0; i--) {
            read += blockLength;
            read += Short.BYTES + u16(message, read);
            final int prefixLength = u16(message, read);
            if (QuereusKeyForm.needsFolding(message, read + Short.BYTES, prefixLength)) {
                return true;
            }
            read += Short.BYTES + prefixLength;
        }
        return false;
    }

    private int putPrefix(
            final DirectBuffer message, final int offset, final int length, final int target, final boolean fold) {
        if (fold && QuereusKeyForm.needsFolding(message, offset, length)) {
            return QuereusKeyForm.fold(message, offset, length, bytes, target);
        }
        bytes.putBytes(target, message, offset, length);
        return length;
    }

    private void set(final int filter, final int field, final int offset, final int length) {
        fields[filter * FIELDS + field] = offset;
        fields[filter * FIELDS + field + 1] = length;
    }

    /**
     * Whether everything matches.
     *
     * @return true if there is no filter
     */
    public boolean isAll() {
        return count == 0;
    }

    /**
     * Filters.
     *
     * @return a count
     */
    public int count() {
        return count;
    }

    /**
     * Holds globs and prefixes.
     *
     * @return not to be written to
     */
    public DirectBuffer buffer() {
        return bytes;
    }

    /**
     * Where a filter's glob is.
     *
     * @param filter from 0
     * @return offset in {@link #buffer()}
     */
    public int tableOffset(final int filter) {
        return fields[filter * FIELDS + TABLE];
    }

    /**
     * How long a filter's glob is.
     *
     * @param filter from 0
     * @return bytes
     */
    public int tableLength(final int filter) {
        return fields[filter * FIELDS + TABLE_LENGTH];
    }

    /**
     * Where a filter's key prefix is.
     *
     * @param filter from 0
     * @return offset in {@link #buffer()}
     */
    public int prefixOffset(final int filter) {
        return fields[filter * FIELDS + PREFIX];
    }

    /**
     * How long a filter's key prefix is.
     *
     * @param filter from 0
     * @return bytes, 0 if every key matches
     */
    public int prefixLength(final int filter) {
        return fields[filter * FIELDS + PREFIX_LENGTH];
    }

    /**
     * Whether one filter's glob matches a table.
     *
     * @param filter from 0
     * @param names holds the names, each behind its length, a uint16
     * @param schemaField offset of the length of the schema's name
     * @param tableField offset of the length of the table's name
     * @return true if it does
     */
    public boolean matchesTable(
            final int filter, final DirectBuffer names, final int schemaField, final int tableField) {
        return TableGlob.matches(
                bytes,
                tableOffset(filter),
                tableLength(filter),
                names,
                schemaField + Short.BYTES,
                u16(names, schemaField),
                tableField + Short.BYTES,
                u16(names, tableField));
    }

    /**
     * Whether one filter's prefix matches a key. Values say where they end, so that the same bytes are the same parts.
     *
     * @param filter from 0
     * @param buffer holds the key
     * @param key offset of its first part
     * @param keyLength bytes
     * @return true if the key starts with the prefix
     */
    public boolean matchesKey(final int filter, final DirectBuffer buffer, final int key, final int keyLength) {
        final int length = prefixLength(filter);
        if (length > keyLength) {
            return false;
        }
        final int prefix = prefixOffset(filter);
        for (int i = 0; i < length; i++) {
            if (bytes.getByte(prefix + i) != buffer.getByte(key + i)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether a change matches.
     *
     * @param buffer holds names and key, each behind its length, a uint16
     * @param schemaField offset of the length of the schema's name
     * @param tableField offset of the length of the table's name
     * @param keyField offset of the length of the key
     * @return true if one filter does, or there is none
     */
    public boolean matches(final DirectBuffer buffer, final int schemaField, final int tableField, final int keyField) {
        for (int i = 0; i < count; i++) {
            // The key first: it costs least.
            if (matchesKey(i, buffer, keyField + Short.BYTES, u16(buffer, keyField))
                    && matchesTable(i, buffer, schemaField, tableField)) {
                return true;
            }
        }
        return count == 0;
    }

    /**
     * Whether something in a table may match.
     *
     * @param names holds the names, each behind its length, a uint16
     * @param schemaField offset of the length of the schema's name
     * @param tableField offset of the length of the table's name
     * @return true if one filter's glob does, or there is none
     */
    public boolean matchesTable(final DirectBuffer names, final int schemaField, final int tableField) {
        for (int i = 0; i < count; i++) {
            if (matchesTable(i, names, schemaField, tableField)) {
                return true;
            }
        }
        return count == 0;
    }

    @Override
    public boolean equals(final Object other) {
        return this == other || (other instanceof ChangeFilters that && hasContent(that));
    }

    private boolean hasContent(final ChangeFilters that) {
        if (count != that.count) {
            return false;
        }
        for (int i = 0; i < count * FIELDS; i++) {
            if (fields[i] != that.fields[i]) {
                return false;
            }
        }
        final int end = end();
        for (int i = 0; i < end; i++) {
            if (bytes.getByte(i) != that.bytes.getByte(i)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        int hash = Arrays.hashCode(Arrays.copyOf(fields, count * FIELDS));
        final int end = end();
        for (int i = 0; i < end; i++) {
            hash = 31 * hash + bytes.getByte(i);
        }
        return hash;
    }

    private int end() {
        return count == 0 ? 0 : prefixOffset(count - 1) + prefixLength(count - 1);
    }

    private static int u16(final DirectBuffer buffer, final int index) {
        return buffer.getShort(index, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }
}
