package io.lockstep.engine.stage;

import io.lockstep.codec.JournalRecordEncoder;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.RecordKind;
import io.lockstep.codec.SubmitChangeSetDecoder;
import io.lockstep.codec.SubmitResultEncoder;
import io.lockstep.codec.SubmitStatus;
import io.lockstep.engine.arbitration.Decision;
import io.lockstep.engine.command.CommandKind;
import io.lockstep.engine.command.IngressCommand;
import io.lockstep.engine.record.RecordDescriptor;
import java.util.HashSet;
import java.util.Set;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The smallest state machine that the stages can run: a set whose wall is new takes the next sequence, one that was seen
 * has no effect. Each answer is a SubmitResult that carries the request's id.
 */
public class LedgerDecider implements Decider {
    public static final int OUT_BYTES_MAX = 4_096;

    private final Set<Long> seen = new HashSet<>();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final JournalRecordEncoder record = new JournalRecordEncoder();
    private final SubmitResultEncoder answer = new SubmitResultEncoder();
    private final SubmitChangeSetDecoder changeSet = new SubmitChangeSetDecoder();
    private final UnsafeBuffer applied = new UnsafeBuffer(new byte[1]);
    private long sequence;
    private long epoch;
    private long digest;

    @Override
    public void decide(
            final IngressCommand command,
            final DirectBuffer body,
            final int offset,
            final int length,
            final MutableDirectBuffer out,
            final int outOffset,
            final Decision decision) {
        decision.clear();
        decision.databaseId(command.databaseId());
        final int bodyOffset = offset + MessageHeaderDecoder.ENCODED_LENGTH;
        int next = outOffset;
        decision.record(next, 0);
        if (command.kind() == CommandKind.EPOCH) {
            epoch = body.getLong(bodyOffset, java.nio.ByteOrder.LITTLE_ENDIAN);
            decision.record(next, write(RecordKind.EPOCH, command, body, offset, length, out, next));
            decision.answer(next + decision.recordLength(), 0);
            return;
        }
        boolean accepted = false;
        long requestId = body.getLong(bodyOffset, java.nio.ByteOrder.LITTLE_ENDIAN);
        if (command.kind() == CommandKind.CHANGE_SET) {
            changeSet.wrapAndApplyHeader(body, offset, new MessageHeaderDecoder());
            accepted = seen.add(changeSet.wall());
            if (accepted) {
                sequence++;
                digest = digest * 31 + changeSet.wall();
                decision.record(next, write(RecordKind.CHANGE_SET, command, body, offset, length, out, next));
                next += decision.recordLength();
            }
        }
        answer.wrapAndApplyHeader(out, next, header)
                .requestId(requestId)
                .status(accepted ? SubmitStatus.ACCEPTED : SubmitStatus.NO_EFFECT)
                .reason(0)
                .sequence(accepted ? sequence : 0)
                .databaseSequence(sequence)
                .epoch(epoch)
                .limitValue(-1)
                .actualValue(-1);
        answer.winnersCount(0);
        answer.putMigrationOutcomes(applied, 0, 0).putOutcomes(applied, 0, 0);
        decision.answer(next, MessageHeaderEncoder.ENCODED_LENGTH + answer.encodedLength());
    }

    private int write(
            final RecordKind kind,
            final IngressCommand command,
            final DirectBuffer body,
            final int offset,
            final int length,
            final MutableDirectBuffer out,
            final int outOffset) {
        record.wrapAndApplyHeader(out, outOffset, header)
                .magic(RecordDescriptor.MAGIC)
                .length(0)
                .crc(0)
                .rulesVersion(1)
                .kind(kind);
        header.version(RecordDescriptor.SCHEMA_VERSION);
        record.flags().clear();
        record.epoch(epoch)
                .position(0)
                .durablePosition(0)
                .stampedTimeMs(command.stampedTimeMs())
                .databaseId(kind == RecordKind.CHANGE_SET ? command.databaseId() : 0)
                .principalId(command.principalId())
                .sequence(kind == RecordKind.CHANGE_SET ? sequence : 0)
                .sessionId(command.sessionId())
                .pruned(0)
                .stateDigest(digest)
                .previousHash(0)
                .hash(0);
        record.survivorsCount(0);
        record.putCommand(body, offset, length);
        record.putOutcomes(applied, 0, kind == RecordKind.CHANGE_SET ? 1 : 0);
        final int recordLength = MessageHeaderEncoder.ENCODED_LENGTH + record.encodedLength();
        record.length(recordLength);
        return recordLength;
    }

    @Override
    public int outBytesMax() {
        return OUT_BYTES_MAX;
    }

    @Override
    public long epoch() {
        return epoch;
    }

    @Override
    public long sequence(final int databaseId) {
        return sequence;
    }
}
