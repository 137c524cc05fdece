package io.lockstep.gateway.session;

import io.lockstep.codec.DeliveryDecoder;
import io.lockstep.codec.DeliveryPartDecoder;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.filter.ChangeFilters;
import io.lockstep.codec.frame.FrameDescriptor;
import io.lockstep.engine.delivery.DeliveryEncoder;
import io.lockstep.gateway.limits.SessionLimit;
import java.nio.ByteOrder;
import org.agrona.MutableDirectBuffer;

/** Sends the deliveries of one subscription as far as there is room and credit. Thread of the transports. */
final class DeliverySender {
    private static final int SITE_HIGH = MessageHeaderDecoder.ENCODED_LENGTH + DeliveryDecoder.siteEncodingOffset();
    private static final int SITE_LOW = SITE_HIGH + Long.BYTES;

    private final Subscription owner;
    private final Session session;
    private final SessionHub hub;
    private final DatabaseFeed feed;
    private final StreamPosition position;
    private final boolean excludeOwn;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final DeliveryPartDecoder part = new DeliveryPartDecoder();
    private long creditBytes;
    private long partCheck;
    private int partFrom;

    DeliverySender(
            final Subscription owner,
            final Session session,
            final SessionHub hub,
            final DatabaseFeed feed,
            final StreamPosition position,
            final boolean excludeOwn,
            final long creditBytes) {
        this.owner = owner;
        this.session = session;
        this.hub = hub;
        this.feed = feed;
        this.position = position;
        this.excludeOwn = excludeOwn;
        this.creditBytes = creditBytes;
    }

    void grant(final long bytes) {
        creditBytes = creditBytes > 0 && bytes > Long.MAX_VALUE - creditBytes ? Long.MAX_VALUE : creditBytes + bytes;
    }

    /**
     * Sends what the filters leave of a delivery, and passes its sequence; false if there is no room. The entry is patched
     * for this session where it lies, and copied once, by the wire.
     */
    boolean deliver(
            final long sequence,
            final MutableDirectBuffer buffer,
            final int offset,
            final int length,
            final ChangeFilters filters) {
        final boolean own = session.ownSites()
                .contains(
                        buffer.getLong(offset + SITE_HIGH, ByteOrder.LITTLE_ENDIAN),
                        buffer.getLong(offset + SITE_LOW, ByteOrder.LITTLE_ENDIAN));
        final long check = DeliveryEncoder.check(buffer, offset);
        final DeliverySelection selection = hub.subscriptionParts().selection();
        if ((own && excludeOwn)
                || (!filters.isAll() && !selection.select(filters, feed, sequence, buffer, offset, length))) {
            position.passed(sequence, check);
            return true;
        }
        if (!hasRoom()) {
            return false;
        }
        if (filters.isAll()) {
            send(buffer, offset, length, own);
        } else {
            send(selection.buffer(), selection.offset(), selection.length(), own);
        }
        position.passed(sequence, check);
        position.shown();
        return true;
    }

    /** How much of the next sequence was sent, if it is that of a large change set. */
    int partFrom() {
        return partFrom;
    }

    /** Others decide what of it is sent. */
    void startPartsOver() {
        partFrom = 0;
    }

    /** Sends a part of the next sequence, and passes it with the last one; false if there is no room, or it is not next. */
    boolean deliverPart(final long sequence, final MutableDirectBuffer buffer, final int offset) {
        part.wrapAndApplyHeader(buffer, offset, header);
        final int total = (int) part.totalBytes();
        final int length = part.bytesLength();
        final int bytes = part.limit() + DeliveryPartDecoder.bytesHeaderLength();
        if (part.partOffset() != partFrom) {
            owner.askLater();
            return false;
        }
        if (!hasRoom()) {
            return false;
        }
        if (partFrom == 0) {
            partCheck = DeliveryEncoder.check(buffer, bytes);
            final boolean own = session.ownSites()
                    .contains(
                            buffer.getLong(bytes + SITE_HIGH, ByteOrder.LITTLE_ENDIAN),
                            buffer.getLong(bytes + SITE_LOW, ByteOrder.LITTLE_ENDIAN));
            if (own && excludeOwn) {
                position.passed(sequence, partCheck);
                return true;
            }
            DeliveryEncoder.setOwn(buffer, bytes, own);
            DeliveryEncoder.setAfterSequence(buffer, bytes, position.shownSequence());
        }
        partFrom += length;
        creditBytes -= length + FrameDescriptor.HEADER_LENGTH;
        session.send(buffer, offset, bytes - offset + length);
        if (partFrom == total) {
            partFrom = 0;
            position.passed(sequence, partCheck);
            position.shown();
        }
        return true;
    }

    private void send(final MutableDirectBuffer buffer, final int offset, final int length, final boolean own) {
        DeliveryEncoder.setOwn(buffer, offset, own);
        DeliveryEncoder.setAfterSequence(buffer, offset, position.shownSequence());
        creditBytes -= length + FrameDescriptor.HEADER_LENGTH;
        session.send(buffer, offset, length);
    }

    /**
     * Room for one more, which may pass the mark: otherwise a window below one delivery would stop for ever. When all
     * connections together hold too much, it waits a while: one change for many subscribers would take more memory than
     * there is, and each allocation that fails would hold up the thread that serves them all.
     */
    boolean hasRoom() {
        if (creditBytes <= 0 || session.wire().pendingBytes() >= hub.outboundBytesMax()) {
            return false;
        }
        if (!hub.buffers().isOver(0)) {
            return true;
        }
        owner.askLater();
        return false;
    }

    /** What to ask the journal for. */
    int bytesWanted() {
        final long room =
                Math.min(creditBytes, hub.outboundBytesMax() - session.wire().pendingBytes());
        return (int) Math.max(1, Math.min(room, hub.limits().intValue(SessionLimit.CATCH_UP_CHUNK_BYTES)));
    }
}
