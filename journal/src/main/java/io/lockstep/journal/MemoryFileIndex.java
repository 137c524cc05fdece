package io.lockstep.journal;

import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The index of a file that is written, or has no sidecar yet: off-heap, 8 bytes a record, 32 for each database that
 * occurs.
 *
 * <pre>
 *   entry     0 document offset | 4 entry of the database's next record, 0 none yet
 *   database  0 id | 4 first entry | 8 first sequence | 16 previous position | 24 slot in its file | 28 last landmark +1
 *   landmark  0 sequence | 8 entry | 12 landmark before +1
 * </pre>
 *
 * A landmark stands at every {@link #LANDMARK_SPACING}th sequence, so that a sequence is found in few steps however many
 * the database has in the file. One thread puts. What a reader follows (next entry, last landmark, the head of the
 * database) is stored ordered, after what it leads to.
 */
final class MemoryFileIndex implements FileIndex {
    static final int LANDMARK_SPACING = 1024;

    private static final int ENTRY_BYTES = 8;
    private static final int NEXT_OFFSET = 4;

    private static final int DATABASE_BYTES = 32;
    private static final int FIRST_ENTRY_OFFSET = 4;
    private static final int FIRST_SEQUENCE_OFFSET = 8;
    private static final int PREVIOUS_POSITION_OFFSET = 16;
    private static final int PREVIOUS_SLOT_OFFSET = 24;
    private static final int LANDMARK_OFFSET = 28;

    private static final int LANDMARK_BYTES = 16;
    private static final int LANDMARK_ENTRY_OFFSET = 8;
    private static final int LANDMARK_BEFORE_OFFSET = 12;

    private static final ByteOrder NATIVE = ByteOrder.nativeOrder();

    private final int fileIndex;
    private final long firstPosition;
    private final PagedMemory entryMemory;
    private final PagedMemory databaseMemory;
    private final PagedMemory landmarkMemory;
    private final AtomicInteger entries = new AtomicInteger();
    private volatile int databases;
    private int landmarks;
    private volatile boolean recycled;

    /**
     * An empty index.
     *
     * @param fileIndex of the file
     * @param firstPosition of the file
     * @param entriesMax most records that the file can hold
     * @param pages where memory comes from
     */
    MemoryFileIndex(
            final int fileIndex, final long firstPosition, final int entriesMax, final Supplier<UnsafeBuffer> pages) {
        this.fileIndex = fileIndex;
        this.firstPosition = firstPosition;
        entryMemory = new PagedMemory(pages, ENTRY_BYTES, entriesMax);
        databaseMemory = new PagedMemory(pages, DATABASE_BYTES, entriesMax);
        landmarkMemory = new PagedMemory(pages, LANDMARK_BYTES, entriesMax / LANDMARK_SPACING + 1);
    }

    /** Puts the next record, which holds no sequence of a database. */
    void put(final int documentOffset) {
        final int entry = entries.getPlain();
        final UnsafeBuffer page = entryMemory.pageForPut(entry);
        final int offset = entryMemory.offset(entry);
        page.putInt(offset, documentOffset, NATIVE);
        page.putInt(offset + NEXT_OFFSET, 0, NATIVE);
        entries.lazySet(entry + 1);
    }

    /**
     * Puts the next record, which holds a sequence.
     *
     * @param heads of all databases, kept up to date
     * @param unlinked what to note as the previous position where the heads do not know the database: 0 if they know all,
     *     {@link #UNKNOWN} if they do not
     */
    void put(
            final int documentOffset,
            final int databaseId,
            final long sequence,
            final DatabaseHeads heads,
            final long unlinked) {
        final int entry = entries.getPlain();
        put(documentOffset);
        final long last = heads.lastPosition(databaseId);
        final long position = firstPosition + entry;
        if (last < firstPosition) {
            final int slot = databases;
            final int before = last == 0 ? NONE : DatabaseHeads.slot(heads.place(databaseId));
            putDatabase(slot, databaseId, entry, sequence, last == 0 && sequence > 1 ? unlinked : last, before);
            databases = slot + 1;
            heads.put(databaseId, fileIndex, slot, position);
        } else {
            final int lastEntry = (int) (last - firstPosition);
            entryMemory.page(lastEntry).putIntOrdered(entryMemory.offset(lastEntry) + NEXT_OFFSET, entry);
            heads.put(databaseId, position);
        }
        if ((sequence & (LANDMARK_SPACING - 1)) == 0) {
            putLandmark(DatabaseHeads.slot(heads.place(databaseId)), sequence, entry);
        }
    }

    private void putDatabase(
            final int slot,
            final int databaseId,
            final int entry,
            final long sequence,
            final long previousPosition,
            final int previousSlot) {
        final UnsafeBuffer page = databaseMemory.pageForPut(slot);
        final int offset = databaseMemory.offset(slot);
        page.putInt(offset, databaseId, NATIVE);
        page.putInt(offset + FIRST_ENTRY_OFFSET, entry, NATIVE);
        page.putLong(offset + FIRST_SEQUENCE_OFFSET, sequence, NATIVE);
        page.putLong(offset + PREVIOUS_POSITION_OFFSET, previousPosition, NATIVE);
        page.putInt(offset + PREVIOUS_SLOT_OFFSET, previousSlot, NATIVE);
        page.putInt(offset + LANDMARK_OFFSET, 0, NATIVE);
    }

    private void putLandmark(final int slot, final long sequence, final int entry) {
        final UnsafeBuffer database = databaseMemory.page(slot);
        final int databaseOffset = databaseMemory.offset(slot) + LANDMARK_OFFSET;
        final UnsafeBuffer page = landmarkMemory.pageForPut(landmarks);
        final int offset = landmarkMemory.offset(landmarks);
        page.putLong(offset, sequence, NATIVE);
        page.putInt(offset + LANDMARK_ENTRY_OFFSET, entry, NATIVE);
        page.putInt(offset + LANDMARK_BEFORE_OFFSET, database.getInt(databaseOffset, NATIVE), NATIVE);
        database.putIntOrdered(databaseOffset, ++landmarks);
    }

    /** Gives the memory back; the file must have another index before. Background thread. */
    void recycle(final PagePool pool) {
        recycled = true;
        entryMemory.giveBack(pool);
        databaseMemory.giveBack(pool);
        landmarkMemory.giveBack(pool);
    }

    int databases() {
        return databases;
    }

    int databaseId(final int slot) {
        return databaseMemory.page(slot).getInt(databaseMemory.offset(slot), NATIVE);
    }

    @Override
    public boolean isRecycled() {
        VarHandle.acquireFence(); // what was read before must not be read after
        return recycled;
    }

    @Override
    public int entries() {
        return entries.get();
    }

    @Override
    public int documentOffset(final int entry) {
        return entry >= 0 && entry < entries.get()
                ? entryMemory.page(entry).getInt(entryMemory.offset(entry), NATIVE)
                : NONE;
    }

    @Override
    public int find(final int databaseId, final int hint) {
        final int count = databases;
        if (hint >= 0 && hint < count && databaseId(hint) == databaseId) {
            return hint;
        }
        for (int slot = 0; slot < count; slot++) {
            if (databaseId(slot) == databaseId) {
                return slot;
            }
        }
        return NONE;
    }

    @Override
    public long firstSequence(final int handle) {
        return databaseMemory.page(handle).getLong(databaseMemory.offset(handle) + FIRST_SEQUENCE_OFFSET, NATIVE);
    }

    @Override
    public long previousPosition(final int handle) {
        return databaseMemory.page(handle).getLong(databaseMemory.offset(handle) + PREVIOUS_POSITION_OFFSET, NATIVE);
    }

    @Override
    public int previousHint(final int handle) {
        return databaseMemory.page(handle).getInt(databaseMemory.offset(handle) + PREVIOUS_SLOT_OFFSET, NATIVE);
    }

    @Override
    public int firstMark(final int handle) {
        return databaseMemory.page(handle).getInt(databaseMemory.offset(handle) + FIRST_ENTRY_OFFSET, NATIVE);
    }

    @Override
    public int nextMark(final int handle, final int mark) {
        if (mark < 0 || mark >= entries.get()) {
            return NONE;
        }
        final int next = entryMemory.page(mark).getIntVolatile(entryMemory.offset(mark) + NEXT_OFFSET);
        return next > mark && next < entries.get() ? next : NONE;
    }

    @Override
    public int markOfSequence(final int handle, final long sequence) {
        int mark = firstMark(handle);
        long at = firstSequence(handle);
        for (int landmark = lastLandmark(handle); landmark != 0; landmark = landmarkBefore(landmark)) {
            if (landmarkSequence(landmark) <= sequence) {
                mark = landmarkEntry(landmark);
                at = landmarkSequence(landmark);
                break;
            }
        }
        while (at < sequence && mark != NONE) {
            mark = nextMark(handle, mark);
            at++;
        }
        return at == sequence ? mark : NONE;
    }

    @Override
    public int markFrom(final int handle, final int entry) {
        int mark = firstMark(handle);
        for (int landmark = lastLandmark(handle); landmark != 0; landmark = landmarkBefore(landmark)) {
            if (landmarkEntry(landmark) <= entry) {
                mark = landmarkEntry(landmark);
                break;
            }
        }
        while (mark != NONE && mark < entry) {
            mark = nextMark(handle, mark);
        }
        return mark;
    }

    @Override
    public int entry(final int mark) {
        return mark;
    }

    private int lastLandmark(final int handle) {
        final UnsafeBuffer page = databaseMemory.page(handle);
        return checked(page.getIntVolatile(databaseMemory.offset(handle) + LANDMARK_OFFSET), Integer.MAX_VALUE);
    }

    private int landmarkBefore(final int landmark) {
        final UnsafeBuffer page = landmarkMemory.page(landmark - 1);
        return checked(page.getInt(landmarkMemory.offset(landmark - 1) + LANDMARK_BEFORE_OFFSET, NATIVE), landmark);
    }

    /** Memory that serves another file may hold anything: it must neither lead out of it nor in a circle. */
    private int checked(final int landmark, final int below) {
        return landmark > 0 && landmark < below && landmarkMemory.has(landmark - 1) ? landmark : 0;
    }

    private long landmarkSequence(final int landmark) {
        return landmarkMemory.page(landmark - 1).getLong(landmarkMemory.offset(landmark - 1), NATIVE);
    }

    private int landmarkEntry(final int landmark) {
        return landmarkMemory
                .page(landmark - 1)
                .getInt(landmarkMemory.offset(landmark - 1) + LANDMARK_ENTRY_OFFSET, NATIVE);
    }
}
