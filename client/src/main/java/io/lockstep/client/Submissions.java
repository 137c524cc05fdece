package io.lockstep.client;

import io.lockstep.client.wire.MessagePublisher;
import io.lockstep.client.wire.PendingWindow;
import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.SubmitChangeSetEncoder;
import io.lockstep.codec.SubmitFlagsEncoder;
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

    private final MessagePublisher publisher;
    private final ClientListener listener;
    private final PendingWindow window;
    private final int inFlightMax;
    private final int suspectLosses;
    private int sessionInFlightMax = Integer.MAX_VALUE;
    private int frameBytesMax;
    private long sendNext;
    private int inFlight;
    private long aloneInFlight = NONE;
    private boolean sending;
    private boolean paused;
    private long pausedUntilNs;

    Submissions(final ClientContext context, final MessagePublisher publisher, final ClientListener listener) {
        this.publisher = publisher;
        this.listener = listener;
        window = new PendingWindow(context.inFlightMax(), context.pendingBytesMax());
        inFlightMax = context.inFlightMax();
        suspectLosses = context.suspectLosses();
        frameBytesMax = context.frameBytesMax();
    }

    long submit(final DirectBuffer message, final int offset, final int length, final boolean wantWinners) {
        if (length < MESSAGE_LENGTH_MIN
                || length > window.bytesMax()
                || length + FrameDescriptor.HEADER_LENGTH > frameBytesMax) {
            return Refusal.TOO_LARGE;
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
    void start(final int newSessionInFlightMax, final int newFrameBytesMax) {
        sessionInFlightMax = Math.max(1, newSessionInFlightMax);
        frameBytesMax = newFrameBytesMax;
        sendNext = window.head();
        sending = true;
        paused = false;
    }

    /** Sends nothing more on this connection. */
    void hold() {
        sending = false;
    }

    /** Ends a pause that is over, and sends what may be sent. */
    int pump(final long nowNs) {
        if (paused && nowNs - pausedUntilNs >= 0) {
            paused = false;
        }
        return send();
    }

    private int send() {
        int sent = 0;
        while (sending && !paused && aloneInFlight == NONE && sendNext < window.tail()) {
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
        return window.contains(id) && window.state(id) == PendingWindow.SENT;
    }

    /** Answered for good. */
    void answered(final long id) {
        leaveFlight(id);
        window.release(id);
    }

    /** Refused for now: it and whatever follows waits. */
    void retry(final long id, final long notBeforeNs) {
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
    }

    int pendingCount() {
        return window.count();
    }

    int inFlight() {
        return inFlight;
    }

    /** When a pause ends, or the given time if there is none or it ends later. */
    long nextDeadlineNs(final long otherwiseNs) {
        return paused && sending && pausedUntilNs - otherwiseNs < 0 ? pausedUntilNs : otherwiseNs;
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
