package io.lockstep.engine.bootstrap;

import io.lockstep.engine.port.OpenSnapshot;
import java.util.ArrayDeque;
import java.util.Iterator;

/** Names of the databases that were asked for last, so that a page does not read them again. One thread. */
final class NamesCache {
    private static final int DATABASES_MAX = 64;

    private final ArrayDeque<SnapshotNames> newestFirst = new ArrayDeque<>();
    private final long bytesMax;

    NamesCache(final long bytesMax) {
        this.bytesMax = bytesMax;
    }

    SnapshotNames of(final OpenSnapshot snapshot, final int databaseId) {
        SnapshotNames names = null;
        for (final Iterator<SnapshotNames> each = newestFirst.iterator(); names == null && each.hasNext(); ) {
            final SnapshotNames candidate = each.next();
            if (candidate.isOf(snapshot.position(), databaseId)) {
                each.remove();
                names = candidate;
            }
        }
        if (names == null) {
            names = new SnapshotNames(snapshot, databaseId);
        }
        newestFirst.addFirst(names);
        trim();
        return names;
    }

    /** The one in use stays, however much it holds. */
    private void trim() {
        long bytes = 0;
        int count = 0;
        for (final Iterator<SnapshotNames> each = newestFirst.iterator(); each.hasNext(); ) {
            bytes += each.next().heldBytes();
            count++;
            if (count > 1 && (bytes > bytesMax || count > DATABASES_MAX)) {
                each.remove();
            }
        }
    }

    void clear() {
        newestFirst.clear();
    }
}
