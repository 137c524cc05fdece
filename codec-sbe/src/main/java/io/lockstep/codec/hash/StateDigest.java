package io.lockstep.codec.hash;

import org.agrona.DirectBuffer;

/**
 * Definition of the digest of a database's live cells, version 1, for everybody who keeps or checks one.
 *
 * <p>The digest is the sum modulo 2^128 over all live cells of {@link #cell}. All hashes are keyed by the journal's
 * incarnation, its high half as k0 and its low half as k1.
 *
 * <pre>
 *  rowHash64    = SipHash-1-3-64 ( uint16 LE length, schema bytes, uint16 LE length, table bytes,
 *                                  uint16 LE length, key bytes )
 *  columnHash64 = SipHash-1-3-64 ( column name bytes )
 *  cell128      = SipHash-2-4-128( words rowHash64, columnHash64, wall &lt;&lt; 16 | counter, siteHigh, siteLow,
 *                                  opSeq as unsigned 64 bits; then the bytes of the value encoding )
 * </pre>
 *
 * <p>A word is hashed as its eight bytes in little-endian order; a 128-bit result is its sixteen bytes read as a
 * little-endian number. Not thread-safe: one instance per thread. Allocates nothing after construction.
 */
public final class StateDigest {
    /** Version of this definition, as a journal's GenesisCommand states it. */
    public static final int VERSION = 1;

    private final long k0;
    private final long k1;
    private final SipHash narrow = SipHash.sipHash13();
    private final SipHash wide = SipHash.sipHash24Wide();

    /**
     * A digest of one journal.
     *
     * @param incarnationHigh high half of the incarnation
     * @param incarnationLow low half of the incarnation
     */
    public StateDigest(final long incarnationHigh, final long incarnationLow) {
        k0 = incarnationHigh;
        k1 = incarnationLow;
    }

    /**
     * Hashes the identity of a row. Each length is 0 to 65,535.
     *
     * @param schema holds the schema's name
     * @param schemaOffset of its first byte
     * @param schemaLength bytes
     * @param table holds the table's name
     * @param tableOffset of its first byte
     * @param tableLength bytes
     * @param key holds the key, in the database's key form
     * @param keyOffset of its first byte
     * @param keyLength bytes
     * @return rowHash64
     */
    public long rowHash(
            final DirectBuffer schema,
            final int schemaOffset,
            final int schemaLength,
            final DirectBuffer table,
            final int tableOffset,
            final int tableLength,
            final DirectBuffer key,
            final int keyOffset,
            final int keyLength) {
        return narrow.init(k0, k1)
                .updateShort(schemaLength)
                .update(schema, schemaOffset, schemaLength)
                .updateShort(tableLength)
                .update(table, tableOffset, tableLength)
                .updateShort(keyLength)
                .update(key, keyOffset, keyLength)
                .finish();
    }

    /**
     * Hashes the name of a column.
     *
     * @param column holds the name
     * @param offset of its first byte
     * @param length bytes
     * @return columnHash64
     */
    public long columnHash(final DirectBuffer column, final int offset, final int length) {
        return SipHash.hash13(k0, k1, column, offset, length);
    }

    /**
     * Hashes a cell; the result is in {@link #high()} and {@link #low()} until the next call.
     *
     * @param rowHash what {@link #rowHash} gave
     * @param columnHash what {@link #columnHash} gave
     * @param wallCounter {@link #wallCounter} of the cell's clock
     * @param siteHigh first half of the cell's site
     * @param siteLow second half of the cell's site
     * @param opSeq unsigned 32 bits
     * @param value holds the value, encoded
     * @param valueOffset of its first byte
     * @param valueLength bytes
     */
    public void cell(
            final long rowHash,
            final long columnHash,
            final long wallCounter,
            final long siteHigh,
            final long siteLow,
            final int opSeq,
            final DirectBuffer value,
            final int valueOffset,
            final int valueLength) {
        beginCell(rowHash, columnHash, wallCounter, siteHigh, siteLow, opSeq);
        wide.update(value, valueOffset, valueLength).finish();
    }

    /**
     * Begins to hash a cell whose value comes in pieces; until {@link #endCell} nothing else of {@link #cell}.
     *
     * @param rowHash what {@link #rowHash} gave
     * @param columnHash what {@link #columnHash} gave
     * @param wallCounter {@link #wallCounter} of the cell's clock
     * @param siteHigh first half of the cell's site
     * @param siteLow second half of the cell's site
     * @param opSeq unsigned 32 bits
     */
    public void beginCell(
            final long rowHash,
            final long columnHash,
            final long wallCounter,
            final long siteHigh,
            final long siteLow,
            final int opSeq) {
        wide.init(k0, k1)
                .update(rowHash)
                .update(columnHash)
                .update(wallCounter)
                .update(siteHigh)
                .update(siteLow)
                .update(opSeq & 0xFFFF_FFFFL);
    }

    /**
     * Takes in the next bytes of the value. How it is cut does not matter.
     *
     * @param value holds them
     * @param offset of the first
     * @param length how many
     */
    public void addToCell(final DirectBuffer value, final int offset, final int length) {
        wide.update(value, offset, length);
    }

    /** Ends the value; the hash is in {@link #high()} and {@link #low()} until the next call. */
    public void endCell() {
        wide.finish();
    }

    /**
     * Wall and counter of a clock as one word.
     *
     * @param wall milliseconds since 1970, below 2^48
     * @param counter 0 to 65,535
     * @return wall &lt;&lt; 16 | counter; unsigned order is the order of time
     */
    public static long wallCounter(final long wall, final int counter) {
        return wall << 16 | (counter & 0xFFFF);
    }

    /**
     * Bits 64 to 127 of the last {@link #cell}.
     *
     * @return the upper half
     */
    public long high() {
        return wide.high();
    }

    /**
     * Bits 0 to 63 of the last {@link #cell}.
     *
     * @return the lower half
     */
    public long low() {
        return wide.low();
    }
}
