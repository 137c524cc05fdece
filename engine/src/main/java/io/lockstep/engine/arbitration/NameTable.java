package io.lockstep.engine.arbitration;

import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Names, each once, by a number that counts up from 0 and never changes. A name has a 64-bit hash for digests beside it.
 *
 * <pre>
 *  block:  | digest hash, long | length, int | bytes |
 * </pre>
 */
final class NameTable {
    /** The name is not in the table. */
    static final int UNKNOWN = -1;

    private static final int LENGTH_OFFSET = 8;
    private static final int BYTES_OFFSET = 12;
    private static final int REF_SHIFT = 2;

    private final MemoryAccount account;
    private final Arena arena;
    private final TableHash tableHash;
    private final SegmentedArray refs;
    private final HashIndex index;
    private int count;

    NameTable(final MemoryAccount account, final TableHash tableHash) {
        this.account = account;
        this.arena = account.arena();
        this.tableHash = tableHash;
        refs = new SegmentedArray(account, REF_SHIFT, 2, 12);
        index = new HashIndex(account);
    }

    /** Bytes that a name takes. */
    static int blockBytes(final int length) {
        return BYTES_OFFSET + length;
    }

    int count() {
        return count;
    }

    /** The number of a name, or {@link #UNKNOWN}. */
    int find(final DirectBuffer buffer, final int offset, final int length) {
        long candidate = index.find(tableHash.hash(buffer, offset, length));
        while (candidate >= 0) {
            if (matches((int) candidate, buffer, offset, length)) {
                return (int) candidate;
            }
            candidate = index.findNext();
        }
        return UNKNOWN;
    }

    /** Adds a name that is not there. */
    int add(final DirectBuffer buffer, final int offset, final int length, final long digestHash) {
        final int ref = account.allocate(blockBytes(length));
        final long address = arena.address(ref);
        UnsafeApi.putLong(address, digestHash);
        UnsafeApi.putInt(address + LENGTH_OFFSET, length);
        NativeBytes.read(buffer, offset, length, address + BYTES_OFFSET);
        refs.ensure(count);
        refs.putInt(count, ref);
        index.insert(tableHash.hash(buffer, offset, length), count);
        count++;
        return count - 1;
    }

    /**
     * Gives memory back, a little at a time; from the first call on nothing else may be called.
     *
     * @return true when all of it was
     */
    boolean free(final int namesMax) {
        final int last = Math.max(0, count - namesMax);
        while (count > last) {
            count--;
            account.free(refs.getInt(count), blockBytes(length(count)));
        }
        if (count > 0 || !index.free(namesMax)) {
            return false;
        }
        refs.free();
        return true;
    }

    boolean matches(final int name, final DirectBuffer buffer, final int offset, final int length) {
        final long address = block(name);
        return UnsafeApi.getInt(address + LENGTH_OFFSET) == length
                && NativeBytes.equal(buffer, offset, length, address + BYTES_OFFSET);
    }

    int length(final int name) {
        return UnsafeApi.getInt(block(name) + LENGTH_OFFSET);
    }

    /** The address of the name's first byte. */
    long bytes(final int name) {
        return block(name) + BYTES_OFFSET;
    }

    /** A name that is of ASCII. */
    String text(final int name) {
        final byte[] bytes = new byte[length(name)];
        NativeBytes.write(bytes(name), bytes.length, new UnsafeBuffer(bytes), 0);
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    long digestHash(final int name) {
        return UnsafeApi.getLong(block(name));
    }

    private long block(final int name) {
        return arena.address(refs.getInt(name));
    }
}
