package io.lockstep.gateway.testing;

import io.lockstep.codec.JournalRecordEncoder;
import io.lockstep.codec.LargeSetCommandEncoder;
import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.RecordKind;
import io.lockstep.codec.SetPartCommandEncoder;
import io.lockstep.codec.message.ChangeSetWriter;
import io.lockstep.engine.memory.MemoryJournal;
import io.lockstep.engine.record.Incarnation;
import io.lockstep.engine.record.NodeRecordWriter;
import io.lockstep.engine.record.RecordDescriptor;
import io.lockstep.engine.record.RecordSealer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;

/** A journal of small and large change sets whose values are made up; their rows lie in turn in tables t0 to t9. */
public final class LargeSetJournal {
    private static final Incarnation INCARNATION = new Incarnation(11, 12);
    private static final int PART_BYTES = 32 << 10;
    private static final int VALUE_BYTES = 1_000;
    private static final int TABLES = 10;
    private static final byte[] NAME = {'n'};

    private final MemoryJournal journal = MemoryJournal.selfSyncing();
    private final RecordSealer sealer = new RecordSealer(INCARNATION, 0, 0);
    private final JournalRecordEncoder record = new JournalRecordEncoder();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final Map<Integer, Long> sequences = new HashMap<>();
    private UnsafeBuffer buffer = new UnsafeBuffer(new byte[PART_BYTES + 1_024]);

    /** A journal with nothing but its genesis. */
    public LargeSetJournal() {
        append(new NodeRecordWriter(1).wrap(buffer, 0, 0, 1).genesis(INCARNATION));
    }

    /** Appends a change set with one row. */
    public void small(final int databaseId) {
        final byte[] set = changeSet(1, sealer.lastPosition());
        start(databaseId, RecordKind.CHANGE_SET)
                .sequence(nextSequence(databaseId))
                .survivorsCount(0);
        record.putCommand(set, 0, set.length).putOutcomes(new byte[1], 0, 1);
        end();
    }

    /** Appends a large one of so many rows of a kilobyte; tells in how many parts. */
    public int large(final int databaseId, final int rows) {
        final byte[] set = changeSet(rows, sealer.lastPosition());
        final long firstPart = sealer.lastPosition() + 1;
        int parts = 0;
        for (int from = 0; from < set.length; from += PART_BYTES, parts++) {
            final UnsafeBuffer command = new UnsafeBuffer(new byte[PART_BYTES + 64]);
            final SetPartCommandEncoder part = new SetPartCommandEncoder().wrapAndApplyHeader(command, 0, header);
            part.partOffset(from).totalBytes(set.length).putBytes(set, from, Math.min(PART_BYTES, set.length - from));
            start(databaseId, RecordKind.SET_PART).survivorsCount(0);
            record.putCommand(command, 0, MessageHeaderEncoder.ENCODED_LENGTH + part.encodedLength())
                    .putOutcomes(new byte[0], 0, 0);
            end();
        }
        final UnsafeBuffer command = new UnsafeBuffer(new byte[64]);
        final LargeSetCommandEncoder largeSet = new LargeSetCommandEncoder().wrapAndApplyHeader(command, 0, header);
        largeSet.stampedTimeMs(7).firstPart(firstPart).totalBytes(set.length);
        start(databaseId, RecordKind.LARGE_CHANGE_SET)
                .sequence(nextSequence(databaseId))
                .survivorsCount(0);
        record.putCommand(command, 0, MessageHeaderEncoder.ENCODED_LENGTH + largeSet.encodedLength())
                .putOutcomes(new byte[rows], 0, rows);
        end();
        return parts;
    }

    private long nextSequence(final int databaseId) {
        return sequences.merge(databaseId, 1L, Long::sum);
    }

    private JournalRecordEncoder start(final int databaseId, final RecordKind kind) {
        buffer = new UnsafeBuffer(new byte[128 << 10]);
        record.wrapAndApplyHeader(buffer, 0, header)
                .magic(RecordDescriptor.MAGIC)
                .rulesVersion(1)
                .kind(kind);
        header.version(RecordDescriptor.SCHEMA_VERSION);
        record.flags().clear().siteAuthorised(true);
        return record.epoch(0)
                .stampedTimeMs(sealer.lastPosition())
                .databaseId(databaseId)
                .principalId(5)
                .sessionId(6)
                .sequence(0)
                .pruned(0)
                .stateDigest(1);
    }

    private void end() {
        final int length = MessageHeaderEncoder.ENCODED_LENGTH + record.encodedLength();
        record.length(length);
        append(length);
    }

    private void append(final int length) {
        sealer.seal(buffer, 0, length, sealer.lastPosition());
        journal.append(buffer, 0, length);
    }

    private static byte[] changeSet(final int rows, final long seed) {
        final UnsafeBuffer set = new UnsafeBuffer(new byte[256 + rows * (VALUE_BYTES + 128)]);
        final ChangeSetWriter writer = new ChangeSetWriter().wrap(set, 0).header(1, 0, 7, seed, 0, false, 0, rows);
        final Random random = new Random(seed);
        final byte[] value = new byte[5 + VALUE_BYTES];
        for (int row = 0; row < rows; row++) {
            random.nextBytes(value);
            value[0] = 6;
            new UnsafeBuffer(value).putInt(1, VALUE_BYTES, ByteOrder.LITTLE_ENDIAN);
            final byte[] table = ("t" + row % TABLES).getBytes(StandardCharsets.US_ASCII);
            writer.write(row, NAME, table, new byte[] {1, (byte) row}, NAME, value);
        }
        final byte[] bytes = new byte[writer.length()];
        set.getBytes(0, bytes);
        return bytes;
    }

    /** Holds the records; nothing is appended to it otherwise. */
    public MemoryJournal journal() {
        return journal;
    }

    /** Of the last record. */
    public long lastPosition() {
        return sealer.lastPosition();
    }
}
