package io.lockstep.engine.record;

import io.lockstep.codec.JournalRecordDecoder;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.frame.FrameLimits;
import io.lockstep.codec.frame.FrameValidator;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * Tells whether bytes are a record that can be trusted. Takes any bytes and never throws for what is in them; allocates
 * nothing. One thread.
 */
public final class RecordCheck {
    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;

    /** What was accepted under other limits stays readable: only the schema's own bounds count here. */
    private static final FrameLimits WIDEST = new FrameLimits(1 << 30, 65_534, 65_534, 65_534, 65_534, (1 << 30) - 1);

    private final Crc32c crc = new Crc32c();
    private final FrameValidator validator = new FrameValidator(WIDEST);

    /**
     * Header, magic, length, CRC and structure.
     *
     * @param buffer holds the bytes
     * @param offset of the first
     * @param length how many
     * @return what is wrong first
     */
    public RecordVerdict check(final DirectBuffer buffer, final int offset, final int length) {
        if (length < RecordDescriptor.LENGTH_MIN) {
            return RecordVerdict.TOO_SHORT;
        }
        if (!hasHeader(buffer, offset)) {
            return RecordVerdict.BAD_HEADER;
        }
        if (buffer.getInt(offset + RecordDescriptor.MAGIC_OFFSET, LE) != RecordDescriptor.MAGIC) {
            return RecordVerdict.BAD_MAGIC;
        }
        if (buffer.getInt(offset + RecordDescriptor.LENGTH_OFFSET, LE) != length) {
            return RecordVerdict.BAD_LENGTH;
        }
        final int covered = length - RecordDescriptor.COVERED_OFFSET;
        if (crc.of(buffer, offset + RecordDescriptor.COVERED_OFFSET, covered)
                != buffer.getInt(offset + RecordDescriptor.CRC_OFFSET, LE)) {
            return RecordVerdict.BAD_CRC;
        }
        return validator.validateJournalRecord(buffer, offset, length)
                ? RecordVerdict.GOOD
                : RecordVerdict.BAD_STRUCTURE;
    }

    /**
     * As {@link #check(DirectBuffer, int, int)}, and that it is the record of a position.
     *
     * @param buffer holds the bytes
     * @param offset of the first
     * @param length how many
     * @param position that it must have
     * @return what is wrong first
     */
    public RecordVerdict check(final DirectBuffer buffer, final int offset, final int length, final long position) {
        final RecordVerdict verdict = check(buffer, offset, length);
        if (verdict.good() && buffer.getLong(offset + RecordDescriptor.POSITION_OFFSET, LE) != position) {
            return RecordVerdict.BAD_POSITION;
        }
        return verdict;
    }

    private static boolean hasHeader(final DirectBuffer buffer, final int offset) {
        return (buffer.getShort(offset + MessageHeaderDecoder.blockLengthEncodingOffset(), LE) & 0xFFFF)
                        == JournalRecordDecoder.BLOCK_LENGTH
                && (buffer.getShort(offset + MessageHeaderDecoder.templateIdEncodingOffset(), LE) & 0xFFFF)
                        == JournalRecordDecoder.TEMPLATE_ID
                && (buffer.getShort(offset + MessageHeaderDecoder.schemaIdEncodingOffset(), LE) & 0xFFFF)
                        == JournalRecordDecoder.SCHEMA_ID
                && (buffer.getShort(offset + MessageHeaderDecoder.versionEncodingOffset(), LE) & 0xFFFF)
                        == RecordDescriptor.SCHEMA_VERSION;
    }
}
