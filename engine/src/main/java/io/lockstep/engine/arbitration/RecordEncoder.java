package io.lockstep.engine.arbitration;

import io.lockstep.codec.JournalRecordEncoder;
import io.lockstep.codec.JournalRecordEncoder.SurvivorsEncoder;
import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.RecordKind;
import io.lockstep.engine.command.IngressCommand;
import io.lockstep.engine.record.RecordDescriptor;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Writes an unsealed journal record in place, back to front where that spares a copy: {@link #start}, the command at
 * {@link #commandOffset()}, {@link #command}, outcomes at {@link #outcomesOffset()}, {@link #finish}.
 */
final class RecordEncoder {
    /** Bytes of a record without survivors, command and outcomes. */
    static final int FIXED_BYTES = MessageHeaderEncoder.ENCODED_LENGTH
            + JournalRecordEncoder.BLOCK_LENGTH
            + SurvivorsEncoder.sbeHeaderSize()
            + JournalRecordEncoder.commandHeaderLength()
            + JournalRecordEncoder.outcomesHeaderLength();

    /** Bytes of a survivor without its name. */
    static final int SURVIVOR_FIXED_BYTES =
            SurvivorsEncoder.sbeBlockLength() + SurvivorsEncoder.columnNameHeaderLength();

    /** Most survivors of one record. */
    static final int SURVIVORS_MAX = SurvivorsEncoder.countMaxValue();

    private static final int PREFIX = JournalRecordEncoder.commandHeaderLength();

    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final JournalRecordEncoder encoder = new JournalRecordEncoder();
    private MutableDirectBuffer out;
    private int start;
    private int survivors;
    private int commandOffset;
    private int commandLength;

    /** Starts a record without survivors. */
    void start(final MutableDirectBuffer newOut, final int offset) {
        out = newOut;
        start = offset;
        survivors = offset + MessageHeaderEncoder.ENCODED_LENGTH + JournalRecordEncoder.BLOCK_LENGTH;
        out.putShort(survivors, (short) SurvivorsEncoder.sbeBlockLength(), ByteOrder.LITTLE_ENDIAN);
        out.putShort(survivors + Short.BYTES, (short) 0, ByteOrder.LITTLE_ENDIAN);
        commandOffset = survivors + SurvivorsEncoder.sbeHeaderSize() + PREFIX;
        commandLength = 0;
    }

    int commandOffset() {
        return commandOffset;
    }

    /** Says how long the command is that was written. */
    void command(final int length) {
        commandLength = length;
        out.putInt(commandOffset - PREFIX, length, ByteOrder.LITTLE_ENDIAN);
    }

    /** Puts survivors before the command, which moves. */
    void survivors(final DirectBuffer entries, final int length, final int count) {
        final int moved = commandOffset + length;
        out.putBytes(moved - PREFIX, out, commandOffset - PREFIX, commandLength + PREFIX);
        out.putBytes(survivors + SurvivorsEncoder.sbeHeaderSize(), entries, 0, length);
        out.putShort(survivors + Short.BYTES, (short) count, ByteOrder.LITTLE_ENDIAN);
        commandOffset = moved;
    }

    int outcomesOffset() {
        return commandOffset + commandLength + PREFIX;
    }

    /** Writes everything but the outcomes themselves and what sealing fills in; tells the length. */
    int finish(
            final RecordKind kind,
            final IngressCommand command,
            final long epoch,
            final Database database,
            final long pruned,
            final int outcomesLength) {
        out.putInt(outcomesOffset() - PREFIX, outcomesLength, ByteOrder.LITTLE_ENDIAN);
        final int length = outcomesOffset() + outcomesLength - start;
        encoder.wrapAndApplyHeader(out, start, header)
                .magic(RecordDescriptor.MAGIC)
                .length(length)
                .crc(0)
                .rulesVersion(Arbiter.RULES_VERSION)
                .kind(kind)
                .epoch(epoch)
                .position(0)
                .durablePosition(0)
                .stampedTimeMs(command.stampedTimeMs())
                .databaseId(database == null ? 0 : database.id())
                .principalId(command.principalId())
                .sequence(database == null ? 0 : database.sequence())
                .sessionId(command.sessionId())
                .pruned(pruned)
                .stateDigest(database == null ? 0 : database.stateDigest())
                .previousHash(0)
                .hash(0);
        header.version(RecordDescriptor.SCHEMA_VERSION);
        encoder.flags().clear().siteAuthorised((command.flags() & IngressCommand.FLAG_SITE_AUTHORISED) != 0);
        return length;
    }
}
