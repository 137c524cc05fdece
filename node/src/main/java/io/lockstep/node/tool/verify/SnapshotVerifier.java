package io.lockstep.node.tool.verify;

import io.lockstep.engine.arbitration.Arbiter;
import io.lockstep.engine.arbitration.StateRestore;
import io.lockstep.engine.port.JournalFailedException;
import io.lockstep.engine.port.JournalFailedException.Kind;
import io.lockstep.engine.record.Incarnation;
import io.lockstep.engine.recovery.RecoveredState;
import io.lockstep.engine.recovery.Replay;
import io.lockstep.engine.snapshot.SnapshotException;
import io.lockstep.journal.JournalInspector;
import io.lockstep.journal.snapshot.SnapshotFile;
import io.lockstep.journal.snapshot.SnapshotFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Restores every snapshot of a stopped node, each into an arbiter of its own, replays the journal after it, and compares
 * with what the journal gave from its own beginning. One state is in memory at a time. One thread, one run.
 */
public final class SnapshotVerifier {
    private final Path dataFolder;
    private final LongConsumer onProgress;
    private final List<VerifiedSnapshot> snapshots = new ArrayList<>();
    private List<Path> unfinished = List.of();
    private List<Path> refused = List.of();
    private String trouble = "";
    private long taken;

    /**
     * A verifier.
     *
     * @param dataFolder of a stopped node
     * @param onProgress told the number of records read, after each
     */
    public SnapshotVerifier(final Path dataFolder, final LongConsumer onProgress) {
        this.dataFolder = dataFolder;
        this.onProgress = onProgress;
    }

    /**
     * Tries them all, the oldest first.
     *
     * @param incarnation of the journal; null if it holds nothing
     * @param firstPosition that the journal still holds
     * @param expected the databases as the journal gave them
     * @throws JournalFailedException LOCKED or IO, if the journal was taken away meanwhile
     */
    public void run(final Incarnation incarnation, final long firstPosition, final List<VerifiedDatabase> expected) {
        final SnapshotFolder folder = new SnapshotFolder(dataFolder);
        try {
            unfinished = folder.unfinished();
            refused = folder.refused();
            final List<SnapshotFile> oldestFirst = new ArrayList<>(folder.newestFirst());
            Collections.reverse(oldestFirst);
            for (final SnapshotFile file : oldestFirst) {
                snapshots.add(check(file, incarnation, firstPosition, expected));
            }
        } catch (final IOException e) {
            trouble = e.toString();
        }
    }

    private VerifiedSnapshot check(
            final SnapshotFile file,
            final Incarnation incarnation,
            final long firstPosition,
            final List<VerifiedDatabase> expected) {
        final long bytes = file.path().toFile().length();
        if (incarnation == null) {
            return VerifiedSnapshot.bad(file.path(), bytes, file.position(), "the journal holds no record");
        }
        try (Arbiter arbiter = JournalVerifier.newArbiter(incarnation)) {
            final StateRestore restore = arbiter.restore();
            file.read(restore::onBlock);
            if (file.firstPositionNeeded() < firstPosition) {
                throw new SnapshotException("the journal begins after it: firstPosition=" + firstPosition);
            }
            final RecoveredState end = replay(Replay.fromSnapshot(incarnation, arbiter, restore));
            if (end.lastPosition() < restore.endPosition()) {
                throw new SnapshotException("the journal ends before it: lastPosition=" + end.lastPosition()
                        + ", snapshotPosition=" + restore.endPosition());
            }
            restore.finish();
            return new VerifiedSnapshot(
                    file.path(),
                    bytes,
                    restore.start().position(),
                    restore.endPosition(),
                    end.lastPosition() - restore.start().position(),
                    difference(expected, VerifiedDatabase.of(arbiter)));
        } catch (final JournalFailedException e) {
            if (e.kind() == Kind.LOCKED || e.kind() == Kind.IO) {
                throw e;
            }
            return VerifiedSnapshot.bad(file.path(), bytes, file.position(), e.getMessage());
        } catch (final RuntimeException e) {
            return VerifiedSnapshot.bad(file.path(), bytes, file.position(), String.valueOf(e.getMessage()));
        }
    }

    private RecoveredState replay(final Replay replay) {
        JournalInspector.inspect(dataFolder, (buffer, offset, length) -> {
            onProgress.accept(++taken);
            return replay.take(buffer, offset, length);
        });
        return replay.end();
    }

    private static String difference(final List<VerifiedDatabase> expected, final List<VerifiedDatabase> actual) {
        if (expected.size() != actual.size()) {
            return "databases differ: journal=" + expected.size() + ", snapshot=" + actual.size();
        }
        for (int i = 0; i < expected.size(); i++) {
            if (!expected.get(i).equals(actual.get(i))) {
                return "a database differs: journal=" + expected.get(i) + ", snapshot=" + actual.get(i);
            }
        }
        return "";
    }

    /**
     * What was found.
     *
     * @return the oldest first
     */
    public List<VerifiedSnapshot> snapshots() {
        return List.copyOf(snapshots);
    }

    /**
     * Files that a process left when it died; the next start deletes them.
     *
     * @return paths
     */
    public List<Path> unfinished() {
        return List.copyOf(unfinished);
    }

    /**
     * Files that an earlier start put aside.
     *
     * @return paths
     */
    public List<Path> refused() {
        return List.copyOf(refused);
    }

    /**
     * Why the folder of snapshots cannot be read.
     *
     * @return empty if it can
     */
    public String trouble() {
        return trouble;
    }

    /**
     * Whether all that are there can be used.
     *
     * @return true if so, or if there are none
     */
    public boolean isSound() {
        return trouble.isEmpty() && snapshots.stream().allMatch(VerifiedSnapshot::isGood);
    }
}
