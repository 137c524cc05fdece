package io.lockstep.gateway.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.codec.ResetReason;
import io.lockstep.codec.filter.ChangeFilters;
import io.lockstep.engine.memory.MemoryJournal;
import io.lockstep.engine.port.BeyondRetentionException;
import io.lockstep.engine.port.JournalReader;
import io.lockstep.engine.port.RecordHandler;
import io.lockstep.engine.port.TestRecords;
import io.lockstep.engine.record.RecordView;
import io.lockstep.gateway.session.CatchUpTicket.Result;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The reader beside a journal that gives up its beginning: nobody is served with a hole, nobody is sent away for nothing. */
class CatchUpRetentionTest {
    private static final int RECORDS = 60;
    private static final int QUIET_DATABASE = 9;

    private final MemoryJournal journal = MemoryJournal.selfSyncing();
    private final CatchUpQueues queues = new CatchUpQueues(4, 64 << 10);
    private final List<Throwable> errors = new ArrayList<>();
    private final List<Long> positions = new ArrayList<>(List.of(0L));
    private final CatchUpTicket ticket = new CatchUpTicket(null);
    private long quietHash;
    private long firstPosition = 1;
    private CatchUpAgent agent;

    @BeforeEach
    void fill() {
        final TestRecords records = new TestRecords();
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[4_096]);
        for (int position = 1; position <= RECORDS; position++) {
            final boolean quiet = position == 2 || position == 4;
            final int length = records.database(quiet ? QUIET_DATABASE : TestRecords.DATABASE_ID)
                    .next(buffer, 0, 8);
            journal.append(buffer, 0, length);
            final RecordView view = new RecordView().wrap(buffer, 0, length);
            if (quiet) {
                quietHash = view.hash();
            } else if (TestRecords.isChangeSet(view)) {
                positions.add(view.position());
            }
        }
        agent = new CatchUpAgent(
                queues, () -> new Retained(journal.openReader()), () -> RECORDS, () -> {}, errors::add);
    }

    @Test
    void shouldTellWhatIsOldestToWhoIsRefusedAnyway() {
        firstPosition = positions.get(10);
        ask(TestRecords.DATABASE_ID, 100, 0);
        ticket.refuse(new CursorRefusal(ResetReason.AHEAD_OF_NODE, "ahead"));
        assertEquals(ResetReason.AHEAD_OF_NODE, refusal());
        assertEquals(10, ticket.oldestSequence());
    }

    @Test
    void shouldServeWhatIsLeft() {
        firstPosition = positions.get(10);
        ask(TestRecords.DATABASE_ID, 10, 0);
        assertEquals(Result.READ, serve());
        assertEquals(10, ticket.chunk().sequence(0));
    }

    @Test
    void shouldSayThatWhatWasGivenUpIsBeyondRetention() {
        firstPosition = positions.get(10);
        ask(TestRecords.DATABASE_ID, 9, 0);
        assertEquals(ResetReason.BEYOND_RETENTION, refusal());
        assertEquals(10, ticket.oldestSequence());
    }

    @Test
    void shouldLookElsewhereWhenOnlyThePlaceToGoOnFromWasGivenUp() {
        firstPosition = positions.get(10);
        ask(TestRecords.DATABASE_ID, 12, positions.get(3));
        assertEquals(Result.READ, serve());
        assertEquals(12, ticket.chunk().sequence(0));
    }

    @Test
    void shouldSendNothingOfAPieceOverWhichFilesWereGivenUp() {
        ask(TestRecords.DATABASE_ID, 3, 0);
        giveUpAfterPolls = 1;
        agent = new CatchUpAgent(
                queues, () -> new Retained(journal.openReader()), () -> RECORDS, () -> {}, errors::add);
        assertEquals(ResetReason.BEYOND_RETENTION, refusal());
        assertNull(ticket.chunk());
    }

    @Test
    void shouldServeAClientThatHasEverythingThoughItWasGivenUp() {
        firstPosition = positions.get(10);
        ask(QUIET_DATABASE, 3, 0);
        ticket.verify(quietHash);
        assertEquals(Result.READ, serve());
        assertEquals(0, ticket.chunk().limit());
    }

    @Test
    void shouldSendAwayAClientThatHasWhatWasNewestOnceAndLacksWhatWasGivenUpSince() {
        firstPosition = positions.get(10);
        ask(TestRecords.DATABASE_ID, 4, 0);
        ticket.verify(quietHash);
        staleHead = 3;
        assertEquals(ResetReason.BEYOND_RETENTION, refusal());
        assertEquals(10, ticket.oldestSequence());
    }

    @Test
    void shouldNotServeAnotherHistoryThatWasGivenUp() {
        firstPosition = positions.get(10);
        ask(QUIET_DATABASE, 3, 0);
        ticket.verify(quietHash + 1);
        assertEquals(ResetReason.HISTORY_DIFFERS, refusal());
    }

    @Test
    void shouldNotServeAClientThatLacksWhatWasGivenUp() {
        firstPosition = positions.get(10);
        ask(QUIET_DATABASE, 2, 0);
        ticket.verify(quietHash);
        assertEquals(ResetReason.BEYOND_RETENTION, refusal());
    }

    private int giveUpAfterPolls = Integer.MAX_VALUE;
    private long staleHead;

    private void ask(final int databaseId, final long fromSequence, final long resumePosition) {
        ticket.ask(databaseId, fromSequence, resumePosition, 32 << 10, ChangeFilters.ALL);
    }

    private ResetReason refusal() {
        assertEquals(Result.REFUSED, serve());
        return ticket.refusal().reason();
    }

    private Result serve() {
        assertTrue(queues.request(ticket));
        agent.doWork();
        assertEquals(List.of(), errors);
        assertEquals(ticket, queues.pollResult());
        return ticket.result();
    }

    /** A reader of a journal that begins at {@code firstPosition}. */
    private final class Retained implements JournalReader {
        private final JournalReader whole;
        private long position = 1;
        private int polls;

        private Retained(final JournalReader whole) {
            this.whole = whole;
        }

        @Override
        public void seek(final long newPosition) {
            position = newPosition;
            whole.seek(newPosition);
        }

        @Override
        public boolean seekSequence(final int databaseId, final long sequence) {
            final long[] found = {0};
            final boolean there = whole.seekSequence(databaseId, sequence)
                    && whole.poll(
                                    (buffer, offset, length) -> {
                                        found[0] = new RecordView()
                                                .wrap(buffer, offset, length)
                                                .position();
                                        return true;
                                    },
                                    RECORDS,
                                    1)
                            == 1
                    && found[0] >= firstPosition;
            if (there) {
                seek(found[0]);
            }
            return there;
        }

        @Override
        public long oldestSequence(final int databaseId) {
            if (databaseId == QUIET_DATABASE) {
                return firstPosition > 4 ? 0 : 1;
            }
            for (int sequence = 1; sequence < positions.size(); sequence++) {
                if (positions.get(sequence) >= firstPosition) {
                    return sequence;
                }
            }
            return 0;
        }

        @Override
        public long retainedCheck(final int databaseId, final long sequence) {
            final boolean quiet = databaseId == QUIET_DATABASE && sequence == 2 && firstPosition > 4;
            return quiet || (databaseId == TestRecords.DATABASE_ID && sequence == staleHead) ? quietHash : 0;
        }

        @Override
        public int poll(final RecordHandler handler, final long positionMax, final int limit) {
            return whole.poll(handler, positionMax, limit);
        }

        @Override
        public int pollDatabase(
                final int databaseId, final RecordHandler handler, final long positionMax, final int limit) {
            if (++polls > giveUpAfterPolls) {
                firstPosition = positions.get(30);
            }
            if (position < firstPosition) {
                throw new BeyondRetentionException("position=" + position);
            }
            final int read = whole.pollDatabase(databaseId, handler, positionMax, Math.min(limit, 4));
            position += read;
            return read;
        }

        @Override
        public void close() {
            whole.close();
        }
    }
}
