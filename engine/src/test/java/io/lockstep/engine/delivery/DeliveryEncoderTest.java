package io.lockstep.engine.delivery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.codec.ChangeOp;
import io.lockstep.codec.DeliveryDecoder;
import io.lockstep.codec.JournalRecordEncoder;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.RecordKind;
import io.lockstep.codec.SubmitChangeSetDecoder;
import io.lockstep.codec.frame.FrameDescriptor;
import io.lockstep.codec.frame.FrameLimits;
import io.lockstep.codec.frame.FrameValidator;
import io.lockstep.codec.testing.RandomFrames;
import io.lockstep.engine.record.Incarnation;
import io.lockstep.engine.record.NodeRecordWriter;
import io.lockstep.engine.record.RecordDescriptor;
import io.lockstep.engine.record.RecordSealer;
import io.lockstep.engine.record.RecordView;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class DeliveryEncoderTest {
    private static final int OFFSET = 24;

    private final UnsafeBuffer command = new UnsafeBuffer(new byte[RandomFrames.MESSAGE_BYTES_MAX]);
    private final UnsafeBuffer record = new UnsafeBuffer(new byte[4 * RandomFrames.MESSAGE_BYTES_MAX]);
    private final UnsafeBuffer target = new UnsafeBuffer(new byte[4 * RandomFrames.MESSAGE_BYTES_MAX]);
    private final RecordSealer sealer = new RecordSealer(new Incarnation(1, 2), 0, 0);
    private final FrameValidator validator = new FrameValidator(FrameLimits.DEFAULT);
    private final DeliveryEncoder encoder = new DeliveryEncoder();
    private final DeliveryDecoder delivery = new DeliveryDecoder();
    private final SubmitChangeSetDecoder changeSet = new SubmitChangeSetDecoder();

    /** What a random record says, taken apart with the generated decoders. */
    private static final class Expected {
        private final List<String> migrations = new ArrayList<>();
        private final List<String> changes = new ArrayList<>();
        private final List<String> survivors = new ArrayList<>();
        private int recordLength;
    }

    @Test
    void shouldHoldTheAppliedEffectsAndNothingElse() {
        for (long seed = 1; seed <= 400; seed++) {
            final Random random = new Random(seed);
            final Expected expected = randomRecord(seed, random, random.nextInt(4) == 0 ? 100 : 60);
            final int length = encoder.encode(record, 0, expected.recordLength, target, OFFSET);
            assertDelivers(expected, length, seed);
        }
    }

    @Test
    void shouldNeverNeedMoreThanItsBound() {
        for (long seed = 1; seed <= 200; seed++) {
            final Expected expected = randomRecord(seed, new Random(seed), 100);
            final int length = encoder.encodeFrame(record, 0, expected.recordLength, target, OFFSET);
            assertTrue(length <= DeliveryEncoder.lengthMax(expected.recordLength), "seed=" + seed);
        }
    }

    @Test
    void shouldPassTheValidator() {
        for (long seed = 1; seed <= 200; seed++) {
            final Expected expected = randomRecord(seed, new Random(seed), 50);
            final int length = encoder.encode(record, 0, expected.recordLength, target, OFFSET);
            assertTrue(validator.validateServerMessage(target, OFFSET, length), () -> validator.errorText());
        }
    }

    @Test
    void shouldCarryTheCheckOfTheCursorAndTheSequenceBefore() {
        final Expected expected = randomRecord(7, new Random(7), 100);
        final int length = encoder.encode(record, 0, expected.recordLength, target, OFFSET);
        assertTrue(length > 0);
        final RecordView view = new RecordView().wrap(record, 0, expected.recordLength);
        wrapDelivery();
        assertEquals(view.hash(), delivery.check());
        assertEquals(view.sequence(), delivery.sequence());
        assertEquals(view.sequence() - 1, delivery.afterSequence());
        assertEquals(view.epoch(), delivery.epoch());
        assertEquals(view.stampedTimeMs(), delivery.stampedTimeMs());
        assertEquals(view.siteHigh(), delivery.site().high());
        assertEquals(view.siteLow(), delivery.site().low());
        assertEquals(view.wall(), delivery.wall());
        assertEquals(view.counter(), delivery.counter());
        assertFalse(delivery.flags().own());
    }

    @Test
    void shouldStandBehindAFramingHeader() {
        final Expected expected = randomRecord(7, new Random(7), 100);
        final int length = encoder.encodeFrame(record, 0, expected.recordLength, target, OFFSET);
        assertEquals(length, FrameDescriptor.frameLength(target, OFFSET));
        delivery.wrapAndApplyHeader(target, OFFSET + FrameDescriptor.HEADER_LENGTH, new MessageHeaderDecoder());
        assertEquals(new RecordView().wrap(record, 0, expected.recordLength).sequence(), delivery.sequence());
    }

    @Test
    void shouldLetOwnAndAfterSequenceBeChangedInPlace() {
        final Expected expected = randomRecord(3, new Random(3), 70);
        final int length = encoder.encode(record, 0, expected.recordLength, target, OFFSET);
        DeliveryEncoder.setOwn(target, OFFSET, true);
        DeliveryEncoder.setAfterSequence(target, OFFSET, 77);
        wrapDelivery();
        assertTrue(delivery.flags().own());
        assertEquals(77, delivery.afterSequence());
        DeliveryEncoder.setOwn(target, OFFSET, false);
        assertFalse(delivery.flags().own());
        assertDelivers(expected, length, 3);
    }

    @Test
    void shouldDeliverNothingForOtherRecords() {
        final int length = new NodeRecordWriter(1).wrap(record, 0, 1, 1).seal(1, 2, new byte[32]);
        assertEquals(0, encoder.encodeFrame(record, 0, length, target, OFFSET));
    }

    private void wrapDelivery() {
        delivery.wrapAndApplyHeader(target, OFFSET, new MessageHeaderDecoder());
    }

    private void assertDelivers(final Expected expected, final int length, final long seed) {
        wrapDelivery();
        final List<String> migrations = new ArrayList<>();
        final List<String> changes = new ArrayList<>();
        final List<String> survivors = new ArrayList<>();
        final var migration = delivery.migrations();
        while (migration.hasNext()) {
            migration.next();
            migrations.add(migration.opSeq() + " " + migration.kind() + " " + migration.version() + " "
                    + migration.schemaName() + " " + migration.objectName() + " " + migration.fromObjectName() + " "
                    + migration.ddl());
        }
        final var change = delivery.changes();
        while (change.hasNext()) {
            change.next();
            changes.add(
                    change.opSeq() + " " + change.op() + " " + change.flags().before() + " "
                            + change.schemaName() + " " + change.tableName() + " "
                            + hex(change.keyLength(), change::getKey) + " " + change.columnName() + " "
                            + hex(change.valueLength(), change::getValue) + " "
                            + hex(change.beforeLength(), change::getBefore));
        }
        final var survivor = delivery.survivors();
        while (survivor.hasNext()) {
            survivor.next();
            survivors.add(survivor.change() + " " + survivor.columnName());
        }
        assertEquals(expected.migrations, migrations, "seed=" + seed);
        assertEquals(expected.changes, changes, "seed=" + seed);
        assertEquals(expected.survivors, survivors, "seed=" + seed);
        assertEquals(length, delivery.encodedLength() + MessageHeaderDecoder.ENCODED_LENGTH, "seed=" + seed);
    }

    @FunctionalInterface
    private interface Getter {
        int get(byte[] bytes, int offset, int length);
    }

    private static String hex(final int length, final Getter getter) {
        final byte[] bytes = new byte[length];
        getter.get(bytes, 0, length);
        return HexFormat.of().formatHex(bytes);
    }

    private Expected randomRecord(final long seed, final Random random, final int appliedPercent) {
        final Expected expected = new Expected();
        final int commandLength =
                new RandomFrames(seed).changeSet(command, 0, random.nextInt(3), 1 + random.nextInt(8));
        final List<Byte> outcomes = new ArrayList<>();
        final List<int[]> survivors = readCommand(expected, random, appliedPercent, outcomes);
        final byte[] outcomeBytes = new byte[outcomes.size()];
        for (int i = 0; i < outcomeBytes.length; i++) {
            outcomeBytes[i] = outcomes.get(i);
        }
        final JournalRecordEncoder encoded =
                new JournalRecordEncoder().wrapAndApplyHeader(record, 0, new MessageHeaderEncoder());
        encoded.magic(RecordDescriptor.MAGIC)
                .rulesVersion(1)
                .kind(RecordKind.CHANGE_SET)
                .epoch(random.nextInt(9))
                .stampedTimeMs(random.nextInt(1_000_000))
                .databaseId(4)
                .sequence(1 + random.nextInt(1_000_000));
        final var group = encoded.survivorsCount(survivors.size());
        for (final int[] survivor : survivors) {
            group.next().change(survivor[0]).columnName("column" + survivor[1]);
        }
        encoded.putCommand(command, 0, commandLength).putOutcomes(outcomeBytes, 0, outcomeBytes.length);
        expected.recordLength = MessageHeaderEncoder.ENCODED_LENGTH + encoded.encodedLength();
        encoded.length(expected.recordLength);
        sealer.seal(record, 0, expected.recordLength, 0);
        return expected;
    }

    private List<int[]> readCommand(
            final Expected expected, final Random random, final int appliedPercent, final List<Byte> outcomes) {
        changeSet.wrapAndApplyHeader(command, 0, new MessageHeaderDecoder());
        final var migration = changeSet.migrations();
        while (migration.hasNext()) {
            migration.next();
            final boolean applied = random.nextInt(100) < appliedPercent;
            outcomes.add((byte) (applied ? 0 : 1 + random.nextInt(5)));
            final String text = migration.opSeq() + " " + migration.kind() + " " + migration.version() + " "
                    + migration.schemaName() + " " + migration.objectName() + " " + migration.fromObjectName() + " "
                    + migration.ddl();
            if (applied) {
                expected.migrations.add(text);
            }
        }
        final List<int[]> survivors = new ArrayList<>();
        final var change = changeSet.changes();
        for (int index = 0; change.hasNext(); index++) {
            change.next();
            final boolean applied = random.nextInt(100) < appliedPercent;
            outcomes.add((byte) (applied ? 0 : 1 + random.nextInt(5)));
            final String text = change.opSeq() + " " + change.op() + " "
                    + change.flags().before() + " " + change.schemaName() + " " + change.tableName() + " "
                    + hex(change.keyLength(), change::getKey) + " " + change.columnName() + " "
                    + hex(change.valueLength(), change::getValue) + " "
                    + hex(change.beforeLength(), change::getBefore);
            if (applied && change.op() == ChangeOp.DELETE) {
                for (int i = random.nextInt(3); i > 0; i--) {
                    survivors.add(new int[] {index, i});
                    expected.survivors.add(expected.changes.size() + " column" + i);
                }
            }
            if (applied) {
                expected.changes.add(text);
            }
        }
        return survivors;
    }
}
