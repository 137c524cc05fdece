package io.lockstep.node.tool.verify;

import io.lockstep.codec.GenesisCommandDecoder;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.RecordKind;
import io.lockstep.engine.arbitration.Arbiter;
import io.lockstep.engine.arbitration.ArbiterContext;
import io.lockstep.engine.arbitration.StateRestore;
import io.lockstep.engine.port.JournalFailedException;
import io.lockstep.engine.port.JournalFailedException.Kind;
import io.lockstep.engine.record.Incarnation;
import io.lockstep.engine.record.RecordView;
import io.lockstep.engine.recovery.Replay;
import io.lockstep.engine.snapshot.SnapshotException;
import io.lockstep.journal.InspectionReport;
import io.lockstep.journal.JournalInspector;
import io.lockstep.journal.snapshot.SnapshotFile;
import io.lockstep.journal.snapshot.SnapshotFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.LongConsumer;
import org.agrona.DirectBuffer;

/**
 * Reads a journal from its first record to its last, arbitrates every command again and compares outcomes and digests
 * with what was recorded. One thread, one run.
 */
public final class JournalVerifier implements AutoCloseable {
    private final LongConsumer onProgress;
    private final List<VerifiedDatabase> databases = new ArrayList<>();
    private Arbiter arbiter;
    private Replay replay;
    private Incarnation incarnation;
    private Path folder;
    private StateRestore restore;
    private long taken;

    /**
     * A verifier.
     *
     * @param onProgress told the number of records read, after each
     */
    public JournalVerifier(final LongConsumer onProgress) {
        this.onProgress = onProgress;
    }

    /**
     * Reads everything.
     *
     * @param dataFolder of a stopped node; its lock is held meanwhile
     * @return what was found of files and records
     * @throws JournalFailedException LOCKED while a node runs, IO where there is no journal, DAMAGE on a broken chain
     * @throws io.lockstep.engine.recovery.ReplayDivergedException when arbitration gives something else than recorded
     */
    public InspectionReport run(final Path dataFolder) {
        folder = dataFolder;
        final InspectionReport report = JournalInspector.inspect(dataFolder, this::onRecord);
        if (replay != null) {
            databases.addAll(VerifiedDatabase.of(arbiter));
            checkEnd(report);
            if (restore != null) {
                restore.finish();
            }
            arbiter.close(); // what comes next may need as much memory
            arbiter = null;
        }
        return report;
    }

    /**
     * The databases as the journal ends.
     *
     * @return by number
     */
    public List<VerifiedDatabase> databases() {
        return List.copyOf(databases);
    }

    /**
     * The journal's identity.
     *
     * @return null if it holds no record
     */
    public Incarnation incarnation() {
        return incarnation;
    }

    @Override
    public void close() {
        if (arbiter != null) {
            arbiter.close();
        }
    }

    private boolean onRecord(final DirectBuffer buffer, final int offset, final int length) {
        if (replay == null) {
            begin(buffer, offset, length);
        }
        replay.take(buffer, offset, length);
        onProgress.accept(++taken);
        return true;
    }

    private void begin(final DirectBuffer buffer, final int offset, final int length) {
        final RecordView view = new RecordView().wrap(buffer, offset, length);
        if (view.position() > 1) {
            beginFromSnapshot(view.position());
            return;
        }
        if (view.kind() != RecordKind.GENESIS) {
            throw new JournalFailedException(
                    Kind.DAMAGE, "the journal does not begin with a genesis: position=" + view.position(), null);
        }
        final GenesisCommandDecoder genesis = new GenesisCommandDecoder()
                .wrapAndApplyHeader(buffer, view.commandOffset(), new MessageHeaderDecoder());
        incarnation = new Incarnation(
                genesis.incarnation().high(), genesis.incarnation().low());
        arbiter = newArbiter(incarnation);
        replay = new Replay(incarnation, arbiter::replay, arbiter.outBytesMax());
    }

    static Arbiter newArbiter(final Incarnation incarnation) {
        final SecureRandom random = new SecureRandom();
        return new Arbiter(new ArbiterContext()
                .incarnation(incarnation.high(), incarnation.low())
                .hashSeed(random.nextLong(), random.nextLong())
                .databaseBytesMax(ArbiterContext.ARENA_BYTES_MAX_DEFAULT)
                .conclude());
    }

    /** Old records were given up: the oldest snapshot that the journal still reaches takes their place. */
    private void beginFromSnapshot(final long firstPosition) {
        incarnation = JournalInspector.retainedIncarnation(folder);
        RuntimeException refusal = null;
        for (final SnapshotFile file : oldestFirst()) {
            if (incarnation == null) {
                break;
            }
            arbiter = newArbiter(incarnation);
            try {
                restore = arbiter.restore();
                file.read(restore::onBlock);
                if (restore.endPosition() > 0 && file.firstPositionNeeded() >= firstPosition) {
                    replay = Replay.fromSnapshot(incarnation, arbiter, restore);
                    return;
                }
            } catch (final SnapshotException | IndexOutOfBoundsException e) {
                refusal = e;
            }
            arbiter.close();
            arbiter = null;
        }
        throw new JournalFailedException(
                Kind.DAMAGE,
                "the journal begins at position=" + firstPosition + ", and no snapshot holds what came before",
                refusal);
    }

    private List<SnapshotFile> oldestFirst() {
        try {
            final List<SnapshotFile> files = new ArrayList<>(new SnapshotFolder(folder).newestFirst());
            Collections.reverse(files);
            return files;
        } catch (final IOException e) {
            throw new JournalFailedException(Kind.IO, "the snapshots cannot be listed: " + e, e);
        }
    }

    private void checkEnd(final InspectionReport report) {
        final long replayed = replay.end().lastPosition();
        if (replayed != report.lastPosition()) {
            throw new JournalFailedException(
                    Kind.DAMAGE,
                    "the chain ends elsewhere than the records: lastReplayed=" + replayed + ", lastPosition="
                            + report.lastPosition(),
                    null);
        }
    }
}
