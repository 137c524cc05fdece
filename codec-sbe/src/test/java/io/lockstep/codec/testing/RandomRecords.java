package io.lockstep.codec.testing;

import io.lockstep.codec.CreateDatabaseCommandEncoder;
import io.lockstep.codec.CutCommandEncoder;
import io.lockstep.codec.EpochCommandEncoder;
import io.lockstep.codec.GenesisCommandEncoder;
import io.lockstep.codec.JournalRecordEncoder;
import io.lockstep.codec.KeyForm;
import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.PruneCommandEncoder;
import io.lockstep.codec.RecordKind;
import io.lockstep.codec.RowPolicy;
import io.lockstep.codec.SealCommandEncoder;
import io.lockstep.codec.SubmitChangeSetDecoder;
import java.util.Random;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Seeded generator of journal records that are well formed but neither sealed nor in order. The same seed gives the same
 * records. Not thread-safe.
 */
public final class RandomRecords {
    private final Random random;
    private final RandomFrames frames;
    private final RandomValues values;
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final UnsafeBuffer command = new UnsafeBuffer(new byte[RandomFrames.MESSAGE_BYTES_MAX]);

    /**
     * A generator.
     *
     * @param seed decides everything
     */
    public RandomRecords(final long seed) {
        random = new Random(seed);
        frames = new RandomFrames(seed);
        values = frames.values();
    }

    /**
     * Writes a record of any kind.
     *
     * @param buffer with room for twice {@link RandomFrames#MESSAGE_BYTES_MAX}
     * @param offset of its message header
     * @return bytes
     */
    public int record(final MutableDirectBuffer buffer, final int offset) {
        final RecordKind kind = RecordKind.get((short) random.nextInt(RecordKind.CUT.value() + 1));
        final int length = command(kind);
        final SubmitChangeSetDecoder set = new SubmitChangeSetDecoder();
        int migrations = 0;
        int changes = 0;
        if (kind == RecordKind.CHANGE_SET) {
            set.wrap(
                    command,
                    MessageHeaderEncoder.ENCODED_LENGTH,
                    SubmitChangeSetDecoder.BLOCK_LENGTH,
                    SubmitChangeSetDecoder.SCHEMA_VERSION);
            final SubmitChangeSetDecoder.MigrationsDecoder group = set.migrations();
            migrations = group.count();
            while (group.hasNext()) {
                group.next().sbeSkip();
            }
            changes = set.changes().count();
        }
        final JournalRecordEncoder record = new JournalRecordEncoder().wrapAndApplyHeader(buffer, offset, header);
        record.magic(0x4C4B5354L).kind(kind).epoch(1).position(1 + random.nextInt(1_000));
        record.stampedTimeMs(1).databaseId(1).principalId(7).sequence(random.nextInt(1_000));
        record.flags().clear().siteAuthorised(random.nextBoolean());
        final int survivors = changes == 0 ? 0 : random.nextInt(3);
        final JournalRecordEncoder.SurvivorsEncoder survivor = record.survivorsCount(survivors);
        for (int i = 0; i < survivors; i++) {
            final byte[] name = values.name();
            survivor.next().change(changes - 1).putColumnName(name, 0, name.length);
        }
        final byte[] outcomes = new byte[migrations + changes];
        for (int i = 0; i < outcomes.length; i++) {
            outcomes[i] = (byte) random.nextInt(6);
        }
        record.putCommand(command, 0, length).putOutcomes(outcomes, 0, outcomes.length);
        final int total = MessageHeaderEncoder.ENCODED_LENGTH + record.encodedLength();
        record.length(total);
        return total;
    }

    private int command(final RecordKind kind) {
        final int body =
                switch (kind) {
                    case GENESIS ->
                        new GenesisCommandEncoder()
                                .wrapAndApplyHeader(command, 0, header)
                                .formatVersion(1)
                                .digestVersion(1)
                                .encodedLength();
                    case CREATE_DATABASE -> {
                        final byte[] name = values.databaseName();
                        yield new CreateDatabaseCommandEncoder()
                                .wrapAndApplyHeader(command, 0, header)
                                .databaseId(1)
                                .rowPolicy(RowPolicy.DELETE_WINS)
                                .keyForm(KeyForm.QUEREUS)
                                .maxDriftMs(60_000)
                                .putName(name, 0, name.length)
                                .encodedLength();
                    }
                    case PRUNE ->
                        new PruneCommandEncoder()
                                .wrapAndApplyHeader(command, 0, header)
                                .horizonMs(5)
                                .encodedLength();
                    case EPOCH ->
                        new EpochCommandEncoder()
                                .wrapAndApplyHeader(command, 0, header)
                                .epoch(2)
                                .encodedLength();
                    case SEAL ->
                        new SealCommandEncoder()
                                .wrapAndApplyHeader(command, 0, header)
                                .fromPosition(1)
                                .toPosition(2)
                                .putSha256(new byte[32], 0, 32)
                                .encodedLength();
                    case CUT ->
                        new CutCommandEncoder()
                                .wrapAndApplyHeader(command, 0, header)
                                .fromPosition(1)
                                .toPosition(2)
                                .encodedLength();
                    default -> frames.changeSet(command, 0) - MessageHeaderEncoder.ENCODED_LENGTH;
                };
        return MessageHeaderEncoder.ENCODED_LENGTH + body;
    }
}
