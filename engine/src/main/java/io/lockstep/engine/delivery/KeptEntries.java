package io.lockstep.engine.delivery;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Which entries of a group are sent: a bit each, and for every 64 of them how many are sent before and how many bytes they
 * have, so that a place in what is sent is found without walking from its start. One thread.
 */
final class KeptEntries {
    private static final int BLOCK_SHIFT = 6;
    private static final int BLOCK = 1 << BLOCK_SHIFT;

    private BitSet bits = new BitSet(0);
    private int[] countBefore = new int[0];
    private int[] bytesBefore = new int[0];
    private int looked;
    private int count;
    private int bytes;

    void begin(final int entries) {
        final int blocks = (entries + BLOCK - 1) >> BLOCK_SHIFT;
        bits = new BitSet(entries);
        countBefore = new int[blocks];
        bytesBefore = new int[blocks];
        looked = 0;
        count = 0;
        bytes = 0;
    }

    /** Decides on the next entry. */
    void add(final boolean kept, final int length) {
        if ((looked & (BLOCK - 1)) == 0) {
            countBefore[looked >> BLOCK_SHIFT] = count;
            bytesBefore[looked >> BLOCK_SHIFT] = bytes;
        }
        if (kept) {
            bits.set(looked);
            count++;
            bytes += length;
        }
        looked++;
    }

    boolean isKept(final int entry) {
        return bits.get(entry);
    }

    int count() {
        return count;
    }

    /** Of all that are sent. */
    int bytes() {
        return bytes;
    }

    /** How many before an entry are sent. */
    int countBefore(final int entry) {
        final int block = entry >> BLOCK_SHIFT;
        int before = countBefore[block];
        for (int i = block << BLOCK_SHIFT; i < entry; i++) {
            before += bits.get(i) ? 1 : 0;
        }
        return before;
    }

    /** The 64 entries in which a byte of what is sent lies, or some before them. */
    int blockOf(final int sentOffset) {
        final int found = Arrays.binarySearch(bytesBefore, sentOffset);
        return found >= 0 ? found : Math.max(0, -found - 2);
    }

    int firstOf(final int block) {
        return block << BLOCK_SHIFT;
    }

    int bytesBefore(final int block) {
        return bytesBefore[block];
    }

    /** The next one that is sent; negative if there is none. */
    int next(final int entry) {
        return bits.nextSetBit(entry);
    }

    /** The next one that is not sent, or the end. */
    int nextDropped(final int entry) {
        return bits.nextClearBit(entry);
    }

    /** Memory taken. */
    int memoryBytes() {
        return bits.size() / Byte.SIZE + 2 * Integer.BYTES * countBefore.length;
    }
}
