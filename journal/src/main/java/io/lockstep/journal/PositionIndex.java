package io.lockstep.journal;

/**
 * Where every 64th record lies. One thread puts; any thread that has seen the written position (acquire) reaches a
 * position may look up everything up to it.
 */
final class PositionIndex {
    /** A record in so many is indexed; a reader walks over the others. */
    static final int SPACING = 64;

    private static final int SPACING_SHIFT = 6;
    private static final int CHUNK_SHIFT = 12;
    private static final int CHUNK_ENTRIES = 1 << CHUNK_SHIFT;

    private volatile long[][] chunks = new long[16][];

    void put(final long position, final int fileIndex, final int documentOffset) {
        if ((position & (SPACING - 1)) != 0) {
            return;
        }
        final long slot = position >>> SPACING_SHIFT;
        final int chunk = Math.toIntExact(slot >>> CHUNK_SHIFT);
        long[][] known = chunks;
        if (chunk >= known.length) {
            known = java.util.Arrays.copyOf(known, known.length * 2);
            chunks = known;
        }
        if (known[chunk] == null) {
            known[chunk] = new long[CHUNK_ENTRIES];
        }
        known[chunk][(int) slot & (CHUNK_ENTRIES - 1)] = (long) fileIndex << 32 | documentOffset;
    }

    /**
     * The nearest indexed record at or before a position.
     *
     * @param position at most the written position
     * @return file index in the upper half and document offset in the lower, or -1 if none is indexed
     */
    long find(final long position) {
        final long slot = position >>> SPACING_SHIFT;
        if (slot == 0) {
            return -1;
        }
        return chunks[(int) (slot >>> CHUNK_SHIFT)][(int) slot & (CHUNK_ENTRIES - 1)];
    }

    static int fileIndex(final long entry) {
        return (int) (entry >>> 32);
    }

    static int documentOffset(final long entry) {
        return (int) entry;
    }
}
