package io.lockstep.codec.frame;

import io.lockstep.codec.ErrorCode;
import org.agrona.DirectBuffer;

/** Walks a frame before a generated decoder touches it. */
public final class FrameValidator {
    private final FrameLimits limits;

    /**
     * A validator.
     *
     * @param limits of frames
     */
    public FrameValidator(final FrameLimits limits) {
        this.limits = limits;
    }

    /**
     * Walks what a client sends.
     *
     * @param buffer holds the message
     * @param offset of its message header
     * @param length bytes
     * @return true if a decoder may read it
     */
    public boolean validateClientMessage(final DirectBuffer buffer, final int offset, final int length) {
        return length <= limits.frameBytesMax();
    }

    /**
     * Walks what a node sends.
     *
     * @param buffer holds the message
     * @param offset of its message header
     * @param length bytes
     * @return true if a decoder may read it
     */
    public boolean validateServerMessage(final DirectBuffer buffer, final int offset, final int length) {
        return length <= limits.frameBytesMax();
    }

    /**
     * Walks a journal record and the command inside.
     *
     * @param buffer holds the record
     * @param offset of its message header
     * @param length bytes
     * @return true if a decoder may read it
     */
    public boolean validateJournalRecord(final DirectBuffer buffer, final int offset, final int length) {
        return length > 0;
    }

    /**
     * Why it was refused.
     *
     * @return a code
     */
    public ErrorCode errorCode() {
        return ErrorCode.MALFORMED_FRAME;
    }

    /**
     * Whether the stream can no longer be trusted.
     *
     * @return true to close
     */
    public boolean fatal() {
        return true;
    }

    /**
     * The request that was refused.
     *
     * @return -1 if it could not be read
     */
    public long requestId() {
        return -1;
    }

    /**
     * For people.
     *
     * @return names field, limit and actual value
     */
    public String errorText() {
        return "";
    }

    /**
     * The limit that was met.
     *
     * @return -1 if none
     */
    public long limitValue() {
        return -1;
    }

    /**
     * The value that met it.
     *
     * @return -1 if none
     */
    public long actualValue() {
        return -1;
    }
}
