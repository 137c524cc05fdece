package io.lockstep.engine.stage;

import io.lockstep.codec.JournalRecordDecoder;
import io.lockstep.codec.LargeSetCommandDecoder;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.RecordKind;
import io.lockstep.codec.SetPartCommandDecoder;
import io.lockstep.engine.record.RecordView;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Writes into the record of a large change set where its parts begin: positions are handed out behind arbitration, which
 * makes that record. One set is journaled at a time.
 */
final class PartPositions {
    private static final int HEADER = MessageHeaderDecoder.ENCODED_LENGTH;
    private static final int PART_OFFSET = HEADER + SetPartCommandDecoder.partOffsetEncodingOffset();
    private static final int FIRST_PART = HEADER + LargeSetCommandDecoder.firstPartEncodingOffset();

    private final RecordView view = new RecordView();
    private long firstPart = JournalRecordDecoder.positionNullValue();

    /** An unsealed record that will have a position. */
    void onRecord(final UnsafeBuffer buffer, final int offset, final int length, final long position) {
        view.wrap(buffer, offset, length);
        if (view.kind() == RecordKind.SET_PART) {
            if (buffer.getInt(view.commandOffset() + PART_OFFSET, ByteOrder.LITTLE_ENDIAN) == 0) {
                firstPart = position;
            }
        } else if (view.kind() == RecordKind.LARGE_CHANGE_SET) {
            buffer.putLong(view.commandOffset() + FIRST_PART, firstPart, ByteOrder.LITTLE_ENDIAN);
        }
    }
}
