package io.lockstep.engine.stage;

import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.LargeSetStepDecoder;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.SubmitChangeSetDecoder;
import io.lockstep.codec.SubmitResultEncoder;
import io.lockstep.codec.SubmitStatus;
import io.lockstep.engine.arbitration.Decision;
import io.lockstep.engine.command.CommandKind;
import io.lockstep.engine.command.StagedSets;
import io.lockstep.engine.port.CrumbPort;
import io.lockstep.engine.ring.ByteRing;
import io.lockstep.engine.ring.CommandRing;
import io.lockstep.engine.ring.CommandSlot;
import io.lockstep.engine.ring.SlotHandler;
import io.lockstep.engine.ring.SlotPoller;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * First stage: has every command decided, in ring order. Does not poll while the record byte ring could not take the
 * largest decision. Notes each change set in the crumb before arbitration sees it, and refuses those over which a node
 * died.
 */
public final class ArbitrateStage implements Agent, SlotHandler {
    /** Slots that are looked at together: as many lines of memory stay in the first cache. */
    private static final int PREFETCH_SLOTS = 32;

    /** With fewer there is nothing to overlap, and looking ahead only costs. */
    private static final int PREFETCH_SLOTS_MIN = 4;

    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
    private static final int HEADER = MessageHeaderDecoder.ENCODED_LENGTH;
    private static final int REQUEST_ID = HEADER + SubmitChangeSetDecoder.requestIdEncodingOffset();
    private static final int SITE = HEADER + SubmitChangeSetDecoder.siteEncodingOffset();
    private static final int WALL = HEADER + SubmitChangeSetDecoder.wallEncodingOffset();
    private static final int UPLOAD_ID = HEADER + LargeSetStepDecoder.uploadIdEncodingOffset();
    private static final int COUNTER = HEADER + SubmitChangeSetDecoder.counterEncodingOffset();

    private final SlotHandler expecting = this::expect;
    private final SlotPoller poller;
    private final UnsafeBuffer commands;
    private final ByteRing commandBytes;
    private final ByteRing recordBytes;
    private final Decider decider;
    private final CrumbPort crumb;
    private final MarkExchange marks;
    private final StagedSets staged;
    private final int outBytesMax;
    private final int slotsMax;
    private final Decision decision = new Decision();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final SubmitResultEncoder refusal = new SubmitResultEncoder();
    private long passedCommands;
    private long refusedSets;
    private long waits;
    private long aheadFailures;

    /**
     * A stage.
     *
     * @param ring to work on
     * @param decider arbitration
     * @param crumb keeps the note of what is in hand
     * @param marks nothing is decided while one is asked for
     * @param slotsMax most slots of one duty cycle
     */
    public ArbitrateStage(
            final CommandRing ring,
            final Decider decider,
            final CrumbPort crumb,
            final MarkExchange marks,
            final int slotsMax) {
        this.poller = ring.arbitrate();
        this.staged = decider.stagedSets();
        this.commands = ring.commands().buffer();
        this.commandBytes = ring.commands();
        this.recordBytes = ring.records();
        this.decider = decider;
        this.crumb = crumb;
        this.marks = marks;
        this.outBytesMax = decider.outBytesMax();
        this.slotsMax = slotsMax;
    }

    @Override
    public int doWork() {
        if (marks.isPending()) {
            return 0;
        }
        if (!recordBytes.hasRoom(outBytesMax)) {
            waits++;
            return 0;
        }
        int taken = 0;
        int chunk;
        do {
            chunk = Math.min(PREFETCH_SLOTS, slotsMax - taken);
            if (poller.peek(expecting, PREFETCH_SLOTS_MIN, chunk) > 0) {
                decider.prefetch();
            }
            final int polled = poller.poll(this, chunk);
            taken += polled;
            // The last slot of a chunk may be the one that fills the bytes: that stops no poll.
            chunk = polled < chunk || !recordBytes.hasRoom(outBytesMax) ? 0 : slotsMax - taken;
        } while (chunk > 0);
        if (taken > 0) {
            commandBytes.free(passedCommands);
        }
        return taken;
    }

    private boolean expect(final CommandSlot slot) {
        if (slot.kind() == CommandKind.CHANGE_SET) {
            try {
                decider.expect(slot.command().databaseId(), commands, slot.commandOffset());
            } catch (final RuntimeException ex) {
                aheadFailures++; // a bug; the same set meets it again when it is decided, and then the crumb names it
            }
        }
        return true;
    }

    @Override
    public boolean onSlot(final CommandSlot slot) {
        final int out = recordBytes.tryClaim(outBytesMax);
        if (slot.kind() == CommandKind.CHANGE_SET) {
            decideChangeSet(slot, out);
        } else if (slot.kind() == CommandKind.LARGE_STEP) {
            decideLargeStep(slot, out);
        } else {
            decide(slot, out);
        }
        recordBytes.trim(Math.max(0, decision.usedLength(out)));
        slot.decided(decision, recordBytes.claimedPosition());
        passedCommands = slot.commandEnd();
        return recordBytes.hasRoom(outBytesMax);
    }

    private void decideChangeSet(final CommandSlot slot, final int out) {
        final int body = slot.commandOffset();
        final int databaseId = slot.command().databaseId();
        final long siteHigh = commands.getLong(body + SITE, LE);
        final long siteLow = commands.getLong(body + SITE + Long.BYTES, LE);
        final long wall = commands.getLong(body + WALL, LE);
        final int counter = commands.getShort(body + COUNTER, LE) & 0xFFFF;
        if (crumb.refuses(databaseId, siteHigh, siteLow, wall, counter)) {
            refuse(slot, out, commands.getLong(body + REQUEST_ID, LE));
            return;
        }
        crumb.note(databaseId, siteHigh, siteLow, wall, counter);
        decideNoted(slot, out);
    }

    private void decideNoted(final CommandSlot slot, final int out) {
        try {
            decide(slot, out);
        } catch (final Throwable failure) {
            crumb.raised();
            throw failure;
        }
        crumb.clear();
    }

    /** Each slice is noted like a set of its own. */
    private void decideLargeStep(final CommandSlot slot, final int out) {
        final DirectBuffer set = staged.get(commands.getLong(slot.commandOffset() + UPLOAD_ID, LE));
        if (set == null) {
            decide(slot, out);
            return;
        }
        final int databaseId = slot.command().databaseId();
        final long siteHigh = set.getLong(SITE, LE);
        final long siteLow = set.getLong(SITE + Long.BYTES, LE);
        final long wall = set.getLong(WALL, LE);
        final int counter = set.getShort(COUNTER, LE) & 0xFFFF;
        if (crumb.refuses(databaseId, siteHigh, siteLow, wall, counter)) {
            refuse(slot, out, set.getLong(REQUEST_ID, LE));
            return;
        }
        crumb.note(databaseId, siteHigh, siteLow, wall, counter);
        decideNoted(slot, out);
    }

    private void decide(final CommandSlot slot, final int out) {
        decider.decide(
                slot.command(),
                commands,
                slot.commandOffset(),
                slot.commandLength(),
                recordBytes.buffer(),
                out,
                decision);
    }

    private void refuse(final CommandSlot slot, final int out, final long requestId) {
        final int databaseId = slot.command().databaseId();
        refusedSets++;
        refusal.wrapAndApplyHeader(recordBytes.buffer(), out, header)
                .requestId(requestId)
                .status(SubmitStatus.REFUSED)
                .reason(ErrorCode.REFUSED_POISON.value())
                .sequence(0)
                .databaseSequence(decider.sequence(databaseId))
                .epoch(decider.epoch())
                .limitValue(-1)
                .actualValue(-1)
                .change(-1);
        refusal.winnersCount(0);
        refusal.putMigrationOutcomes(commands, 0, 0).putOutcomes(commands, 0, 0);
        decision.clear();
        decision.databaseId(databaseId);
        decision.record(out, 0);
        decision.answer(out, HEADER + refusal.encodedLength());
    }

    @Override
    public String roleName() {
        return "arbitrate";
    }

    /**
     * Change sets refused because a node died over them. Stage's thread, or any for statistics.
     *
     * @return a count since the start
     */
    public long refusedSets() {
        return refusedSets;
    }

    /**
     * Exceptions while looking ahead, which never should be. Stage's thread, or any for statistics.
     *
     * @return a count since the start
     */
    public long aheadFailures() {
        return aheadFailures;
    }

    /**
     * Duty cycles that did nothing because the record byte ring was full. Stage's thread, or any for statistics.
     *
     * @return a count since the start
     */
    public long waits() {
        return waits;
    }
}
