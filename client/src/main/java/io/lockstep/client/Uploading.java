package io.lockstep.client;

import io.lockstep.client.wire.MessagePublisher;
import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.SubmitChangeSetDecoder;
import io.lockstep.codec.SubmitChangeSetEncoder;
import io.lockstep.codec.SubmitFlagsEncoder;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Change sets too large for a frame, sent in parts one after the other. After a reconnect the first goes on where the node
 * says. One thread.
 */
final class Uploading {
    /** Asked anew after so many refusals of the bytes themselves, and then given up. */
    private static final int REFUSALS_MAX = 3;

    /** Parts that are gathered at a time, so that other requests are not behind all of them. */
    private static final int PARTS_PER_PUMP = 8;

    private static final int HEADER = MessageHeaderEncoder.ENCODED_LENGTH;
    private static final int FLAGS_OFFSET = HEADER + SubmitChangeSetEncoder.flagsEncodingOffset();
    private static final int REQUEST_ID_OFFSET = HEADER + SubmitChangeSetEncoder.requestIdEncodingOffset();
    private static final byte WANT_WINNERS = SubmitFlagsEncoder.wantWinners((byte) 0, true);

    private static final class Pending {
        private final long id;
        private final long behind;
        private final UnsafeBuffer message;
        private final int crc;
        private int refusals;

        private Pending(final long id, final long behind, final UnsafeBuffer message) {
            this.id = id;
            this.behind = behind;
            this.message = message;
            final CRC32C checksum = new CRC32C();
            checksum.update(message.byteArray(), 0, message.capacity());
            crc = (int) checksum.getValue();
        }
    }

    private final MessagePublisher publisher;
    private final ClientListener listener;
    private final int pendingMax;
    private final long bytesMax;
    private final ArrayDeque<Pending> pending = new ArrayDeque<>();
    private final SubmitChangeSetDecoder decoder = new SubmitChangeSetDecoder();
    private long pendingBytes;
    private long sessionBytesMax = Long.MAX_VALUE;
    private boolean open;
    private boolean asked;
    private int partBytesMax;
    private int sent;
    private long notBeforeNs;
    private boolean waiting;

    Uploading(
            final MessagePublisher publisher,
            final ClientListener listener,
            final int pendingMax,
            final long bytesMax) {
        this.publisher = publisher;
        this.listener = listener;
        this.pendingMax = pendingMax;
        this.bytesMax = bytesMax;
    }

    /** The bytes are copied. It begins when all of the window before an id are answered. Returns the id, or a {@link Refusal}. */
    long submit(
            final long id,
            final long behind,
            final DirectBuffer message,
            final int offset,
            final int length,
            final boolean wantWinners) {
        if (length > bytesMax) {
            return Refusal.TOO_LARGE;
        }
        if (pending.size() >= pendingMax) {
            return Refusal.WINDOW_FULL;
        }
        if (pendingBytes + length > bytesMax) {
            return Refusal.BUFFER_FULL;
        }
        final UnsafeBuffer copy = new UnsafeBuffer(new byte[length]);
        copy.putBytes(0, message, offset, length);
        copy.putLong(REQUEST_ID_OFFSET, 0, ByteOrder.LITTLE_ENDIAN);
        if (wantWinners) {
            copy.putByte(FLAGS_OFFSET, (byte) (copy.getByte(FLAGS_OFFSET) | WANT_WINNERS));
        }
        pending.add(new Pending(id, behind, copy));
        pendingBytes += length;
        return id;
    }

    /** The database is open; the node takes uploads of so many bytes, 0 for none. */
    void start(final long newSessionBytesMax) {
        sessionBytesMax = newSessionBytesMax;
        open = true;
        asked = false;
        waiting = false;
    }

    /** Nothing more on this connection. */
    void hold() {
        open = false;
    }

    /** From this id on the window waits, so that the node gets change sets in the order in which they were submitted. */
    long heldFrom() {
        return pending.isEmpty() ? Long.MAX_VALUE : pending.peek().behind;
    }

    int pump(final long nowNs, final long windowHead) {
        if (waiting && nowNs - notBeforeNs >= 0) {
            waiting = false;
        }
        if (!open || waiting || pending.isEmpty()) {
            return 0;
        }
        final Pending first = pending.peek();
        if (first.message.capacity() > sessionBytesMax) {
            end(first);
            listener.onError(
                    first.id,
                    ErrorCode.CHANGE_SET_TOO_LARGE.value(),
                    0,
                    sessionBytesMax,
                    first.message.capacity(),
                    "larger than the node takes: uploadBytesMax=" + sessionBytesMax + ", bytes="
                            + first.message.capacity());
            return 1;
        }
        if (asked) {
            return parts(first);
        }
        return windowHead < first.behind ? 0 : ask(first);
    }

    private int ask(final Pending first) {
        decoder.wrap(
                first.message,
                HEADER,
                first.message.getShort(0, ByteOrder.LITTLE_ENDIAN) & 0xFFFF,
                SubmitChangeSetDecoder.SCHEMA_VERSION);
        partBytesMax = 0;
        asked = publisher
                .uploads()
                .begin(
                        first.id,
                        decoder.site().high(),
                        decoder.site().low(),
                        decoder.wall(),
                        decoder.counter(),
                        first.message.capacity(),
                        first.crc);
        return asked ? 1 : 0;
    }

    private int parts(final Pending first) {
        int count = 0;
        while (partBytesMax > 0 && sent < first.message.capacity() && count < PARTS_PER_PUMP) {
            final int length = Math.min(partBytesMax, first.message.capacity() - sent);
            if (!publisher.uploads().part(first.id, sent, first.message, length)) {
                break;
            }
            sent += length;
            count++;
        }
        return count;
    }

    /** How far the node is; the first answer says where to begin. */
    void onState(final long id, final long receivedBytes, final long newPartBytesMax) {
        final Pending first = pending.peek();
        if (first == null || first.id != id) {
            return;
        }
        if (partBytesMax == 0) {
            sent = (int) Math.min(receivedBytes, first.message.capacity());
            partBytesMax = (int) Math.max(1, Math.min(newPartBytesMax, Integer.MAX_VALUE));
        }
        listener.onUploadProgress(id, receivedBytes, first.message.capacity());
    }

    boolean isPending(final long id) {
        return !pending.isEmpty() && pending.peek().id == id;
    }

    /** Answered for good. */
    void answered() {
        end(pending.peek());
    }

    private void end(final Pending ended) {
        pending.remove(ended);
        pendingBytes -= ended.message.capacity();
        asked = false;
    }

    /** Refused for now. */
    void retry(final long newNotBeforeNs) {
        asked = false;
        waiting = true;
        notBeforeNs = newNotBeforeNs;
    }

    /** Whether a refusal is of the transfer, which may succeed the next time; it is asked anew if so. */
    boolean isAskedAnew(final int code, final long newNotBeforeNs) {
        if (code != ErrorCode.UPLOAD_REFUSED.value()) {
            return false;
        }
        if (!asked || partBytesMax == 0) {
            return true; // of parts that were on their way behind one that was refused for now: it is asked anew
            // already
        }
        if (++pending.peek().refusals > REFUSALS_MAX) {
            return false;
        }
        retry(newNotBeforeNs);
        return true;
    }

    void connectionLost() {
        open = false;
        asked = false;
    }

    void failAll(final int code, final String text) {
        open = false;
        while (!pending.isEmpty()) {
            final Pending first = pending.peek();
            end(first);
            listener.onError(first.id, code, 0, -1, -1, text);
        }
    }

    int count() {
        return pending.size();
    }

    long nextDeadlineNs(final long otherwiseNs) {
        return waiting && open && notBeforeNs - otherwiseNs < 0 ? notBeforeNs : otherwiseNs;
    }
}
