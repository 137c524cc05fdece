package io.lockstep.node.server;

import io.lockstep.engine.arbitration.Arbiter;
import io.lockstep.engine.port.JournalPort;
import io.lockstep.engine.record.Incarnation;
import io.lockstep.engine.recovery.JournalBootstrap;
import io.lockstep.engine.recovery.RecoveredState;
import io.lockstep.engine.recovery.ReplayDivergedException;
import io.lockstep.engine.snapshot.SnapshotException;
import io.lockstep.journal.snapshot.SnapshotFile;
import io.lockstep.journal.snapshot.SnapshotFolder;
import java.io.IOException;
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
 */
record StateRecovery(Arbiter arbiter, RecoveredState recovered) {
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
                return new StateRecovery(arbiter, recovered);
            } catch (final SnapshotException | ReplayDivergedException | IndexOutOfBoundsException e) {
                arbiter.close();
                log.warn(
                        "the snapshot {} cannot be used, the one before it or the whole journal must do: {}",
                        file,
                        e.toString());
                refuse(folder, file, log);
            } catch (final RuntimeException | Error e) {
                arbiter.close();
                throw e;
            }
        }
        final Arbiter arbiter = arbiters.get();
        try {
            return new StateRecovery(
                    arbiter,
                    JournalBootstrap.recover(journal, incarnation, arbiter, new ReplayLog(log, System::nanoTime)));
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

    private static void refuse(final SnapshotFolder folder, final SnapshotFile file, final Logger log) {
        try {
            folder.refuse(file);
        } catch (final IOException e) {
            log.warn("the snapshot {} cannot be put aside: {}", file, e.toString());
        }
    }
}
