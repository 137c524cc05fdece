package io.lockstep.engine.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.lockstep.engine.port.TestRecords;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RecordCheckTest {
    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;

    private final RecordCheck check = new RecordCheck();
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[4_096]);
    private final TestRecords records = new TestRecords();
    private int length;

    @BeforeEach
    void makeAChangeSet() {
        records.next(buffer, 0, 0);
        length = records.next(buffer, 16, 100);
    }

    @Test
    void shouldPassASealedRecord() {
        assertEquals(RecordVerdict.GOOD, check.check(buffer, 16, length));
        assertEquals(RecordVerdict.GOOD, check.check(buffer, 16, length, 2));
    }

    @Test
    void shouldFindEverySingleBitFlip() {
        for (int bit = 0; bit < length * 8; bit++) {
            final int at = 16 + bit / 8;
            buffer.putByte(at, (byte) (buffer.getByte(at) ^ 1 << bit % 8));
            assertNotEquals(RecordVerdict.GOOD, check.check(buffer, 16, length), "bit=" + bit);
            buffer.putByte(at, (byte) (buffer.getByte(at) ^ 1 << bit % 8));
        }
    }

    @Test
    void shouldFindEveryTruncation() {
        for (int shorter = 0; shorter < length; shorter++) {
            assertNotEquals(RecordVerdict.GOOD, check.check(buffer, 16, shorter), "length=" + shorter);
        }
    }

    @Test
    void shouldNeverThrowOnRandomBytes() {
        for (long seed = 1; seed <= 20_000; seed++) {
            final Random random = new Random(seed);
            final byte[] bytes = new byte[random.nextInt(400)];
            random.nextBytes(bytes);
            final UnsafeBuffer rubbish = new UnsafeBuffer(bytes);
            if (bytes.length >= length && random.nextBoolean()) {
                rubbish.putBytes(0, buffer, 16, 8 + random.nextInt(length - 8));
            }
            assertNotEquals(RecordVerdict.GOOD, check.check(rubbish, 0, bytes.length), "seed=" + seed);
        }
    }

    @Test
    void shouldNeverThrowOnAMutatedRecordWhoseChecksumIsRight() {
        for (long seed = 1; seed <= 20_000; seed++) {
            final Random random = new Random(seed);
            final UnsafeBuffer mutated = new UnsafeBuffer(new byte[length]);
            mutated.putBytes(0, buffer, 16, length);
            for (int i = random.nextInt(4); i >= 0; i--) {
                mutated.putByte(
                        RecordDescriptor.COVERED_OFFSET + random.nextInt(length - RecordDescriptor.COVERED_OFFSET),
                        (byte) random.nextInt());
            }
            mutated.putInt(
                    RecordDescriptor.CRC_OFFSET,
                    new Crc32c().of(mutated, RecordDescriptor.COVERED_OFFSET, length - RecordDescriptor.COVERED_OFFSET),
                    LE);
            final RecordVerdict verdict = check.check(mutated, 0, length);
            if (verdict.good()) {
                new RecordView().wrap(mutated, 0, length);
            }
        }
    }

    @Test
    void shouldNameWhatIsWrongFirst() {
        assertEquals(RecordVerdict.TOO_SHORT, check.check(buffer, 16, RecordDescriptor.LENGTH_MIN - 1));
        assertEquals(RecordVerdict.BAD_LENGTH, check.check(buffer, 16, length - 1));
        assertEquals(RecordVerdict.BAD_POSITION, check.check(buffer, 16, length, 3));
        buffer.putByte(
                16 + RecordDescriptor.HASH_OFFSET, (byte) (1 + buffer.getByte(16 + RecordDescriptor.HASH_OFFSET)));
        assertEquals(RecordVerdict.BAD_CRC, check.check(buffer, 16, length));
        buffer.putInt(16 + RecordDescriptor.MAGIC_OFFSET, 0);
        assertEquals(RecordVerdict.BAD_MAGIC, check.check(buffer, 16, length));
        buffer.putInt(16, 0);
        assertEquals(RecordVerdict.BAD_HEADER, check.check(buffer, 16, length));
    }

    @Test
    void shouldCheckInAnyKindOfMemory() {
        final UnsafeBuffer direct = new UnsafeBuffer(ByteBuffer.allocateDirect(8_192), 100, 4_096);
        direct.putBytes(50, buffer, 16, length);
        assertEquals(RecordVerdict.GOOD, check.check(direct, 50, length));
        final UnsafeBuffer address = new UnsafeBuffer(direct.addressOffset(), 4_096);
        assertEquals(RecordVerdict.GOOD, check.check(address, 50, length));
    }
}
