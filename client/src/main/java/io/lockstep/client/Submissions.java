package io.lockstep.client;

import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.wire.MessagePublisher;
import io.lockstep.client.wire.PendingWindow;
import io.lockstep.client.wire.Requests;
import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.SubmitChangeSetEncoder;
import io.lockstep.codec.SubmitFlagsEncoder;
import io.lockstep.codec.UploadStateDecoder;
import io.lockstep.codec.frame.FrameDescriptor;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * Change sets from submission to answer: sends them in the order of their ids within the window, sends again what was not
 * answered, and tells one that may be what breaks the node from those that were only near. One thread.
 */
final class Submissions {
    private static final int REQUEST_ID_OFFSET =
            MessageHeaderEncoder.ENCODED_LENGTH + SubmitChangeSetEncoder.requestIdEncodingOffset();
    private static final int FLAGS_OFFSET =
            MessageHeaderEncoder.ENCODED_LENGTH + SubmitChangeSetEncoder.flagsEncodingOffset();
    private static final byte WANT_WINNERS = SubmitFlagsEncoder.wantWinners((byte) 0, true);
    private static final int MESSAGE_LENGTH_MIN =
            MessageHeaderEncoder.ENCODED_LENGTH + SubmitChangeSetEncoder.BLOCK_LENGTH;
    private static final long NONE = -1;

    /** Of change sets that go in parts, all together. */
    private static final long UPLOADING_BYTES_MAX = 256 << 20;

    private final MessagePublisher publisher;
    private final ClientListener listener;
    private final Requests requests;
    private final Uploading uploading;
    private final PendingWindow window;
    private final int inFlightMax;
    private final int suspectLosses;
    private int sessionInFlightMax = Integer.MAX_VALUE;
    private long sessionChangesMax = Long.MAX_VALUE;
    private int frameBytesMax;
    private long sendNext;
    private int inFlight;
    private long aloneInFlight = NONE;
    private boolean sending;
    private boolean paused;
    private long pausedUntilNs;

    Submissions(
            final ClientContext context,
            final MessagePublisher publisher,
            final ClientListener listener,
            final Requests requests) {
        this.requests = requests;
        uploading = new Uploading(publisher, listener, context.inFlightMax(), UPLOADING_BYTES_MAX);
        this.publisher = publisher;
        this.listener = listener;
        window = new PendingWindow(context.inFlightMax(), context.pendingBytesMax());
        inFlightMax = context.inFlightMax();
        suspectLosses = context.suspectLosses();
        frameBytesMax = context.frameBytesMax();
    }

    long submit(final ChangeSet changeSet, final boolean wantWinners) {
        final int changes = changeSet.changes().size() + changeSet.migrations().size();
        return submit(changeSet.message(), 0, changeSet.encodedLength(), wantWinners, changes > sessionChangesMax);
    }

    /** The bytes are copied; only the request id in them is replaced. */
    long submit(final DirectBuffer message, final int offset, final int length) {
        return submit(message, offset, length, false, false);
    }

    private long submit(
            final DirectBuffer message,
            final int offset,
            final int length,
            final boolean wantWinners,
            final boolean inParts) {
        if (length < MESSAGE_LENGTH_MIN) {
            return Refusal.TOO_LARGE;
        }
        if (inParts || length > window.bytesMax() || length + FrameDescriptor.HEADER_LENGTH > frameBytesMax) {
            return uploading.submit(requests.newId(), window.tail(), message, offset, length, wantWinners);
        }
        if (window.count() >= Math.min(inFlightMax, sessionInFlightMax)) {
            return Refusal.WINDOW_FULL;
        }
        final long id = window.append(message, offset, length);
        if (id < 0) {
            return id == PendingWindow.WINDOW_FULL ? Refusal.WINDOW_FULL : Refusal.BUFFER_FULL;
        }
        final int at = window.offset(id);
        window.buffer().putLong(at + REQUEST_ID_OFFSET, id, ByteOrder.LITTLE_ENDIAN);
        if (wantWinners) {
            final byte flags = window.buffer().getByte(at + FLAGS_OFFSET);
            window.buffer().putByte(at + FLAGS_OFFSET, (byte) (flags | WANT_WINNERS));
        }
        send();
        return id;
    }

    /** The database is open: sends everything that was not answered, oldest first. */
    void start(final SessionInfo.Limits limits, final int newFrameBytesMax) {
        uploading.start(limits.uploadBytesMax());
        sessionInFlightMax = (int) Math.max(1, Math.min(limits.inFlightMax(), Integer.MAX_VALUE));
        sessionChangesMax = limits.changesMax();
        frameBytesMax = newFrameBytesMax;
        sendNext = window.head();
        sending = true;
        paused = false;
    }

    /** Sends nothing more on this connection. */
    void hold() {
        sending = false;
        uploading.hold();
    }

    /** Ends a pause that is over, and sends what may be sent. */
    int pump(final long nowNs) {
        if (paused && nowNs - pausedUntilNs >= 0) {
            paused = false;
        }
        return send() + uploading.pump(nowNs, window.head());
    }

    private int send() {
        int sent = 0;
        final long end = Math.min(window.tail(), uploading.heldFrom());
        while (sending && !paused && aloneInFlight == NONE && sendNext < end) {
            if (window.state(sendNext) != PendingWindow.QUEUED) {
                sendNext++;
            } else if (!sendOne(sendNext)) {
                break;
            } else {
                sent++;
            }
        }
        return sent;
    }

    private boolean sendOne(final long id) {
        if (inFlight >= sessionInFlightMax) {
            return false;
        }
        final boolean suspect = isSuspect(id);
        if (suspect && inFlight > 0) {
            return false;
        }
        final int length = window.length(id);
        if (length + FrameDescriptor.HEADER_LENGTH > frameBytesMax) {
            sendNext = id + 1;
            fail(
                    id,
                    ErrorCodes.LARGER_THAN_FRAME,
                    "frameBytesMax=" + frameBytesMax + ", bytes=" + (length + FrameDescriptor.HEADER_LENGTH));
            return true;
        }
        if (!publisher.encoded(window.buffer(), window.offset(id), length)) {
            return false;
        }
        window.state(id, PendingWindow.SENT);
        inFlight++;
        sendNext = id + 1;
        if (suspect) {
            aloneInFlight = id;
            listener.onSuspectResent(id, window.losses(id));
        }
        return true;
    }

    private boolean isSuspect(final long id) {
        return suspectLosses > 0 && window.losses(id) >= suspectLosses;
    }

    /** Whether an answer may be for it: it is in flight. */
    boolean isInFlight(final long id) {
        return (window.contains(id) && window.state(id) == PendingWindow.SENT) || uploading.isPending(id);
    }

    /** How far the node is with one in parts. */
    void onUploadState(final UploadStateDecoder state) {
        uploading.onState(state.requestId(), state.receivedBytes(), state.partBytesMax());
    }

    /** Whether a refusal is only of the way in which it came; then it is sent anew. */
    boolean isSentAnew(final long id, final int code, final long notBeforeNs) {
        return uploading.isPending(id) && uploading.isAskedAnew(code, notBeforeNs);
    }

    /** Answered for good. */
    void answered(final long id) {
        if (uploading.isPending(id)) {
            uploading.answered();
            return;
        }
        leaveFlight(id);
        window.release(id);
    }

    /** Refused for now: it and whatever follows waits. */
    void retry(final long id, final long notBeforeNs) {
        if (uploading.isPending(id)) {
            uploading.retry(notBeforeNs);
            return;
        }
        leaveFlight(id);
        window.state(id, PendingWindow.QUEUED);
        sendNext = Math.min(sendNext, id);
        if (!paused || notBeforeNs - pausedUntilNs > 0) {
            pausedUntilNs = notBeforeNs;
        }
        paused = true;
    }

    /**
     * The connection is gone.
     *
     * @param blame whether what was in flight may be why
     */
    void connectionLost(final boolean blame) {
        uploading.connectionLost();
        sending = false;
        final long alone = aloneInFlight;
        aloneInFlight = NONE;
        inFlight = 0;
        for (long id = window.head(); id < window.tail(); id++) {
            if (window.state(id) == PendingWindow.SENT) {
                window.state(id, PendingWindow.QUEUED);
                if (blame) {
                    window.countLoss(id);
                }
            }
        }
        sendNext = window.head();
        if (blame && alone != NONE) {
            final int losses = window.losses(alone);
            fail(alone, ErrorCodes.SUSPECT, "suspectLosses=" + suspectLosses + ", losses=" + losses);
        }
    }

    /** Nothing will be sent any more. */
    void failAll(final int code, final String text) {
        sending = false;
        aloneInFlight = NONE;
        inFlight = 0;
        final long end = window.tail();
        for (long id = window.head(); id < end; id++) {
            if (window.contains(id)) {
                fail(id, code, text);
            }
        }
        sendNext = window.head();
        uploading.failAll(code, text);
    }

    int pendingCount() {
        return window.count() + uploading.count();
    }

    int inFlight() {
        return inFlight + uploading.count();
    }

    /** When a pause ends, or the given time if there is none or it ends later. */
    long nextDeadlineNs(final long otherwiseNs) {
        final long nextNs = uploading.nextDeadlineNs(otherwiseNs);
        return paused && sending && pausedUntilNs - nextNs < 0 ? pausedUntilNs : nextNs;
    }

    private void leaveFlight(final long id) {
        inFlight--;
        if (aloneInFlight == id) {
            aloneInFlight = NONE;
        }
    }

    private void fail(final long id, final int code, final String text) {
        window.release(id);
        listener.onError(id, code, 0, -1, -1, text);
    }
}
