package io.lockstep.journal;

import java.util.function.Supplier;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Items of one size in pages. One thread adds; readers look at items of which they have learnt through an ordered store
 * that came after.
 */
final class PagedMemory {
    private final Supplier<UnsafeBuffer> source;
    private final int itemShift;
    private final int pageShift;
    private final int itemMask;
    private final UnsafeBuffer[] pages;

    /**
     * Memory without pages.
     *
     * @param source of pages of {@link PagePool#PAGE_BYTES}
     * @param itemBytes a power of two
     * @param itemsMax most items
     */
    PagedMemory(final Supplier<UnsafeBuffer> source, final int itemBytes, final int itemsMax) {
        this.source = source;
        itemShift = Integer.numberOfTrailingZeros(itemBytes);
        pageShift = Integer.numberOfTrailingZeros(PagePool.PAGE_BYTES) - itemShift;
        itemMask = (1 << pageShift) - 1;
        pages = new UnsafeBuffer[(itemsMax >>> pageShift) + 1];
    }

    /** The page in which an item is to be put, taken if it was not there. */
    UnsafeBuffer pageForPut(final int item) {
        final int page = item >>> pageShift;
        if (pages[page] == null) {
            pages[page] = source.get();
        }
        return pages[page];
    }

    /** The page that holds an item, which must have been put. */
    UnsafeBuffer page(final int item) {
        return pages[item >>> pageShift];
    }

    /** Whether there is a page for an item. */
    boolean has(final int item) {
        return item >>> pageShift < pages.length && pages[item >>> pageShift] != null;
    }

    /** Where an item lies in its page. */
    int offset(final int item) {
        return (item & itemMask) << itemShift;
    }

    /** Gives all pages back; readers may still look, and see anything. */
    void giveBack(final PagePool pool) {
        for (final UnsafeBuffer page : pages) {
            if (page != null) {
                pool.giveBack(page);
            }
        }
    }
}
