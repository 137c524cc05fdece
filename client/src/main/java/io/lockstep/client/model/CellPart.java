package io.lockstep.client.model;

import io.lockstep.codec.value.ValuePart;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A piece of a cell whose value is too large for a page. Immutable. {@link CellParts} puts them together.
 *
 * @param schema name of the schema
 * @param table name of the table
 * @param key primary key
 * @param column name of the column
 * @param hlc the cell's clock
 * @param offset of the bytes in the encoded value
 * @param of bytes of the whole encoded value
 * @param bytes the piece
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares pieces; what they make is compared
public record CellPart(String schema, String table, Key key, String column, Hlc hlc, int offset, int of, byte[] bytes) {
    /** Copies the bytes. */
    public CellPart {
        bytes = bytes.clone();
    }

    @Override
    public byte[] bytes() {
        return bytes.clone();
    }

    /** Of a cell, whose value is a part, as it came. */
    static CellPart decode(final Cell named, final byte[] value) {
        final UnsafeBuffer part = new UnsafeBuffer(value);
        return new CellPart(
                named.schema(),
                named.table(),
                named.key(),
                named.column(),
                named.hlc(),
                ValuePart.offset(part, 0),
                ValuePart.of(part, 0),
                Arrays.copyOfRange(value, ValuePart.HEADER_LENGTH, value.length));
    }

    /** Whether it is of the same value as another. */
    boolean isOfSameValue(final CellPart other) {
        return of == other.of
                && hlc.equals(other.hlc)
                && column.equals(other.column)
                && table.equals(other.table)
                && schema.equals(other.schema)
                && key.equals(other.key);
    }

    void copyTo(final byte[] whole) {
        System.arraycopy(bytes, 0, whole, offset, bytes.length);
    }

    int end() {
        return offset + bytes.length;
    }
}
