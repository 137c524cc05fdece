package io.lockstep.journal;

import io.lockstep.codec.ChangeOp;
import io.lockstep.codec.JournalRecordEncoder;
import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.RecordKind;
import io.lockstep.codec.SubmitChangeSetEncoder;
import io.lockstep.codec.value.ValueType;
import io.lockstep.engine.port.JournalPort;
import io.lockstep.engine.record.Incarnation;
import io.lockstep.engine.record.NodeRecordWriter;
import io.lockstep.engine.record.RecordDescriptor;
import io.lockstep.engine.record.RecordSealer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/** Makes sealed records that pass every check: a genesis, then change sets of any size. One thread. */
final class SampleRecords {
    static final Incarnation INCARNATION = new Incarnation(0x1234_5678_9ABC_DEF0L, 42);
    private static final byte[] NAME = {'t'};
    private static final byte[] KEY = {0};
    private static final int TEXT_HEADER_BYTES = 5;

    private final UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(1 << 20));
    private final UnsafeBuffer command = new UnsafeBuffer(new byte[1 << 20]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final JournalRecordEncoder record = new JournalRecordEncoder();
    private final SubmitChangeSetEncoder changeSet = new SubmitChangeSetEncoder();
    private boolean namesDurable = true;
    private RecordSealer sealer = new RecordSealer(INCARNATION, 0, 0);
    private final long[] sequences = new long[16];

    /** Continues after a record of a journal that was opened again. */
    SampleRecords continueAfter(final long position, final long hash) {
        sealer = new RecordSealer(INCARNATION, position, hash);
        return this;
    }

    /** The next change set of a database has the sequence after this one. */
    void lastSequence(final int databaseId, final long sequence) {
        sequences[databaseId] = sequence;
    }

    /** Records name 0 as the durable position from now on, as those do that were written before the first sync. */
    SampleRecords namingNothingDurable() {
        namesDurable = false;
        return this;
    }

    UnsafeBuffer buffer() {
        return buffer;
    }

    long lastPosition() {
        return sealer.lastPosition();
    }

    long lastHash() {
        return sealer.lastHash();
    }

    int genesis(final long durablePosition) {
        final int length = new NodeRecordWriter(1).wrap(buffer, 0, 0, 0).genesis(INCARNATION);
        sealer.seal(buffer, 0, length, durablePosition);
        return length;
    }

    /** A change set of one write whose value is as many bytes of one letter. */
    int changeSet(final int databaseId, final int valueBytes, final long durablePosition) {
        return changeSet(databaseId, value(sealer.lastPosition() + 1, valueBytes), durablePosition);
    }

    int changeSet(final int databaseId, final byte[] value, final long durablePosition) {
        changeSet.wrapAndApplyHeader(command, 0, header).requestId(0).wall(1).counter(1);
        changeSet.site().high(1).low(2);
        changeSet.flags().clear();
        changeSet.migrationsCount(0);
        final SubmitChangeSetEncoder.ChangesEncoder change =
                changeSet.changesCount(1).next();
        change.opSeq(1).op(ChangeOp.WRITE).flags().clear();
        change.putSchemaName(NAME, 0, 1)
                .putTableName(NAME, 0, 1)
                .putKey(KEY, 0, 1)
                .putColumnName(NAME, 0, 1)
                .putValue(value, 0, value.length)
                .putBefore(value, 0, 0);
        record.wrapAndApplyHeader(buffer, 0, header)
                .magic(RecordDescriptor.MAGIC)
                .rulesVersion(1)
                .kind(RecordKind.CHANGE_SET)
                .epoch(0)
                .stampedTimeMs(0)
                .databaseId(databaseId)
                .principalId(0)
                .sequence(++sequences[databaseId])
                .sessionId(0)
                .pruned(0)
                .stateDigest(0);
        header.version(RecordDescriptor.SCHEMA_VERSION);
        record.flags().clear();
        record.survivorsCount(0);
        record.putCommand(command, 0, MessageHeaderEncoder.ENCODED_LENGTH + changeSet.encodedLength());
        record.putOutcomes(new byte[1], 0, 1);
        final int length = MessageHeaderEncoder.ENCODED_LENGTH + record.encodedLength();
        record.length(length);
        sealer.seal(buffer, 0, length, durablePosition);
        return length;
    }

    /** Appends a genesis if the journal is empty, then change sets, to a position. */
    void append(final JournalPort journal, final long toPosition, final int valueBytes) {
        while (sealer.lastPosition() < toPosition) {
            final long durable = namesDurable ? journal.durablePosition() : 0;
            final int length = sealer.lastPosition() == 0 ? genesis(durable) : changeSet(1, valueBytes, durable);
            journal.append(buffer, 0, length);
        }
        journal.batchAppended();
    }

    /** A value in the value encoding: text, of a letter that the position decides. */
    static byte[] value(final long position, final int valueBytes) {
        final UnsafeBuffer value = new UnsafeBuffer(new byte[TEXT_HEADER_BYTES + valueBytes]);
        value.putByte(0, (byte) ValueType.TEXT);
        value.putInt(1, valueBytes, ByteOrder.LITTLE_ENDIAN);
        value.setMemory(TEXT_HEADER_BYTES, valueBytes, (byte) ('a' + position % 26));
        return value.byteArray();
    }
}
