package io.lockstep.journal;

import io.lockstep.codec.JournalRecordDecoder;
import io.lockstep.engine.record.RecordDescriptor;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/** The few fields of a journal record that the journal itself needs, read where they are. */
final class RecordFields {
    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;

    /** First word of the SBE header; with the second and the magic, the three constant words of a record. */
    static final int HEADER_WORD_0 = JournalRecordDecoder.BLOCK_LENGTH | JournalRecordDecoder.TEMPLATE_ID << 16;

    /** Second word of the SBE header. */
    static final int HEADER_WORD_1 = JournalRecordDecoder.SCHEMA_ID | RecordDescriptor.SCHEMA_VERSION << 16;

    private RecordFields() {}

    static int length(final DirectBuffer buffer, final int offset) {
        return buffer.getInt(offset + RecordDescriptor.LENGTH_OFFSET, LE);
    }

    static long position(final DirectBuffer buffer, final int offset) {
        return buffer.getLong(offset + RecordDescriptor.POSITION_OFFSET, LE);
    }

    static long durablePosition(final DirectBuffer buffer, final int offset) {
        return buffer.getLong(offset + RecordDescriptor.DURABLE_POSITION_OFFSET, LE);
    }

    static int databaseId(final DirectBuffer buffer, final int offset) {
        return buffer.getInt(offset + RecordDescriptor.DATABASE_ID_OFFSET, LE);
    }

    static long sequence(final DirectBuffer buffer, final int offset) {
        return buffer.getLong(offset + RecordDescriptor.SEQUENCE_OFFSET, LE);
    }

    static long previousHash(final DirectBuffer buffer, final int offset) {
        return buffer.getLong(offset + RecordDescriptor.PREVIOUS_HASH_OFFSET, LE);
    }

    static long hash(final DirectBuffer buffer, final int offset) {
        return buffer.getLong(offset + RecordDescriptor.HASH_OFFSET, LE);
    }
}
