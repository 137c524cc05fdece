package io.lockstep.engine.record;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lockstep.engine.port.TestRecords;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChainCheckTest {
    private final List<UnsafeBuffer> journal = new ArrayList<>();

    @BeforeEach
    void makeAJournal() {
        final TestRecords records = new TestRecords();
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[16_384]);
        for (int i = 0; i < 10; i++) {
            final int length = records.next(buffer, 0, i == 6 ? 9_000 : 50 * i);
            final UnsafeBuffer copy = new UnsafeBuffer(new byte[length]);
            copy.putBytes(0, buffer, 0, length);
            journal.add(copy);
        }
    }

    private static RecordVerdict next(final ChainCheck chain, final UnsafeBuffer record) {
        return chain.next(record, 0, record.capacity());
    }

    @Test
    void shouldFollowAWholeJournal() {
        final ChainCheck chain = new ChainCheck(TestRecords.INCARNATION, 0, 0);
        journal.forEach(record -> assertEquals(RecordVerdict.GOOD, next(chain, record)));
        assertEquals(10, chain.lastPosition());
    }

    @Test
    void shouldFindAMissingRecord() {
        final ChainCheck chain = new ChainCheck(TestRecords.INCARNATION, 0, 0);
        next(chain, journal.get(0));
        assertEquals(RecordVerdict.BAD_POSITION, next(chain, journal.get(2)));
    }

    @Test
    void shouldFindARecordOfAnotherHistory() {
        final ChainCheck chain = new ChainCheck(TestRecords.INCARNATION, 4, 12_345);
        assertEquals(RecordVerdict.BAD_LINK, next(chain, journal.get(4)));
    }

    @Test
    void shouldFindARecordOfAnotherJournal() {
        final ChainCheck chain = new ChainCheck(new Incarnation(1, 1), 0, 0);
        assertEquals(RecordVerdict.BAD_HASH, next(chain, journal.get(0)));
    }

    @Test
    void shouldFindAChangeThatACrcWouldNotBecauseItWasMadeAnew() {
        final UnsafeBuffer record = journal.get(0);
        record.putLong(RecordDescriptor.STAMPED_TIME_OFFSET, 4_711, ByteOrder.LITTLE_ENDIAN);
        final int covered = record.capacity() - RecordDescriptor.COVERED_OFFSET;
        record.putInt(
                RecordDescriptor.CRC_OFFSET,
                new Crc32c().of(record, RecordDescriptor.COVERED_OFFSET, covered),
                ByteOrder.LITTLE_ENDIAN);
        assertEquals(RecordVerdict.GOOD, new RecordCheck().check(record, 0, record.capacity(), 1));
        assertEquals(RecordVerdict.BAD_HASH, next(new ChainCheck(TestRecords.INCARNATION, 0, 0), record));
    }

    @Test
    void shouldNotMoveOnOverABadRecord() {
        final ChainCheck chain = new ChainCheck(TestRecords.INCARNATION, 0, 0);
        next(chain, journal.get(1));
        assertEquals(RecordVerdict.GOOD, next(chain, journal.get(0)));
    }
}
