package io.lockstep.client.wire;

import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.UploadChangeSetEncoder;
import io.lockstep.codec.UploadPartEncoder;
import org.agrona.DirectBuffer;

/** Publishes change sets in parts. Every method answers false where there is no room until something was written. One thread. */
public final class UploadPublisher {
    private static final int CONTROL_BYTES_MAX = 256;

    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final UploadChangeSetEncoder begin = new UploadChangeSetEncoder();
    private final UploadPartEncoder part = new UploadPartEncoder();
    private final OutboundBuffer out;

    UploadPublisher(final OutboundBuffer out) {
        this.out = out;
    }

    /**
     * Begins or goes on with a change set in parts.
     *
     * @param requestId echoed
     * @param siteHigh first half of the author's site
     * @param siteLow second half of the author's site
     * @param wall of the set's clock
     * @param counter of the set's clock
     * @param totalBytes of its message
     * @param crc CRC32C of its message
     * @return false if there is no room
     */
    public boolean begin(
            final long requestId,
            final long siteHigh,
            final long siteLow,
            final long wall,
            final int counter,
            final int totalBytes,
            final int crc) {
        final int at = out.claim(CONTROL_BYTES_MAX);
        if (at < 0) {
            return false;
        }
        begin.wrapAndApplyHeader(out.buffer(), at, header)
                .requestId(requestId)
                .wall(wall)
                .counter(counter)
                .totalBytes(totalBytes)
                .crc(crc & 0xFFFF_FFFFL);
        begin.site().high(siteHigh).low(siteLow);
        return commit(begin.encodedLength());
    }

    /**
     * Bytes of a change set in parts.
     *
     * @param requestId of the request that began it
     * @param partOffset of the first one
     * @param message holds the whole set
     * @param length bytes
     * @return false if there is no room
     */
    public boolean part(final long requestId, final int partOffset, final DirectBuffer message, final int length) {
        final int at = out.claim(CONTROL_BYTES_MAX + length);
        if (at < 0) {
            return false;
        }
        part.wrapAndApplyHeader(out.buffer(), at, header)
                .requestId(requestId)
                .partOffset(partOffset)
                .putBytes(message, partOffset, length);
        return commit(part.encodedLength());
    }

    private boolean commit(final int encodedLength) {
        out.commit(MessageHeaderEncoder.ENCODED_LENGTH + encodedLength);
        return true;
    }
}
