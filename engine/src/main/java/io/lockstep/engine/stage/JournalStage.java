package io.lockstep.engine.stage;

import io.lockstep.engine.command.CommandKind;
import io.lockstep.engine.port.JournalPort;
import io.lockstep.engine.record.NodeRecordWriter;
import io.lockstep.engine.record.RecordDescriptor;
import io.lockstep.engine.record.RecordSealer;
import io.lockstep.engine.record.SealDigest;
import io.lockstep.engine.recovery.RecoveredState;
import io.lockstep.engine.ring.CommandRing;
import io.lockstep.engine.ring.CommandSlot;
import io.lockstep.engine.ring.SlotHandler;
import io.lockstep.engine.ring.SlotPoller;
import io.lockstep.engine.snapshot.SnapshotMark;
import java.nio.ByteOrder;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Second stage: seals each record in place, appends the same bytes, and tells each slot what it relies on. Writes a
 * SHA-256 seal at the end of a batch when the policy says so, and at the close.
 *
 * <p>A slot relies on its own record, or on the last record of a slot before it. Seals are nobody's: nothing waits for
 * them.
 */
public final class JournalStage implements Agent, SlotHandler {
    private final SlotPoller poller;
    private final JournalPort journal;
    private final RecordSealer sealer;
    private final SealDigest sealDigest;
    private final SealPolicy policy;
    private final NanoClock nanoClock;
    private final NodeRecordWriter nodeRecords;
    private final int slotsMax;
    private final UnsafeBuffer sealBuffer = new UnsafeBuffer(new byte[NodeRecordWriter.LENGTH_MAX]);
    private final byte[] sha256 = new byte[SealDigest.LENGTH];
    private final FailStop failStop;
    private final MarkExchange marks;
    private final PartPositions parts = new PartPositions();

    private long commitPosition;
    private long durablePosition;
    private long lastEpoch;
    private long lastStampedTimeMs;
    private long unsealedSinceNs;
    private boolean unannounced = true;
    private boolean closed;

    /**
     * A stage.
     *
     * @param ring to work on
     * @param journal to append to
     * @param start where the journal ended
     * @param policy when to write seals
     * @param nanoClock for the policy alone
     * @param slotsMax most slots of one duty cycle
     * @param rulesVersion named in seals
     * @param failStop a failed engine appends no seal at the close
     * @param marks answered when nothing is left to append
     */
    public JournalStage(
            final CommandRing ring,
            final JournalPort journal,
            final RecoveredState start,
            final SealPolicy policy,
            final NanoClock nanoClock,
            final int slotsMax,
            final int rulesVersion,
            final FailStop failStop,
            final MarkExchange marks) {
        this.poller = ring.journal();
        this.journal = journal;
        this.sealer = new RecordSealer(start.incarnation(), start.lastPosition(), start.lastHash());
        this.sealDigest = start.sealDigest();
        this.policy = policy;
        this.nanoClock = nanoClock;
        this.slotsMax = slotsMax;
        this.nodeRecords = new NodeRecordWriter(rulesVersion);
        this.failStop = failStop;
        this.marks = marks;
        this.commitPosition = start.lastPosition();
        this.lastEpoch = start.epoch();
        this.lastStampedTimeMs = start.lastStampedTimeMs();
        this.unsealedSinceNs = nanoClock.nanoTime();
    }

    @Override
    public int doWork() {
        durablePosition = journal.durablePosition();
        final boolean markAsked =
                marks.isAsked(); // read first: what was decided before it was asked is seen by the poll
        final long positionBefore = sealer.lastPosition();
        final int taken = poller.poll(this, slotsMax);
        if (markAsked && taken == 0) {
            answerMark();
        }
        if (sealDigest.records() > 0) {
            sealIfDue();
        }
        // The first cycle says so too: what an earlier process appended may not be durable yet, and reads wait for it.
        if (unannounced || sealer.lastPosition() != positionBefore) {
            unannounced = false;
            journal.batchAppended();
        }
        return taken;
    }

    @Override
    public boolean onSlot(final CommandSlot slot) {
        final int length = slot.recordLength();
        if (length > 0) {
            final UnsafeBuffer records = slot.records();
            final int offset = slot.recordOffset();
            if (sealDigest.records() == 0) {
                unsealedSinceNs = nanoClock.nanoTime();
            }
            if (slot.kind() == CommandKind.LARGE_PART || slot.kind() == CommandKind.LARGE_STEP) {
                parts.onRecord(records, offset, length, sealer.lastPosition() + 1);
            }
            commitPosition = append(records, offset, length);
            sealDigest.update(records, offset, length);
            lastEpoch = records.getLong(offset + RecordDescriptor.EPOCH_OFFSET, ByteOrder.LITTLE_ENDIAN);
            lastStampedTimeMs = slot.command().stampedTimeMs();
        }
        slot.journaled(commitPosition);
        return true;
    }

    private void answerMark() {
        marks.answer(new SnapshotMark(
                sealer.lastPosition(),
                sealer.lastHash(),
                lastEpoch,
                lastStampedTimeMs,
                sealer.lastPosition() - sealDigest.records() + 1));
    }

    private long append(final UnsafeBuffer buffer, final int offset, final int length) {
        final long position = sealer.seal(buffer, offset, length, durablePosition);
        journal.append(buffer, offset, length);
        return position;
    }

    private void sealIfDue() {
        if (sealDigest.records() >= policy.recordsMin()
                || nanoClock.nanoTime() - unsealedSinceNs >= policy.intervalNs()) {
            seal();
        }
    }

    private void seal() {
        final long toPosition = sealer.lastPosition();
        final long fromPosition = toPosition - sealDigest.records() + 1;
        sealDigest.finish(sha256);
        final int length =
                nodeRecords.wrap(sealBuffer, 0, lastEpoch, lastStampedTimeMs).seal(fromPosition, toPosition, sha256);
        append(sealBuffer, 0, length);
    }

    /** Covers what is not covered yet. The journal itself is closed by its owner. */
    @Override
    public void onClose() {
        if (!closed && !failStop.failed() && sealDigest.records() > 0) {
            durablePosition = journal.durablePosition();
            seal();
            journal.batchAppended();
        }
        closed = true;
    }

    @Override
    public String roleName() {
        return "journal";
    }
}
