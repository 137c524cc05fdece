package io.lockstep.journal;

import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The newest record of each database: 16 bytes for each known one, off-heap. One thread puts, any thread asks.
 *
 * <pre>
 *   0               4       8               16
 *  +---------------+-------+---------------+
 *  | file index +1 | slot  | last position |
 *  +---------------+-------+---------------+
 * </pre>
 *
 * The slot is the database's handle in the index of that file while the index is in memory.
 */
final class DatabaseHeads {
    /** Ids above are not indexed: memory must not grow by a number that was merely read. */
    static final int DATABASES_MAX = 1 << 24;

    private static final int HEAD_SHIFT = 4;
    private static final int POSITION_OFFSET = 8;
    private static final int PAGE_SHIFT = Integer.numberOfTrailingZeros(PagePool.PAGE_BYTES) - HEAD_SHIFT;
    private static final int PAGE_MASK = (1 << PAGE_SHIFT) - 1;
    private static final ByteOrder NATIVE = ByteOrder.nativeOrder();

    private final AtomicReferenceArray<UnsafeBuffer> pages =
            new AtomicReferenceArray<>((DATABASES_MAX >>> PAGE_SHIFT) + 1);

    static boolean isIndexed(final int databaseId) {
        return databaseId > 0 && databaseId <= DATABASES_MAX;
    }

    /** Last position of a database, 0 if it has none. Putting thread. */
    long lastPosition(final int databaseId) {
        final UnsafeBuffer page = pages.getPlain(databaseId >>> PAGE_SHIFT);
        return page == null ? 0 : page.getLong(offset(databaseId) + POSITION_OFFSET, NATIVE);
    }

    /** Puts the first record of a database in a file. */
    void put(final int databaseId, final int fileIndex, final int slot, final long position) {
        final int number = databaseId >>> PAGE_SHIFT;
        UnsafeBuffer page = pages.getPlain(number);
        if (page == null) {
            page = PagePool.allocate();
            pages.set(number, page);
        }
        page.putLong(offset(databaseId) + POSITION_OFFSET, position, NATIVE);
        page.putLongOrdered(offset(databaseId), (fileIndex + 1L) << Integer.SIZE | (slot & 0xFFFF_FFFFL));
    }

    /** Puts another record of the same file. */
    void put(final int databaseId, final long position) {
        pages.getPlain(databaseId >>> PAGE_SHIFT).putLong(offset(databaseId) + POSITION_OFFSET, position, NATIVE);
    }

    /** In which file a database occurs last, and its slot there; 0 if it is not known. Any thread. */
    long place(final int databaseId) {
        final UnsafeBuffer page = isIndexed(databaseId) ? pages.get(databaseId >>> PAGE_SHIFT) : null;
        return page == null ? 0 : page.getLongVolatile(offset(databaseId));
    }

    static int fileIndex(final long place) {
        return (int) (place >>> Integer.SIZE) - 1;
    }

    static int slot(final long place) {
        return (int) place;
    }

    private static int offset(final int databaseId) {
        return (databaseId & PAGE_MASK) << HEAD_SHIFT;
    }
}
