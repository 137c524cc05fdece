package io.lockstep.engine.port;

import io.lockstep.codec.JournalRecordEncoder;
import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.RecordKind;
import io.lockstep.codec.message.ChangeSetWriter;
import io.lockstep.engine.record.Incarnation;
import io.lockstep.engine.record.NodeRecordWriter;
import io.lockstep.engine.record.RecordDescriptor;
import io.lockstep.engine.record.RecordSealer;
import io.lockstep.engine.record.RecordView;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Valid, sealed records in order of position: a genesis first, then change sets, every third record a seal. What they say
 * about state is made up. All of one database, unless another is asked for.
 */
public final class TestRecords {
    /** The database of all change sets. */
    public static final int DATABASE_ID = 3;

    /** Of the journal that they make. */
    public static final Incarnation INCARNATION = new Incarnation(11, 12);

    private static final byte[] NAME = {'n'};
    private static final byte[] KEY = {1, 1};

    private final RecordSealer sealer = new RecordSealer(INCARNATION, 0, 0);
    private final NodeRecordWriter nodeRecords = new NodeRecordWriter(1);
    private final ChangeSetWriter writer = new ChangeSetWriter();
    private final JournalRecordEncoder record = new JournalRecordEncoder();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final UnsafeBuffer outcomes = new UnsafeBuffer(new byte[1]);
    private final Map<Integer, Long> sequences = new HashMap<>();
    private int databaseId = DATABASE_ID;

    /** Whether a record holds a sequence of its own. */
    public static boolean isChangeSet(final RecordView view) {
        return view.kind() == RecordKind.CHANGE_SET;
    }

    /** Change sets are of another database from now on. */
    public TestRecords database(final int newDatabaseId) {
        databaseId = newDatabaseId;
        return this;
    }

    /** Position of the last record made. */
    public long lastPosition() {
        return sealer.lastPosition();
    }

    /**
     * Makes the next record.
     *
     * @param buffer gets it
     * @param offset of its first byte
     * @param padding bytes of blob in a change set
     * @return bytes
     */
    public int next(final MutableDirectBuffer buffer, final int offset, final int padding) {
        return next(buffer, offset, padding, 0);
    }

    /**
     * Makes the next record.
     *
     * @param buffer gets it
     * @param offset of its first byte
     * @param padding bytes of blob in a change set
     * @param durablePosition that it names
     * @return bytes
     */
    public int next(final MutableDirectBuffer buffer, final int offset, final int padding, final long durablePosition) {
        final long position = sealer.lastPosition() + 1;
        final int length;
        if (position == 1) {
            length = nodeRecords.wrap(buffer, offset, 0, 1).genesis(INCARNATION);
        } else if (position % 3 == 0) {
            length = nodeRecords.wrap(buffer, offset, 0, position).seal(position - 1, position - 1, new byte[32]);
        } else {
            length = changeSet(buffer, offset, padding, position);
        }
        sealer.seal(buffer, offset, length, durablePosition);
        return length;
    }

    private int changeSet(final MutableDirectBuffer buffer, final int offset, final int padding, final long position) {
        final byte[] value = new byte[5 + padding];
        value[0] = 6;
        new UnsafeBuffer(value).putInt(1, padding, ByteOrder.LITTLE_ENDIAN);
        final UnsafeBuffer command = new UnsafeBuffer(new byte[256 + padding]);
        writer.wrap(command, 0).header(position, 0, 7, position, 0, false, 0, 1).write(0, NAME, NAME, KEY, NAME, value);
        record.wrapAndApplyHeader(buffer, offset, header)
                .magic(RecordDescriptor.MAGIC)
                .rulesVersion(1)
                .kind(RecordKind.CHANGE_SET);
        header.version(RecordDescriptor.SCHEMA_VERSION);
        record.flags().clear().siteAuthorised(true);
        record.epoch(0)
                .stampedTimeMs(position)
                .databaseId(databaseId)
                .principalId(5)
                .sequence(sequences.merge(databaseId, 1L, Long::sum))
                .sessionId(6)
                .pruned(0)
                .stateDigest(position * 31);
        record.survivorsCount(0);
        record.putCommand(command, 0, writer.length()).putOutcomes(outcomes, 0, 1);
        final int length = MessageHeaderEncoder.ENCODED_LENGTH + record.encodedLength();
        record.length(length);
        return length;
    }
}
