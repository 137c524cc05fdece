package io.lockstep.node.server;

import io.lockstep.engine.arbitration.Arbiter;
import io.lockstep.engine.port.JournalFailedException;
import io.lockstep.engine.port.JournalFailedException.Kind;
import io.lockstep.engine.port.JournalPort;
import io.lockstep.engine.record.Incarnation;
import io.lockstep.engine.recovery.JournalBootstrap;
import io.lockstep.engine.recovery.RecoveredState;
import io.lockstep.engine.snapshot.SnapshotException;
import io.lockstep.journal.snapshot.SnapshotFile;
import io.lockstep.journal.snapshot.SnapshotFolder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;

/**
 * From an open journal and the snapshots beside it to a state: the newest snapshot that can be used and the journal after
 * it, or the whole journal.
 *
 * @param arbiter holds the state; to be closed by whoever gets it
 * @param recovered where the journal ended
 * @param startedFrom the snapshot, which holds databases that are not in memory; null for the whole journal
 */
record StateRecovery(Arbiter arbiter, RecoveredState recovered, SnapshotFile startedFrom) {
    /**
     * Which records a start will need, as far as the snapshots say.
     *
     * @param folder of the snapshots
     * @param log told of a snapshot that says nothing
     * @return a position, 0 for all
     */
    static long fromPosition(final SnapshotFolder folder, final Logger log) {
        for (final SnapshotFile file : snapshots(folder, log)) {
            try {
                return file.firstPositionNeeded();
            } catch (final SnapshotException e) {
                log.warn("{}", e.getMessage());
            }
        }
        return 0;
    }

    /**
     * Recovers.
     *
     * @param journal open, with a genesis
     * @param incarnation of the journal
     * @param folder of the snapshots
     * @param arbiters makes an empty arbiter
     * @param log told what was used
     * @return the state
     */
    static StateRecovery run(
            final JournalPort journal,
            final Incarnation incarnation,
            final SnapshotFolder folder,
            final Supplier<Arbiter> arbiters,
            final Logger log) {
        final List<SnapshotFile> refused = new ArrayList<>();
        for (final SnapshotFile file : snapshots(folder, log)) {
            final long startNs = System.nanoTime();
            final Arbiter arbiter = arbiters.get();
            try {
                final RecoveredState recovered = JournalBootstrap.recover(
                        journal, incarnation, arbiter, file, new ReplayLog(log, System::nanoTime));
                log.info(
                        "started from the snapshot {}: {} records after it, {} ms",
                        file,
                        recovered.lastPosition() - file.position(),
                        TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs));
                refuse(folder, refused, log);
                return new StateRecovery(arbiter, recovered, file);
            } catch (final JournalFailedException | Error e) {
                arbiter.close();
                throw e;
            } catch (final RuntimeException e) {
                // Whatever a snapshot leads to: the journal is the truth, and has the last word.
                arbiter.close();
                log.warn(
                        "the snapshot {} cannot be used, the one before it or the whole journal must do: {}",
                        file,
                        e.toString());
                refused.add(file);
            }
        }
        if (journal.firstPosition() > 1) {
            throw new JournalFailedException(
                    Kind.DAMAGE,
                    "no snapshot can be used, and the journal alone does not hold everything any more: firstPosition="
                            + journal.firstPosition(),
                    null);
        }
        final Arbiter arbiter = arbiters.get();
        try {
            final RecoveredState recovered =
                    JournalBootstrap.recover(journal, incarnation, arbiter, new ReplayLog(log, System::nanoTime));
            refuse(folder, refused, log);
            return new StateRecovery(arbiter, recovered, null);
        } catch (final RuntimeException | Error e) {
            arbiter.close();
            throw e;
        }
    }

    private static List<SnapshotFile> snapshots(final SnapshotFolder folder, final Logger log) {
        try {
            return folder.newestFirst();
        } catch (final IOException e) {
            log.warn("the snapshots cannot be listed, the whole journal is replayed: {}", e.toString());
            return List.of();
        }
    }

    /** Only once a start succeeded without them: until then nobody knows whether they are what is wrong. */
    private static void refuse(final SnapshotFolder folder, final List<SnapshotFile> files, final Logger log) {
        try {
            if (!files.isEmpty()) {
                folder.refuse(files);
            }
        } catch (final IOException e) {
            log.warn("snapshots that cannot be used cannot be put aside: {}", e.toString());
        }
    }
}
