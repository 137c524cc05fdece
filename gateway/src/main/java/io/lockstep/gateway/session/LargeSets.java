package io.lockstep.gateway.session;

import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.LargeSetStepDecoder;
import io.lockstep.codec.LargeSetStepEncoder;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.SetPartCommandEncoder;
import io.lockstep.codec.SubmitResultDecoder;
import io.lockstep.engine.command.CommandKind;
import io.lockstep.engine.command.IngressCommand;
import io.lockstep.engine.command.StagedSets;
import io.lockstep.engine.port.CommittedSlot;
import io.lockstep.engine.port.IngressPort;
import io.lockstep.engine.port.SpaceLevel;
import io.lockstep.gateway.limits.GatewayCounter;
import io.lockstep.gateway.session.SessionPublisher.Refusal;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Has large change sets decided, one after the other: sends the ring a small step or a part at a time, so that the commands
 * of other databases go on between them. Those of its own database wait in their sessions meanwhile. Thread of the
 * transports.
 */
final class LargeSets {
    /** Bytes of a part in the journal: others wait while one is copied, hashed and appended. */
    private static final int PART_BYTES = 32 << 10;

    /** Steps ahead of the answers, so that waiting for the disk does not multiply by their number. */
    private static final int STEPS_IN_FLIGHT_MAX = 8;

    /** So long one waits for room in the journal; its database is held meanwhile. */
    static final long ROOM_WAIT_MS = 10_000;

    /** Parts that are not committed yet: the others' change sets wait for the sync that makes these durable, too. */
    private static final int PARTS_IN_FLIGHT_MAX = 4;

    private static final int PHASE_CHECK = 0;
    private static final int PHASE_APPLY = 1;
    private static final int PHASE_PARTS = -1;
    private static final int PHASE_OVER = 2;
    private static final int HEADER = MessageHeaderDecoder.ENCODED_LENGTH;

    private final SessionHub hub;
    private final Uploads uploads;
    private final IngressPort ingress;
    private final SpaceSource space;
    private final StagedSets staged;
    private final ArrayDeque<Upload> ready = new ArrayDeque<>();
    private final IngressCommand command = new IngressCommand();
    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final LargeSetStepEncoder step = new LargeSetStepEncoder();
    private final LargeSetStepDecoder stepAnswer = new LargeSetStepDecoder();
    private final SetPartCommandEncoder part = new SetPartCommandEncoder();
    private final UnsafeBuffer stepBuffer = new UnsafeBuffer(new byte[HEADER + LargeSetStepEncoder.BLOCK_LENGTH]);
    private final UnsafeBuffer partBuffer;

    private Upload deciding;
    private long sessionId;
    private long uploadId;
    private int phase;
    private int published;
    private int inFlight;
    private boolean waitsForRoom;
    private long waitsSinceNs;

    LargeSets(final SessionHub hub, final Uploads uploads, final IngressPort ingress, final SpaceSource space) {
        this.hub = hub;
        this.uploads = uploads;
        this.ingress = ingress;
        this.space = space;
        staged = ingress.stagedSets();
        partBuffer = new UnsafeBuffer(
                new byte
                        [HEADER
                                + SetPartCommandEncoder.BLOCK_LENGTH
                                + SetPartCommandEncoder.bytesHeaderLength()
                                + PART_BYTES]);
    }

    /** One that was examined; it waits for its turn. */
    void add(final Upload upload) {
        ready.add(upload);
    }

    /** Whether the database's commands have to wait. */
    boolean holds(final int databaseId) {
        return deciding != null && phase != PHASE_OVER && deciding.key().databaseId() == databaseId;
    }

    /** Sends the ring a little. Returns 0 if there was nothing to send. */
    int doWork() {
        if (deciding == null && ready.isEmpty()) {
            waitsForRoom = false;
            return 0;
        }
        final boolean needsRoom = deciding == null || phase == PHASE_CHECK || phase == PHASE_PARTS;
        if (needsRoom && !hasRoom()) {
            return hasWaitedTooLong() && (deciding != null || begin(ready.poll())) ? giveUp() : 0;
        }
        waitsForRoom = false;
        if (deciding == null && !begin(ready.poll())) {
            return 1;
        }
        return switch (phase) {
            case PHASE_CHECK, PHASE_APPLY -> inFlight < STEPS_IN_FLIGHT_MAX && step(phase) ? 1 : 0;
            case PHASE_PARTS -> inFlight < PARTS_IN_FLIGHT_MAX && part() ? 1 : 0;
            default -> 0;
        };
    }

    /** Others come first where the journal has to make room: nobody is refused because of what can wait. */
    private boolean hasRoom() {
        return space.level() != SpaceLevel.HARD && space.hasRoomForBulk();
    }

    private boolean hasWaitedTooLong() {
        if (!waitsForRoom) {
            waitsForRoom = true;
            waitsSinceNs = hub.nowNs();
        }
        return space.isTooFull() || hub.nowNs() - waitsSinceNs >= TimeUnit.MILLISECONDS.toNanos(ROOM_WAIT_MS);
    }

    /** False if nobody has its database open. */
    private boolean begin(final Upload upload) {
        if (hub.feedOf(upload.key().databaseId()) == null) {
            upload.state(Upload.State.PARKED);
            return false;
        }
        deciding = upload;
        upload.state(Upload.State.DECIDING);
        phase = PHASE_CHECK;
        published = 0;
        uploadId++;
        sessionId = upload.session() == null ? 0 : upload.session().id();
        staged.put(uploadId, upload.set());
        hold(true);
        return true;
    }

    private void hold(final boolean held) {
        final DatabaseFeed feed = hub.feedOf(deciding.key().databaseId());
        if (feed != null) {
            feed.turn().hold(held);
        }
    }

    /** Its parts would go where there is no room; what is journaled of them says nothing. */
    private int giveUp() {
        if (!step(PHASE_OVER)) {
            return 0;
        }
        end();
        hub.counters().increment(GatewayCounter.SPACE_REFUSED);
        Uploads.refuse(deciding, RequestGate.exhausted(space, SpaceLevel.HARD, hub.limits()));
        return 1;
    }

    /** Others may go on; it is let go of when the ring has no more of it. */
    private void end() {
        phase = PHASE_OVER;
        hold(false);
    }

    private boolean step(final int wanted) {
        step.wrapAndApplyHeader(stepBuffer, 0, headerEncoder).uploadId(uploadId).phase((short) wanted);
        return publish(CommandKind.LARGE_STEP, stepBuffer, stepBuffer.capacity());
    }

    private boolean part() {
        final UnsafeBuffer set = deciding.set();
        final int length = Math.min(PART_BYTES, set.capacity() - published);
        part.wrapAndApplyHeader(partBuffer, 0, headerEncoder)
                .partOffset(published)
                .totalBytes(set.capacity())
                .putBytes(set, published, length);
        if (!publish(CommandKind.LARGE_PART, partBuffer, HEADER + part.encodedLength())) {
            return false;
        }
        published += length;
        if (published == set.capacity()) {
            phase = PHASE_APPLY;
        }
        return true;
    }

    private boolean publish(final CommandKind kind, final UnsafeBuffer body, final int length) {
        final Upload.Key key = deciding.key();
        command.set(kind, sessionId, key.principalId(), key.databaseId(), deciding.flags(), 0);
        if (!ingress.tryPublish(command, body, 0, length)) {
            return false;
        }
        inFlight++;
        return true;
    }

    /** A step or part was decided and committed. */
    void onCommitted(final CommittedSlot slot) {
        inFlight--;
        if (slot.kind() == CommandKind.LARGE_STEP && phase != PHASE_OVER) {
            onStep(slot);
        }
        if (phase == PHASE_OVER && inFlight == 0) {
            staged.remove(uploadId);
            if (deciding.session() != null) {
                Uploads.refuse(deciding, Refusal.of(ErrorCode.UPLOAD_REFUSED, "it has just been answered: ask again"));
            }
            uploads.drop(deciding);
            deciding = null;
        }
    }

    private void onStep(final CommittedSlot slot) {
        header.wrap(slot.buffer(), slot.answerOffset());
        if (header.templateId() == SubmitResultDecoder.TEMPLATE_ID) {
            onResult(slot);
            return;
        }
        stepAnswer.wrapAndApplyHeader(slot.buffer(), slot.answerOffset(), header);
        if (phase == PHASE_CHECK && stepAnswer.phase() == PHASE_APPLY) {
            phase = PHASE_PARTS;
        }
    }

    private void onResult(final CommittedSlot slot) {
        hub.counters().increment(GatewayCounter.LARGE_SETS);
        final DatabaseFeed feed = hub.feedOf(deciding.key().databaseId());
        if (feed != null && slot.recordLength() > 0) {
            feed.onLargeSet(slot);
        }
        end();
        final Session session = deciding.session();
        if (session != null) {
            // The client may have reconnected since, and asks under another number.
            final UnsafeBuffer answer = new UnsafeBuffer(new byte[slot.answerLength()]);
            answer.putBytes(0, slot.buffer(), slot.answerOffset(), slot.answerLength());
            answer.putLong(
                    HEADER + SubmitResultDecoder.requestIdEncodingOffset(),
                    deciding.requestId(),
                    ByteOrder.LITTLE_ENDIAN);
            hub.counters().refusals().onAnswer(answer, 0);
            session.send(answer, 0, answer.capacity());
            Uploads.answered(deciding);
        }
    }
}
