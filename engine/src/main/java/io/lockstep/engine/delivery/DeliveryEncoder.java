package io.lockstep.engine.delivery;

import io.lockstep.codec.DeliveryDecoder;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.RecordKind;
import io.lockstep.codec.SubmitChangeSetDecoder;
import io.lockstep.codec.frame.FrameDescriptor;
import io.lockstep.engine.record.RecordView;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Turns the record of a change set into the Delivery that its subscribers receive: the applied changes and migrations
 * alone. A flyweight; one thread; allocates nothing. Changes travel as the bytes that arbitration wrote; when all of
 * them applied they are copied in one piece.
 *
 * <p>What differs from subscriber to subscriber can be changed in place afterwards: {@link #setOwn},
 * {@link #setAfterSequence}.
 */
public final class DeliveryEncoder {
    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
    private static final int HEADER = MessageHeaderDecoder.ENCODED_LENGTH;
    /** Where the first group of a delivery starts. */
    static final int BODY = HEADER + DeliveryDecoder.BLOCK_LENGTH;

    private static final int GROUP_HEADER = 4;
    private static final int SITE_LENGTH = 2 * Long.BYTES;
    private static final int OWN_BIT = 1;

    /** Outcome.APPLIED of the schema; no field has that type, so no code is generated for it. */
    static final byte APPLIED = 0;

    private static final int SEQUENCE = HEADER + DeliveryDecoder.sequenceEncodingOffset();
    private static final int AFTER_SEQUENCE = HEADER + DeliveryDecoder.afterSequenceEncodingOffset();
    private static final int CHECK = HEADER + DeliveryDecoder.checkEncodingOffset();
    private static final int EPOCH = HEADER + DeliveryDecoder.epochEncodingOffset();
    private static final int STAMPED_TIME = HEADER + DeliveryDecoder.stampedTimeMsEncodingOffset();
    private static final int SITE = HEADER + DeliveryDecoder.siteEncodingOffset();
    private static final int WALL = HEADER + DeliveryDecoder.wallEncodingOffset();
    private static final int COUNTER = HEADER + DeliveryDecoder.counterEncodingOffset();
    private static final int FLAGS = HEADER + DeliveryDecoder.flagsEncodingOffset();

    private static final int COMMAND_SITE = HEADER + SubmitChangeSetDecoder.siteEncodingOffset();
    private static final int COMMAND_WALL = HEADER + SubmitChangeSetDecoder.wallEncodingOffset();
    private static final int COMMAND_COUNTER = HEADER + SubmitChangeSetDecoder.counterEncodingOffset();

    private static final int MIGRATION_NAMES = 3;
    private static final int MIGRATION_TEXTS = 1;
    private static final int CHANGE_NAMES = 4;
    private static final int CHANGE_TEXTS = 2;

    private final RecordView view = new RecordView();
    private DirectBuffer source;
    private MutableDirectBuffer target;
    private int read;
    private int written;

    /**
     * The most that a delivery of a record can need, framing header included.
     *
     * @param recordLength bytes of the record
     * @return bytes
     */
    public static int lengthMax(final int recordLength) {
        return recordLength;
    }

    /**
     * Encodes the delivery behind a framing header.
     *
     * @param record holds a sealed record
     * @param recordOffset of its first byte
     * @param recordLength bytes
     * @param buffer gets the frame
     * @param offset where the frame starts; {@link #lengthMax} bytes of room
     * @return bytes of the frame, its framing header included; 0 if the record has no effects to deliver
     */
    public int encodeFrame(
            final DirectBuffer record,
            final int recordOffset,
            final int recordLength,
            final MutableDirectBuffer buffer,
            final int offset) {
        final int length = encode(record, recordOffset, recordLength, buffer, offset + FrameDescriptor.HEADER_LENGTH);
        if (length == 0) {
            return 0;
        }
        FrameDescriptor.putHeader(buffer, offset, length);
        return length + FrameDescriptor.HEADER_LENGTH;
    }

    /**
     * Encodes the delivery. It says that it follows the sequence before its own, and is not marked as own.
     *
     * @param record holds a sealed record
     * @param recordOffset of its first byte
     * @param recordLength bytes
     * @param buffer gets the SBE message with its header
     * @param offset where the message starts; {@link #lengthMax} bytes of room
     * @return bytes of the message; 0 if the record has no effects to deliver
     */
    public int encode(
            final DirectBuffer record,
            final int recordOffset,
            final int recordLength,
            final MutableDirectBuffer buffer,
            final int offset) {
        view.wrap(record, recordOffset, recordLength);
        if (view.kind() != RecordKind.CHANGE_SET) {
            return 0;
        }
        source = record;
        target = buffer;
        putBlock(offset);
        read = view.commandOffset() + HEADER + commandBlockLength();
        written = offset + BODY;
        if (allApplied()) {
            copy(view.commandOffset() + view.commandLength() - read);
            read = view.survivorsOffset();
            copy(view.survivorsLength());
        } else {
            final int migrations = copyApplied(0, MIGRATION_NAMES, MIGRATION_TEXTS);
            copyApplied(migrations, CHANGE_NAMES, CHANGE_TEXTS);
            copySurvivors(migrations);
        }
        return written - offset;
    }

    private void putBlock(final int offset) {
        putBlock(view, view.commandOffset(), source, view.stampedTimeMs(), target, offset);
    }

    /** Everything before the groups; whose it is and its clock are taken from the message of the change set. */
    static void putBlock(
            final RecordView record,
            final int command,
            final DirectBuffer commandBuffer,
            final long stampedTimeMs,
            final MutableDirectBuffer target,
            final int offset) {
        target.putShort(offset, (short) DeliveryDecoder.BLOCK_LENGTH, LE);
        target.putShort(offset + 2, (short) DeliveryDecoder.TEMPLATE_ID, LE);
        target.putShort(offset + 4, (short) DeliveryDecoder.SCHEMA_ID, LE);
        target.putShort(offset + 6, (short) DeliveryDecoder.SCHEMA_VERSION, LE);
        target.putLong(offset + SEQUENCE, record.sequence(), LE);
        target.putLong(offset + AFTER_SEQUENCE, record.sequence() - 1, LE);
        target.putLong(offset + CHECK, record.hash(), LE);
        target.putLong(offset + EPOCH, record.epoch(), LE);
        target.putLong(offset + STAMPED_TIME, stampedTimeMs, LE);
        target.putBytes(offset + SITE, commandBuffer, command + COMMAND_SITE, SITE_LENGTH);
        target.putBytes(offset + WALL, commandBuffer, command + COMMAND_WALL, Long.BYTES);
        target.putBytes(offset + COUNTER, commandBuffer, command + COMMAND_COUNTER, Short.BYTES);
        target.putByte(offset + FLAGS, (byte) 0);
    }

    /** A client of a later version may have sent a longer block than this version has fields for. */
    private int commandBlockLength() {
        return source.getShort(view.commandOffset() + MessageHeaderDecoder.blockLengthEncodingOffset(), LE) & 0xFFFF;
    }

    private boolean allApplied() {
        final int end = view.outcomesOffset() + view.outcomesLength();
        for (int i = view.outcomesOffset(); i < end; i++) {
            if (source.getByte(i) != APPLIED) {
                return false;
            }
        }
        return true;
    }

    private boolean applied(final int outcomeIndex) {
        return source.getByte(view.outcomesOffset() + outcomeIndex) == APPLIED;
    }

    /** Copies the applied entries of the group at {@link #read}; returns how many entries there were. */
    private int copyApplied(final int firstOutcome, final int names, final int texts) {
        final int blockLength = source.getShort(read, LE) & 0xFFFF;
        final int count = source.getShort(read + 2, LE) & 0xFFFF;
        final int dimensions = written;
        read += GROUP_HEADER;
        written += GROUP_HEADER;
        int kept = 0;
        for (int i = 0; i < count; i++) {
            final int length = entryLength(blockLength, names, texts);
            if (applied(firstOutcome + i)) {
                copy(length);
                kept++;
            } else {
                read += length;
            }
        }
        target.putShort(dimensions, (short) blockLength, LE);
        target.putShort(dimensions + 2, (short) kept, LE);
        return count;
    }

    private int entryLength(final int blockLength, final int names, final int texts) {
        int next = read + blockLength;
        for (int i = 0; i < names; i++) {
            next += 2 + (source.getShort(next, LE) & 0xFFFF);
        }
        for (int i = 0; i < texts; i++) {
            next += 4 + source.getInt(next, LE);
        }
        return next - read;
    }

    /** Copies the survivors with the deletes counted among the applied changes. */
    private void copySurvivors(final int firstOutcome) {
        read = view.survivorsOffset();
        final int blockLength = source.getShort(read, LE) & 0xFFFF;
        final int count = source.getShort(read + 2, LE) & 0xFFFF;
        copy(GROUP_HEADER);
        int change = 0;
        int appliedBefore = 0;
        for (int i = 0; i < count; i++) {
            final int recordedChange = source.getShort(read, LE) & 0xFFFF;
            for (; change < recordedChange; change++) {
                appliedBefore += applied(firstOutcome + change) ? 1 : 0;
            }
            target.putShort(written, (short) appliedBefore, LE);
            read += Short.BYTES;
            written += Short.BYTES;
            copy(entryLengthOfSurvivor(blockLength));
        }
    }

    private int entryLengthOfSurvivor(final int blockLength) {
        final int name = read - Short.BYTES + blockLength;
        return name + 2 + (source.getShort(name, LE) & 0xFFFF) - read;
    }

    private void copy(final int length) {
        target.putBytes(written, source, read, length);
        read += length;
        written += length;
    }

    /**
     * Marks an encoded delivery as made by a site of the session, or not.
     *
     * @param buffer holds it
     * @param messageOffset where the SBE message starts, behind a framing header
     * @param own whether it is
     */
    public static void setOwn(final MutableDirectBuffer buffer, final int messageOffset, final boolean own) {
        buffer.putByte(messageOffset + FLAGS, (byte) (own ? OWN_BIT : 0));
    }

    /**
     * The check of an encoded delivery.
     *
     * @param buffer holds it
     * @param messageOffset where the SBE message starts, behind a framing header
     * @return hash of its record
     */
    public static long check(final DirectBuffer buffer, final int messageOffset) {
        return buffer.getLong(messageOffset + CHECK, LE);
    }

    /**
     * Says which sequence an encoded delivery follows.
     *
     * @param buffer holds it
     * @param messageOffset where the SBE message starts, behind a framing header
     * @param afterSequence the sequence delivered before it
     */
    public static void setAfterSequence(
            final MutableDirectBuffer buffer, final int messageOffset, final long afterSequence) {
        buffer.putLong(messageOffset + AFTER_SEQUENCE, afterSequence, LE);
    }
}
