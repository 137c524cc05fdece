package io.lockstep.engine.recovery;

import io.lockstep.codec.CutCommandDecoder;
import io.lockstep.codec.GenesisCommandDecoder;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.RecordKind;
import io.lockstep.codec.hash.StateDigest;
import io.lockstep.engine.arbitration.Arbiter;
import io.lockstep.engine.arbitration.Decision;
import io.lockstep.engine.arbitration.StateRestore;
import io.lockstep.engine.command.CommandKind;
import io.lockstep.engine.command.IngressCommand;
import io.lockstep.engine.port.JournalFailedException;
import io.lockstep.engine.port.JournalReader;
import io.lockstep.engine.record.ChainCheck;
import io.lockstep.engine.record.Incarnation;
import io.lockstep.engine.record.LargeSetAssembly;
import io.lockstep.engine.record.RecordDescriptor;
import io.lockstep.engine.record.RecordVerdict;
import io.lockstep.engine.record.RecordView;
import io.lockstep.engine.snapshot.SnapshotException;
import io.lockstep.engine.snapshot.SnapshotMark;
import org.agrona.DirectBuffer;
import org.agrona.ExpandableDirectByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Builds the state of an arbiter from a journal: arbitrates every recorded command again and compares what comes out with
 * what was recorded, byte by byte. Follows the chain, the epochs, the stamped times and the seals on the way. One thread,
 * one run.
 */
public final class Replay {
    private static final int RECORDS_PER_POLL = 4_096;

    private final Incarnation incarnation;
    private final Replayer replayer;
    private final StateRestore restore;
    private ChainCheck chain;
    private final SealCheck seals = new SealCheck();
    private final RecordView view = new RecordView();
    private final IngressCommand command = new IngressCommand();
    private final Decision decision = new Decision();
    private final UnsafeBuffer out = new UnsafeBuffer();
    private final LargeSetAssembly largeSet = new LargeSetAssembly();
    private final int outBytesMax;
    private ExpandableDirectByteBuffer outMemory = new ExpandableDirectByteBuffer(4_096);
    private long epoch;
    private long lastStampedTimeMs;
    private long sealedThrough;

    /**
     * A replay.
     *
     * @param incarnation of the journal
     * @param replayer an empty state machine
     * @param outBytesMax the most that one decision writes
     */
    public Replay(final Incarnation incarnation, final Replayer replayer, final int outBytesMax) {
        this(incarnation, replayer, outBytesMax, null);
    }

    private Replay(
            final Incarnation incarnation, final Replayer replayer, final int outBytesMax, final StateRestore restore) {
        this.incarnation = incarnation;
        this.replayer = replayer;
        this.restore = restore;
        this.chain = restore == null ? new ChainCheck(incarnation, 0, 0) : null;
        this.outBytesMax = outBytesMax;
        reserve(outBytesMax);
    }

    /**
     * A replay that goes on from a snapshot.
     *
     * @param incarnation of the journal
     * @param arbiter holds what the snapshot's blocks said
     * @param restore was shown all blocks
     * @return to be run with {@link #runFromSnapshot}, or handed the records from any one on that the snapshot holds
     */
    public static Replay fromSnapshot(
            final Incarnation incarnation, final Arbiter arbiter, final StateRestore restore) {
        return new Replay(incarnation, arbiter::replay, arbiter.outBytesMax(), restore);
    }

    private void reserve(final int bytes) {
        if (bytes > out.capacity()) {
            outMemory.checkLimit(bytes);
            out.wrap(outMemory, 0, bytes);
        }
    }

    /**
     * Replays from the first record on.
     *
     * @param reader stands before the first record
     * @param lastPosition of the journal, at least 1
     * @param progress told now and then
     * @return where the journal ended
     * @throws ReplayDivergedException when arbitration gives something else now
     * @throws JournalFailedException on a broken chain or seal, a missing record, or a version that this node does not know
     */
    public RecoveredState run(final JournalReader reader, final long lastPosition, final ReplayProgress progress) {
        while (chain == null || chain.lastPosition() < lastPosition) {
            if (reader.poll(this::onRecord, lastPosition, RECORDS_PER_POLL) == 0) {
                throw ReplayFailure.damage(
                        "the journal ends early",
                        chain == null ? 1 : chain.lastPosition() + 1,
                        "lastPosition=" + lastPosition);
            }
            progress.onReplayed(chain.lastPosition(), lastPosition);
        }
        largeSet.close(); // parts without an end say nothing
        return end();
    }

    /**
     * Replays the records after the snapshot's start. What the walk of the snapshot lasted is applied as recorded, the
     * rest is arbitrated and compared.
     *
     * @param reader of the journal, anywhere
     * @param lastPosition of the journal
     * @param progress told now and then
     * @return where the journal ended
     * @throws SnapshotException when the snapshot is not of this journal, or its state is not what it says
     * @throws ReplayDivergedException as {@link #run}
     * @throws JournalFailedException as {@link #run}
     */
    public RecoveredState runFromSnapshot(
            final JournalReader reader, final long lastPosition, final ReplayProgress progress) {
        final SnapshotMark start = restore.start();
        if (restore.endPosition() > lastPosition) {
            throw new SnapshotException("the journal ends before the snapshot: lastPosition=" + lastPosition
                    + ", snapshotPosition=" + restore.endPosition());
        }
        reader.seek(restore.endPosition());
        if (reader.poll(this::onEndOfSnapshot, restore.endPosition(), 1) == 0) {
            throw new SnapshotException(
                    "the journal does not hold the snapshot's last record: position=" + restore.endPosition());
        }
        reader.seek(Math.min(start.unsealedFrom(), start.position()));
        final RecoveredState state = run(reader, lastPosition, progress);
        restore.finish();
        return state;
    }

    private boolean onEndOfSnapshot(final DirectBuffer buffer, final int offset, final int length) {
        view.wrap(buffer, offset, length);
        requireHash(restore.endPosition(), restore.endHash());
        return false;
    }

    /** The snapshot holds the record: only the chain counts, and its bytes if no seal covers them. */
    private void onHeld(final DirectBuffer buffer, final int offset, final int length) {
        final SnapshotMark start = restore.start();
        if (view.position() >= start.unsealedFrom()) {
            seals.digest().update(buffer, offset, length);
        }
        if (view.position() == start.position()) {
            requireHash(start.position(), start.hash());
            epoch = start.epoch();
            lastStampedTimeMs = start.stampedTimeMs();
            // The seal before is a record of its own, which no seal covers.
            sealedThrough = Math.max(0, start.unsealedFrom() - 2);
        }
    }

    private void requireHash(final long position, final long snapshotHash) {
        if (view.hash() != snapshotHash) {
            throw new SnapshotException("the snapshot is of another history: position=" + position + ", snapshotHash="
                    + Long.toHexString(snapshotHash) + ", journalHash=" + Long.toHexString(view.hash()));
        }
    }

    /**
     * Where the records taken so far end.
     *
     * @return a node could go on from here
     */
    public RecoveredState end() {
        return new RecoveredState(
                incarnation,
                chain.lastPosition(),
                chain.lastHash(),
                epoch,
                lastStampedTimeMs,
                sealedThrough,
                seals.digest());
    }

    /**
     * Takes the next record, for whoever is handed records instead of reading them.
     *
     * @param buffer holds it
     * @param offset of its first byte
     * @param length bytes
     * @return true: it wants the next one too
     * @throws ReplayDivergedException when arbitration gives something else now
     * @throws JournalFailedException as {@link #run}
     */
    public boolean take(final DirectBuffer buffer, final int offset, final int length) {
        return onRecord(buffer, offset, length);
    }

    private boolean onRecord(final DirectBuffer buffer, final int offset, final int length) {
        view.wrap(buffer, offset, length);
        if (chain == null) {
            chain = new ChainCheck(incarnation, view.position() - 1, view.previousHash());
        }
        final long hashBefore = chain.lastHash();
        final RecordVerdict verdict = chain.next(buffer, offset, length);
        if (!verdict.good()) {
            throw ReplayFailure.damage(
                    "the chain is broken",
                    chain.lastPosition() + 1,
                    "verdict=" + verdict + ", found=" + view.position());
        }
        if (restore != null && view.position() <= restore.start().position()) {
            onHeld(buffer, offset, length);
            return true;
        }
        if (restore != null && view.position() == restore.endPosition()) {
            requireHash(restore.endPosition(), restore.endHash());
        }
        checkOrder();
        final RecordKind kind = view.kind();
        switch (kind) {
            case GENESIS -> checkGenesis();
            case CREATE_DATABASE -> replay(CommandKind.OPEN_DATABASE, IngressCommand.FLAG_MAY_CREATE);
            case CHANGE_SET -> replay(CommandKind.CHANGE_SET, 0);
            case SET_PART -> takePart();
            case LARGE_CHANGE_SET -> replayLargeSet();
            case PRUNE -> replay(CommandKind.PRUNE, 0);
            case EPOCH -> replay(CommandKind.EPOCH, 0);
            case SEAL -> seals.check(view);
            case CUT -> checkCut(hashBefore);
            default ->
                throw ReplayFailure.unknown(
                        view.position(), "kind", buffer.getByte(offset + RecordDescriptor.KIND_OFFSET));
        }
        if (kind == RecordKind.SEAL) {
            sealedThrough = view.position() - 1;
        } else {
            seals.digest().update(buffer, offset, length);
        }
        return true;
    }

    private void checkOrder() {
        if (view.rulesVersion() != Arbiter.RULES_VERSION) {
            throw ReplayFailure.unknown(view.position(), "rulesVersion", view.rulesVersion());
        }
        final boolean raised = view.kind() == RecordKind.EPOCH ? view.epoch() > epoch : view.epoch() == epoch;
        if (view.position() > 1 && !raised) {
            throw ReplayFailure.damage(
                    "epochs do not rise", view.position(), "epoch=" + view.epoch() + ", before=" + epoch);
        }
        if (view.stampedTimeMs() < lastStampedTimeMs) {
            throw ReplayFailure.damage(
                    "stamped time goes back",
                    view.position(),
                    "stampedTimeMs=" + view.stampedTimeMs() + ", before=" + lastStampedTimeMs);
        }
        if ((view.position() == 1) != (view.kind() == RecordKind.GENESIS)) {
            throw ReplayFailure.damage(
                    "a journal begins with its genesis, and only there", view.position(), "kind=" + view.kind());
        }
        epoch = view.epoch();
        lastStampedTimeMs = view.stampedTimeMs();
    }

    private void takePart() {
        if (!largeSet.onPart(view)) {
            throw ReplayFailure.damage("a part of a large change set does not follow", view.position(), "");
        }
    }

    /** Arbitrated at once, whatever slices it was decided in. */
    private void replayLargeSet() {
        final long position = view.position();
        if (!largeSet.onLargeSet(view)) {
            throw ReplayFailure.damage("parts of a large change set are missing", position, "");
        }
        view.wrap(largeSet.buffer(), 0, largeSet.length());
        replay(CommandKind.CHANGE_SET, 0);
        largeSet.close();
        if (out.capacity() > outBytesMax) {
            outMemory = new ExpandableDirectByteBuffer(outBytesMax);
            out.wrap(outMemory, 0, outBytesMax);
        }
    }

    private void replay(final CommandKind kind, final int flags) {
        if (restore != null && restore.take(view)) {
            return;
        }
        final int authorised =
                (view.flags() & RecordDescriptor.FLAG_SITE_AUTHORISED) == 0 ? 0 : IngressCommand.FLAG_SITE_AUTHORISED;
        command.set(
                kind,
                view.sessionId(),
                view.principalId(),
                view.databaseId(),
                flags | authorised,
                view.stampedTimeMs());
        reserve(2 * view.length());
        replayer.replay(command, view.buffer(), view.commandOffset(), view.commandLength(), out, 0, decision);
        if (decision.recordLength() == 0) {
            throw new ReplayDivergedException(
                    view.position(), "record", view.kind().name(), "no record");
        }
        if (!RecordComparison.same(
                view.buffer(), view.offset(), view.length(), out, decision.recordOffset(), decision.recordLength())) {
            throw RecordComparison.difference(
                    view, new RecordView().wrap(out, decision.recordOffset(), decision.recordLength()));
        }
    }

    private void checkGenesis() {
        final GenesisCommandDecoder genesis = new GenesisCommandDecoder()
                .wrapAndApplyHeader(view.buffer(), view.commandOffset(), new MessageHeaderDecoder());
        if (genesis.formatVersion() != RecordDescriptor.FORMAT_VERSION) {
            throw ReplayFailure.unknown(view.position(), "formatVersion", genesis.formatVersion());
        }
        if (genesis.digestVersion() != StateDigest.VERSION) {
            throw ReplayFailure.unknown(view.position(), "digestVersion", genesis.digestVersion());
        }
        final Incarnation recorded = new Incarnation(
                genesis.incarnation().high(), genesis.incarnation().low());
        if (!recorded.equals(incarnation)) {
            throw ReplayFailure.damage("another incarnation", 1, "recorded=" + recorded + ", expected=" + incarnation);
        }
    }

    private void checkCut(final long hashBefore) {
        final CutCommandDecoder cut = new CutCommandDecoder()
                .wrapAndApplyHeader(view.buffer(), view.commandOffset(), new MessageHeaderDecoder());
        if (cut.fromPosition() != view.position() || cut.keptHash() != hashBefore) {
            throw ReplayFailure.damage(
                    "a cut does not follow the record that it keeps",
                    view.position(),
                    "from=" + cut.fromPosition() + ", keptHash=" + Long.toHexString(cut.keptHash()) + ", hashBefore="
                            + Long.toHexString(hashBefore));
        }
    }
}
