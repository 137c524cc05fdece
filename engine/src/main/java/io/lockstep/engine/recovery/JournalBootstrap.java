package io.lockstep.engine.recovery;

import io.lockstep.codec.GenesisCommandDecoder;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.RecordKind;
import io.lockstep.engine.arbitration.Arbiter;
import io.lockstep.engine.arbitration.StateRestore;
import io.lockstep.engine.port.JournalFailedException;
import io.lockstep.engine.port.JournalPort;
import io.lockstep.engine.port.JournalReader;
import io.lockstep.engine.record.Incarnation;
import io.lockstep.engine.record.NodeRecordWriter;
import io.lockstep.engine.record.RecordSealer;
import io.lockstep.engine.record.RecordView;
import io.lockstep.engine.snapshot.SnapshotException;
import io.lockstep.engine.snapshot.SnapshotSource;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * From an open journal to a state that can be trusted, in two steps, because the identity of the journal is what the
 * arbiter is made with: {@link #incarnation}, then {@link #recover}. The calling thread is the appender until an engine
 * takes over.
 */
public final class JournalBootstrap {
    private static final long SYNC_POLL_NS = 100_000;

    private JournalBootstrap() {}

    /**
     * The identity of a journal. An empty journal begins here: its genesis is appended and made durable.
     *
     * @param journal open
     * @param ifEmpty random identity of a new journal
     * @param nowMs stamped on a new genesis, milliseconds since 1970
     * @param syncTimeoutNs how long the genesis may take to become durable
     * @return the journal's identity
     * @throws JournalFailedException when the genesis cannot be written or synced, or the first record is something else
     */
    public static Incarnation incarnation(
            final JournalPort journal, final Incarnation ifEmpty, final long nowMs, final long syncTimeoutNs) {
        if (journal.writtenPosition() == 0) {
            begin(journal, ifEmpty, nowMs, syncTimeoutNs);
            return ifEmpty;
        }
        if (journal.retainedIncarnation() != null) {
            return journal.retainedIncarnation();
        }
        final Incarnation[] found = new Incarnation[1];
        try (JournalReader reader = journal.openReader()) {
            reader.poll(
                    (buffer, offset, length) -> {
                        final RecordView view = new RecordView().wrap(buffer, offset, length);
                        if (view.kind() == RecordKind.GENESIS) {
                            found[0] = incarnationOf(view);
                        }
                        return false;
                    },
                    1,
                    1);
        }
        if (found[0] == null) {
            throw new JournalFailedException(
                    JournalFailedException.Kind.DAMAGE, "the journal does not begin with a genesis: position=1", null);
        }
        return found[0];
    }

    private static Incarnation incarnationOf(final RecordView view) {
        final GenesisCommandDecoder genesis = new GenesisCommandDecoder()
                .wrapAndApplyHeader(view.buffer(), view.commandOffset(), new MessageHeaderDecoder());
        return new Incarnation(
                genesis.incarnation().high(), genesis.incarnation().low());
    }

    private static void begin(
            final JournalPort journal, final Incarnation incarnation, final long nowMs, final long syncTimeoutNs) {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[NodeRecordWriter.LENGTH_MAX]);
        final int length = new NodeRecordWriter(Arbiter.RULES_VERSION)
                .wrap(buffer, 0, 0, nowMs)
                .genesis(incarnation);
        new RecordSealer(incarnation, 0, 0).seal(buffer, 0, length, 0);
        journal.append(buffer, 0, length);
        journal.batchAppended();
        awaitDurable(journal, 1, syncTimeoutNs);
    }

    private static void awaitDurable(final JournalPort journal, final long position, final long timeoutNs) {
        final long startNs = System.nanoTime();
        while (journal.durablePosition() < position) {
            if (journal.failure() != null) {
                throw journal.failure();
            }
            if (System.nanoTime() - startNs > timeoutNs) {
                throw new JournalFailedException(
                        JournalFailedException.Kind.IO,
                        "not durable in time: position=" + position + ", durablePosition=" + journal.durablePosition()
                                + ", timeoutNs=" + timeoutNs,
                        null);
            }
            LockSupport.parkNanos(SYNC_POLL_NS);
        }
    }

    /**
     * Replays a whole journal into an arbiter.
     *
     * @param journal open, not empty
     * @param incarnation of the journal
     * @param arbiter without databases, made with this incarnation
     * @param progress told now and then
     * @return where the journal ended
     * @throws ReplayDivergedException when arbitration gives something else now
     * @throws JournalFailedException when the journal cannot be trusted
     */
    public static RecoveredState recover(
            final JournalPort journal,
            final Incarnation incarnation,
            final Arbiter arbiter,
            final ReplayProgress progress) {
        try (JournalReader reader = journal.openReader()) {
            return new Replay(incarnation, arbiter::replay, arbiter.outBytesMax())
                    .run(reader, journal.writtenPosition(), progress);
        }
    }

    /**
     * Restores an arbiter from a snapshot and replays what the journal holds after it.
     *
     * @param journal open, not empty
     * @param incarnation of the journal
     * @param arbiter without databases, made with this incarnation; of no use after an exception
     * @param snapshot whole
     * @param progress told now and then
     * @return where the journal ended
     * @throws SnapshotException when the snapshot cannot be used; an older one, or none, may do
     * @throws ReplayDivergedException when arbitration gives something else now
     * @throws JournalFailedException when the journal cannot be trusted
     */
    public static RecoveredState recover(
            final JournalPort journal,
            final Incarnation incarnation,
            final Arbiter arbiter,
            final SnapshotSource snapshot,
            final ReplayProgress progress) {
        final StateRestore restore = arbiter.restore();
        restore.read(snapshot);
        if (restore.endPosition() == 0) {
            throw new SnapshotException("the snapshot has no end");
        }
        try (JournalReader reader = journal.openReader()) {
            return Replay.fromSnapshot(incarnation, arbiter, restore)
                    .runFromSnapshot(reader, journal.writtenPosition(), progress);
        }
    }
}
