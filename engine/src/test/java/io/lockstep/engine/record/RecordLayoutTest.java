package io.lockstep.engine.record;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.codec.JournalRecordDecoder;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.RecordKind;
import io.lockstep.codec.testing.RandomFrames;
import io.lockstep.codec.testing.RandomRecords;
import java.security.MessageDigest;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class RecordLayoutTest {
    @Test
    void shouldLieWhereItIsDrawn() {
        assertEquals(8, RecordDescriptor.MAGIC_OFFSET);
        assertEquals(12, RecordDescriptor.LENGTH_OFFSET);
        assertEquals(16, RecordDescriptor.CRC_OFFSET);
        assertEquals(20, RecordDescriptor.COVERED_OFFSET);
        assertEquals(20, RecordDescriptor.RULES_VERSION_OFFSET);
        assertEquals(22, RecordDescriptor.KIND_OFFSET);
        assertEquals(23, RecordDescriptor.FLAGS_OFFSET);
        assertEquals(24, RecordDescriptor.EPOCH_OFFSET);
        assertEquals(32, RecordDescriptor.POSITION_OFFSET);
        assertEquals(40, RecordDescriptor.DURABLE_POSITION_OFFSET);
        assertEquals(48, RecordDescriptor.STAMPED_TIME_OFFSET);
        assertEquals(56, RecordDescriptor.DATABASE_ID_OFFSET);
        assertEquals(60, RecordDescriptor.PRINCIPAL_ID_OFFSET);
        assertEquals(64, RecordDescriptor.SEQUENCE_OFFSET);
        assertEquals(72, RecordDescriptor.SESSION_ID_OFFSET);
        assertEquals(80, RecordDescriptor.PRUNED_OFFSET);
        assertEquals(88, RecordDescriptor.STATE_DIGEST_OFFSET);
        assertEquals(96, RecordDescriptor.PREVIOUS_HASH_OFFSET);
        assertEquals(104, RecordDescriptor.HASH_OFFSET);
        assertEquals(112, RecordDescriptor.SURVIVORS_OFFSET);
    }

    @Test
    void shouldBeViewedAsTheGeneratedDecoderReadsIt() {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[2 * RandomFrames.MESSAGE_BYTES_MAX]);
        final RecordView view = new RecordView();
        for (long seed = 1; seed <= 500; seed++) {
            final int length = new RandomRecords(seed).record(buffer, 0);
            final JournalRecordDecoder decoder =
                    new JournalRecordDecoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderDecoder());
            view.wrap(buffer, 0, length);
            assertEquals(decoder.kind(), view.kind());
            assertEquals(decoder.sequence(), view.sequence());
            assertEquals(decoder.principalId(), view.principalId());
            decoder.survivors().forEach(JournalRecordDecoder.SurvivorsDecoder::sbeSkip);
            assertEquals(decoder.limit() - view.survivorsOffset(), view.survivorsLength(), "seed=" + seed);
            final int commandLength = decoder.commandLength();
            assertEquals(commandLength, view.commandLength(), "seed=" + seed);
            assertEquals(decoder.limit() + 4, view.commandOffset(), "seed=" + seed);
            decoder.skipCommand();
            assertEquals(decoder.outcomesLength(), view.outcomesLength(), "seed=" + seed);
        }
    }

    @Test
    void shouldWriteTheNodesOwnRecordsSoThatTheyPassTheCheck() {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[NodeRecordWriter.LENGTH_MAX]);
        final NodeRecordWriter writer = new NodeRecordWriter(1).wrap(buffer, 0, 3, 1_000);
        final RecordSealer sealer = new RecordSealer(new Incarnation(1, 2), 0, 0);
        final RecordCheck check = new RecordCheck();
        final RecordKind[] kinds = {RecordKind.GENESIS, RecordKind.SEAL, RecordKind.CUT};
        for (final RecordKind kind : kinds) {
            final int length =
                    switch (kind) {
                        case GENESIS -> writer.genesis(new Incarnation(1, 2));
                        case SEAL -> writer.seal(1, 2, new byte[32]);
                        default -> writer.cut(3, 9, 77);
                    };
            final long position = sealer.seal(buffer, 0, length, 0);
            assertEquals(RecordVerdict.GOOD, check.check(buffer, 0, length, position), kind.name());
            assertEquals(kind, new RecordView().wrap(buffer, 0, length).kind());
            assertTrue(length <= NodeRecordWriter.LENGTH_MAX);
        }
    }

    @Test
    void shouldDigestTheRecordsAsIfTheyWereOneStretchOfBytes() throws Exception {
        final Random random = new Random(1);
        final SealDigest digest = new SealDigest();
        final byte[] actual = new byte[SealDigest.LENGTH];
        for (int round = 0; round < 20; round++) {
            final MessageDigest expected = MessageDigest.getInstance("SHA-256");
            final int records = random.nextInt(50);
            for (int i = 0; i < records; i++) {
                final byte[] bytes = new byte[random.nextInt(20_000)];
                random.nextBytes(bytes);
                expected.update(bytes);
                digest.update(new UnsafeBuffer(bytes), 0, bytes.length);
            }
            assertEquals(records, digest.records());
            digest.finish(actual);
            assertArrayEquals(expected.digest(), actual);
            assertEquals(0, digest.records());
        }
    }
}
