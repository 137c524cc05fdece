package io.lockstep.journal.snapshot;

import io.lockstep.engine.snapshot.SnapshotException;
import java.io.IOException;
import java.util.List;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the journal give up what neither a start nor, for long enough, a client needs. Nothing goes before as many
 * snapshots as are kept hold it. Thread of the snapshots.
 */
final class Retention {
    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

    private final SnapshotContext context;
    private final SnapshotFolder folder;
    private final LongSupplier wallClockMs;

    Retention(final SnapshotContext context, final SnapshotFolder folder, final LongSupplier wallClockMs) {
        this.context = context;
        this.folder = folder;
        this.wallClockMs = wallClockMs;
    }

    /** Answers how many files went. */
    int apply() {
        try {
            final List<SnapshotFile> snapshots = folder.newestFirst();
            if (snapshots.size() < SnapshotContext.KEPT) {
                return 0;
            }
            long covered = Long.MAX_VALUE;
            for (final SnapshotFile snapshot : snapshots.subList(0, SnapshotContext.KEPT)) {
                covered = Math.min(covered, snapshot.firstPositionNeeded());
            }
            return context.journal()
                    .retain(new RetentionRule(
                            covered,
                            Math.min(
                                    context.journal().writtenPosition() - context.retentionRecords() + 1,
                                    context.wantedFrom().getAsLong()),
                            wallClockMs.getAsLong() - context.retentionMs(),
                            context.journalBytesMax() == 0 ? Long.MAX_VALUE : context.journalBytesMax()));
        } catch (final IOException | SnapshotException ex) {
            LOG.warn("old journal files are kept, since a snapshot cannot be read: {}", ex.toString());
            return 0;
        }
    }
}
