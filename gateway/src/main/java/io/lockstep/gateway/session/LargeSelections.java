package io.lockstep.gateway.session;

import io.lockstep.codec.filter.ChangeFilters;
import io.lockstep.engine.delivery.LargeSelection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What was found out of large change sets for the filters of subscriptions. Outlives the set's memory, so that each set is
 * looked at once for each filters; those unused for longest go. Reader's thread.
 */
final class LargeSelections {
    /** A selection of 65,535 changes takes some 17 KiB, so that there is room for those of hundreds of filters. */
    private static final int BYTES_MAX = 16 << 20;

    /** Of the objects, about. */
    private static final int ENTRY_BYTES = 512;

    private final Map<Key, LargeSelection> selections = new LinkedHashMap<>(16, 0.75f, true);
    private int bytes;

    private record Key(long position, ChangeFilters filters) {}

    /** Null if it is not known. */
    LargeSelection find(final long position, final ChangeFilters filters) {
        return selections.get(new Key(position, filters));
    }

    /** Keeps a complete one. */
    void add(final long position, final ChangeFilters filters, final LargeSelection selection) {
        final LargeSelection former = selections.put(new Key(position, filters), selection);
        bytes += bytesOf(selection) - (former == null ? 0 : bytesOf(former));
        final Iterator<LargeSelection> oldest = selections.values().iterator();
        while (bytes > BYTES_MAX && selections.size() > 1) {
            bytes -= bytesOf(oldest.next());
            oldest.remove();
        }
    }

    private static int bytesOf(final LargeSelection selection) {
        return selection.memoryBytes() + ENTRY_BYTES;
    }

    void clear() {
        selections.clear();
        bytes = 0;
    }
}
