package io.lockstep.codec.frame;

import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.JournalRecordDecoder;
import io.lockstep.codec.MessageHeaderDecoder;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * Walks every byte of a message before a generated decoder touches it. What it lets through, the decoders can read
 * without an exception and without leaving the message.
 *
 * <p>One instance per thread, used again and again. A message costs time in proportion to its bytes. Nothing is
 * allocated, but for the text of an error that somebody asks for. No content makes it throw; only a range outside the
 * buffer does, which is a fault of the caller.
 *
 * <p>A message of a later version may have longer blocks: what is beyond this version's fields is skipped, as SBE says.
 * Otherwise blocks have exactly the length of the schema. Bytes after the last field are always refused. Whether opSeqs
 * ascend is left to arbitration.
 */
public final class FrameValidator {
    private static final int JOURNAL_TEMPLATE_MIN = 200;
    private static final int JOURNAL_TEMPLATE_MAX = 239;

    private final FrameLimits limits;
    private final Refusal refusal = new Refusal();
    private final FrameCursor cursor = new FrameCursor(refusal);
    private final ChangeSetWalk changeSet = new ChangeSetWalk(cursor);
    private final ClientMessageWalk clientMessage = new ClientMessageWalk(cursor, changeSet);
    private final ServerMessageWalk serverMessage = new ServerMessageWalk(cursor, changeSet);
    private final JournalRecordWalk journalRecord = new JournalRecordWalk(cursor, changeSet);
    private long requestId = Refusal.NONE;

    /**
     * A validator.
     *
     * @param limits of what clients send; of what a node sends and of journal records only the frame limit of the former
     *     applies
     */
    public FrameValidator(final FrameLimits limits) {
        this.limits = limits;
        refusal.clear();
    }

    /**
     * Walks what a client sends.
     *
     * @param buffer holds the message
     * @param offset of its message header; the framing header is not part of it
     * @param length bytes
     * @return true if a decoder may read it; otherwise {@link #errorCode()} and the others say why not
     */
    public boolean validateClientMessage(final DirectBuffer buffer, final int offset, final int length) {
        begin(buffer, offset, length, limits);
        if (!header(buffer, offset, length)) {
            return false;
        }
        final int templateId = templateId(buffer, offset);
        final int blockLength = ClientMessageWalk.blockLength(templateId);
        if (blockLength < 0) {
            return wrongTemplate(templateId, ServerMessageWalk.blockLength(templateId, 0) >= 0);
        }
        final int version = u16(buffer, offset + MessageHeaderDecoder.versionEncodingOffset());
        final int since = ClientMessageWalk.sinceVersion(templateId);
        if (version < since) {
            return cursor.refuse(Rule.UNKNOWN_TEMPLATE, "version", since, version);
        }
        if (!cursor.rootBlock(blockLength)) {
            return false;
        }
        if (ClientMessageWalk.hasRequestId(templateId)) {
            requestId = Math.max(Refusal.NONE, cursor.i64(0));
        }
        return clientMessage.body(templateId, version) && cursor.complete();
    }

    /**
     * Walks what a node sends. Names and counts may be as long as the encoding allows, since the node's limits are its
     * own affair.
     *
     * @param buffer holds the message
     * @param offset of its message header; the framing header is not part of it
     * @param length bytes
     * @return true if a decoder may read it; otherwise {@link #errorCode()} and the others say why not
     */
    public boolean validateServerMessage(final DirectBuffer buffer, final int offset, final int length) {
        begin(buffer, offset, length, FrameLimits.WIDEST);
        cursor.letBlocksGrow();
        if (!header(buffer, offset, length)) {
            return false;
        }
        final int templateId = templateId(buffer, offset);
        final int version = u16(buffer, offset + MessageHeaderDecoder.versionEncodingOffset());
        final int blockLength = ServerMessageWalk.blockLength(templateId, version);
        if (blockLength < 0) {
            return wrongTemplate(templateId, ClientMessageWalk.blockLength(templateId) >= 0);
        }
        return cursor.rootBlock(blockLength) && serverMessage.body(buffer, templateId, version) && cursor.complete();
    }

    /**
     * Walks a journal record and the command inside. Its limits are {@link FrameLimits#RECORD_BYTES_MAX} and what the
     * encoding can hold, whatever clients may send. Checksum, chain and order are not looked at.
     *
     * @param buffer holds the record, or any bytes
     * @param offset of its message header
     * @param length bytes
     * @return true if a decoder may read it; otherwise {@link #errorText()} says why not
     */
    public boolean validateJournalRecord(final DirectBuffer buffer, final int offset, final int length) {
        begin(buffer, offset, length, FrameLimits.WIDEST);
        if (length > FrameLimits.RECORD_BYTES_MAX) {
            return cursor.refuse(Rule.FRAME_TOO_LONG, "record", FrameLimits.RECORD_BYTES_MAX, length);
        }
        if (!messageHeader(buffer, offset, length)) {
            return false;
        }
        final int templateId = templateId(buffer, offset);
        if (templateId != JournalRecordDecoder.TEMPLATE_ID) {
            return cursor.refuse(Rule.MISMATCH, "templateId", JournalRecordDecoder.TEMPLATE_ID, templateId);
        }
        return cursor.rootBlock(JournalRecordDecoder.BLOCK_LENGTH) && journalRecord.body(length) && cursor.complete();
    }

    /**
     * Why the last message was refused.
     *
     * @return a code; NULL_VAL if it was not refused
     */
    public ErrorCode errorCode() {
        return refusal.code();
    }

    /**
     * Whether the stream can no longer be trusted, so that the connection must close. Otherwise the message alone is
     * refused, and it has a request id to answer to.
     *
     * @return true to close
     */
    public boolean fatal() {
        return refusal.fatal();
    }

    /**
     * The request of the last client message.
     *
     * @return 0 or more; -1 if it has none or it could not be read
     */
    public long requestId() {
        return requestId;
    }

    /**
     * Says for people why the last message was refused: names the field, the limit and the value. Allocates.
     *
     * @return for the answer and the log; empty if it was not refused
     */
    public String errorText() {
        return refusal.text();
    }

    /**
     * The limit that the last message met.
     *
     * @return -1 if none
     */
    public long limitValue() {
        return refusal.limit();
    }

    /**
     * The value that met the limit.
     *
     * @return -1 if none
     */
    public long actualValue() {
        return refusal.actual();
    }

    private void begin(final DirectBuffer buffer, final int offset, final int length, final FrameLimits messageLimits) {
        refusal.clear();
        requestId = Refusal.NONE;
        cursor.wrap(buffer, offset, length, messageLimits);
    }

    private boolean header(final DirectBuffer buffer, final int offset, final int length) {
        if (length > limits.frameBytesMax() - FrameDescriptor.HEADER_LENGTH) {
            return cursor.refuseAs(
                    ErrorCode.FRAME_TOO_LARGE,
                    Rule.FRAME_TOO_LONG,
                    "frame",
                    limits.frameBytesMax(),
                    (long) length + FrameDescriptor.HEADER_LENGTH);
        }
        return messageHeader(buffer, offset, length);
    }

    private boolean messageHeader(final DirectBuffer buffer, final int offset, final int length) {
        if (length < MessageHeaderDecoder.ENCODED_LENGTH) {
            return cursor.refuse(Rule.HEADER_TRUNCATED, "message", MessageHeaderDecoder.ENCODED_LENGTH, length);
        }
        final int schemaId = u16(buffer, offset + MessageHeaderDecoder.schemaIdEncodingOffset());
        return schemaId == MessageHeaderDecoder.SCHEMA_ID
                || cursor.refuse(Rule.OTHER_SCHEMA, "schemaId", MessageHeaderDecoder.SCHEMA_ID, schemaId);
    }

    private boolean wrongTemplate(final int templateId, final boolean otherDirection) {
        if (otherDirection || (templateId >= JOURNAL_TEMPLATE_MIN && templateId <= JOURNAL_TEMPLATE_MAX)) {
            return cursor.refuseAs(
                    ErrorCode.UNEXPECTED_MESSAGE, Rule.WRONG_DIRECTION, "templateId", Refusal.NONE, templateId);
        }
        return cursor.refuse(Rule.UNKNOWN_TEMPLATE, "templateId", Refusal.NONE, templateId);
    }

    private static int templateId(final DirectBuffer buffer, final int offset) {
        return u16(buffer, offset + MessageHeaderDecoder.templateIdEncodingOffset());
    }

    private static int u16(final DirectBuffer buffer, final int index) {
        return buffer.getShort(index, ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
    }
}
