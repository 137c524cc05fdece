package io.lockstep.engine.arbitration;

import org.agrona.UnsafeApi;

/**
 * From a 32-bit hash to the ints that have it: linear hashing over buckets of one cache line.
 *
 * <p>The caller compares exactly; a hash alone never decides. Hashes must be keyed, so that nobody can aim at a bucket.
 * Growing splits one bucket at a time, so that an insert costs the same at any size. It never shrinks. An empty one has no
 * bucket: a node has many databases, and most of them use few of their tables.
 *
 * <pre>
 *  bucket, 64 bytes:  | count, int | overflow bucket or 0, int | 7 entries { hash, int | value, int } |
 * </pre>
 *
 * A bucket is full before its overflow bucket is used, and no overflow bucket is empty. Bucket of a hash: its lowest bits, one more of them for those
 * buckets that were split in this round.
 */
final class HashIndex {
    private static final int BUCKET_SHIFT = 6;
    private static final int BUCKET_BYTES = 1 << BUCKET_SHIFT;
    private static final int OVERFLOW_OFFSET = 4;
    private static final int ENTRIES_OFFSET = 8;
    private static final int ENTRY_SHIFT = 3;
    private static final int ENTRIES_MAX = (BUCKET_BYTES - ENTRIES_OFFSET) >>> ENTRY_SHIFT;
    /** Entries a bucket on average when the next one is split: at 4, one entry in twenty is in an overflow bucket. */
    private static final int ENTRIES_PER_BUCKET = 4;

    /** 512 bytes: the smallest segment whose buckets are cache lines. */
    private static final int FIRST_SEGMENT_SHIFT = 3;

    private static final int FULL_SEGMENT_SHIFT = 10;

    private final Arena arena;
    private final SegmentedArray buckets;
    private int bucketCount;
    private int roundMask;
    private int size;

    private long cursorBucket;
    private int cursorEntry;
    private int cursorHash;

    HashIndex(final MemoryAccount account) {
        arena = account.arena();
        buckets = new SegmentedArray(account, BUCKET_SHIFT, FIRST_SEGMENT_SHIFT, FULL_SEGMENT_SHIFT);
    }

    int size() {
        return size;
    }

    /** Reads a word of the bucket of a hash, so that it is at hand for {@link #find}. */
    int touch(final int hash) {
        return bucketCount == 0 ? 0 : UnsafeApi.getInt(bucketAddress(hash));
    }

    /** The first value with this hash, unsigned; -1 if there is none. */
    long find(final int hash) {
        if (bucketCount == 0) {
            return -1;
        }
        cursorBucket = bucketAddress(hash);
        cursorEntry = 0;
        cursorHash = hash;
        return findNext();
    }

    /** The next value with the hash of the last {@link #find}, unsigned; -1 if there is none. */
    long findNext() {
        final int hash = cursorHash;
        long bucket = cursorBucket;
        int entry = cursorEntry;
        while (true) {
            final int count = UnsafeApi.getInt(bucket);
            for (; entry < count; entry++) {
                final long address = entryAddress(bucket, entry);
                if (UnsafeApi.getInt(address) == hash) {
                    cursorBucket = bucket;
                    cursorEntry = entry + 1;
                    return UnsafeApi.getInt(address + Integer.BYTES) & 0xFFFF_FFFFL;
                }
            }
            final int overflow = UnsafeApi.getInt(bucket + OVERFLOW_OFFSET);
            if (overflow == 0) {
                return -1;
            }
            bucket = arena.address(overflow);
            entry = 0;
        }
    }

    void insert(final int hash, final int value) {
        if (bucketCount == 0) {
            buckets.ensure(0);
            bucketCount = 1;
        }
        append(bucketAddress(hash), hash, value);
        size++;
        if (size > (long) bucketCount * ENTRIES_PER_BUCKET) {
            split();
        }
    }

    /** Puts another value in the place of one that is there. */
    void replace(final int hash, final int value, final int newValue) {
        UnsafeApi.putInt(locate(hash, value) + Integer.BYTES, newValue);
    }

    /** Removes a value that is there. */
    void remove(final int hash, final int value) {
        final long hole = locate(hash, value);
        long before = 0;
        long last = bucketAddress(hash);
        int overflow = UnsafeApi.getInt(last + OVERFLOW_OFFSET);
        while (overflow != 0) {
            before = last;
            last = arena.address(overflow);
            overflow = UnsafeApi.getInt(last + OVERFLOW_OFFSET);
        }
        final int count = UnsafeApi.getInt(last) - 1;
        UnsafeApi.putLong(hole, UnsafeApi.getLong(entryAddress(last, count)));
        UnsafeApi.putInt(last, count);
        size--;
        if (count == 0 && before != 0) {
            dropOverflow(before);
        }
    }

    private long bucketAddress(final int hash) {
        int bucket = hash & (roundMask << 1 | 1);
        if (bucket >= bucketCount) {
            bucket &= roundMask;
        }
        return buckets.address(bucket);
    }

    private static long entryAddress(final long bucket, final int entry) {
        return bucket + ENTRIES_OFFSET + ((long) entry << ENTRY_SHIFT);
    }

    /** Leaves the cursor at the bucket that holds the entry. */
    private long locate(final int hash, final int value) {
        long found = find(hash);
        while (found != (value & 0xFFFF_FFFFL)) {
            if (found < 0) {
                throw new IllegalStateException("not in the index: hash=" + hash + ", value=" + value);
            }
            found = findNext();
        }
        return entryAddress(cursorBucket, cursorEntry - 1);
    }

    private void append(final long firstBucket, final int hash, final int value) {
        long bucket = firstBucket;
        int count = UnsafeApi.getInt(bucket);
        while (count == ENTRIES_MAX) {
            int overflow = UnsafeApi.getInt(bucket + OVERFLOW_OFFSET);
            if (overflow == 0) {
                overflow = arena.allocate(BUCKET_BYTES);
                UnsafeApi.putLong(arena.address(overflow), 0);
                UnsafeApi.putInt(bucket + OVERFLOW_OFFSET, overflow);
            }
            bucket = arena.address(overflow);
            count = UnsafeApi.getInt(bucket);
        }
        final long address = entryAddress(bucket, count);
        UnsafeApi.putInt(address, hash);
        UnsafeApi.putInt(address + Integer.BYTES, value);
        UnsafeApi.putInt(bucket, count + 1);
    }

    private void split() {
        final int bit = roundMask + 1;
        buckets.ensure(bucketCount);
        moveEntries(buckets.address(bucketCount - bit), buckets.address(bucketCount), bit);
        bucketCount++;
        if (bucketCount == bit << 1) {
            roundMask = roundMask << 1 | 1;
        }
    }

    /** Moves the entries that have the bit; the others close up. */
    private void moveEntries(final long from, final long to, final int bit) {
        long keep = from;
        int kept = 0;
        long bucket = from;
        while (bucket != 0) {
            final int count = UnsafeApi.getInt(bucket);
            for (int i = 0; i < count; i++) {
                final long entry = entryAddress(bucket, i);
                final int hash = UnsafeApi.getInt(entry);
                if ((hash & bit) != 0) {
                    append(to, hash, UnsafeApi.getInt(entry + Integer.BYTES));
                } else {
                    if (kept == ENTRIES_MAX) {
                        keep = arena.address(UnsafeApi.getInt(keep + OVERFLOW_OFFSET));
                        kept = 0;
                    }
                    UnsafeApi.putLong(entryAddress(keep, kept), UnsafeApi.getLong(entry));
                    kept++;
                }
            }
            final int overflow = UnsafeApi.getInt(bucket + OVERFLOW_OFFSET);
            bucket = overflow == 0 ? 0 : arena.address(overflow);
        }
        fillCounts(from, keep, kept);
        dropOverflow(keep);
    }

    private void fillCounts(final long from, final long keep, final int kept) {
        long bucket = from;
        while (bucket != keep) {
            UnsafeApi.putInt(bucket, ENTRIES_MAX);
            bucket = arena.address(UnsafeApi.getInt(bucket + OVERFLOW_OFFSET));
        }
        UnsafeApi.putInt(keep, kept);
    }

    /**
     * Gives memory back, a little at a time; from the first call on nothing else may be called.
     *
     * @return true when all of it was
     */
    boolean free(final int bucketsMax) {
        final int last = Math.max(0, bucketCount - bucketsMax);
        while (bucketCount > last) {
            bucketCount--;
            dropOverflow(buckets.address(bucketCount));
        }
        if (bucketCount == 0) {
            buckets.free();
        }
        return bucketCount == 0;
    }

    /** Frees every bucket after this one. */
    private void dropOverflow(final long bucket) {
        int overflow = UnsafeApi.getInt(bucket + OVERFLOW_OFFSET);
        UnsafeApi.putInt(bucket + OVERFLOW_OFFSET, 0);
        while (overflow != 0) {
            final int next = UnsafeApi.getInt(arena.address(overflow) + OVERFLOW_OFFSET);
            arena.free(overflow, BUCKET_BYTES);
            overflow = next;
        }
    }
}
