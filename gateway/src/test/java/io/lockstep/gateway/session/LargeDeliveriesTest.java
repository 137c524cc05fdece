package io.lockstep.gateway.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.codec.DeliveryPartDecoder;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.RecordKind;
import io.lockstep.codec.ResetReason;
import io.lockstep.codec.SubscribeEncoder;
import io.lockstep.codec.filter.ChangeFilters;
import io.lockstep.codec.frame.FrameLimits;
import io.lockstep.engine.delivery.DeliveryEncoder;
import io.lockstep.engine.delivery.DeliveryFilter;
import io.lockstep.engine.port.BeyondRetentionException;
import io.lockstep.engine.port.JournalReader;
import io.lockstep.engine.port.RecordHandler;
import io.lockstep.engine.record.LargeSetAssembly;
import io.lockstep.engine.record.RecordView;
import io.lockstep.gateway.session.CatchUpTicket.Result;
import io.lockstep.gateway.testing.LargeSetJournal;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Large change sets and the reader: each is read once while it is wanted, others go on meanwhile, and each gets its turn. */
class LargeDeliveriesTest {
    private static final int SMALL = 99;
    private static final int ROWS = 3_000;
    private static final long CALL_NS = 20_000;
    private static final int CYCLES_MAX = 200_000;

    private final LargeSetJournal records = new LargeSetJournal();
    private final CatchUpQueues queues = new CatchUpQueues(64, 64 << 10);
    private final List<Throwable> errors = new ArrayList<>();
    private final Queue<Taker> asking = new ArrayDeque<>();
    private final List<Taker> takers = new ArrayList<>();
    private long nowNs;
    private int partsRead;
    private int bytesOfPoll;
    private int bytesOfPollMax;
    private RuntimeException refusal;
    private final CatchUpAgent agent = new CatchUpAgent(
            queues,
            () -> new Counting(records.journal().openReader()),
            records::lastPosition,
            () -> {},
            errors::add,
            CatchUpPace.NONE,
            FrameLimits.DEFAULT.frameBytesMax(),
            () -> nowNs += CALL_NS);

    @AfterEach
    void close() {
        agent.onClose();
    }

    /** A session that takes a set to its end, part by part. */
    private final class Taker {
        private final int databaseId;
        private final long sequence;
        private final ChangeFilters filters;
        private final CatchUpTicket ticket = new CatchUpTicket(null);
        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
        private boolean endless;
        private boolean done;

        private Taker(final int databaseId, final long sequence, final ChangeFilters filters) {
            this.databaseId = databaseId;
            this.sequence = sequence;
            this.filters = filters;
            takers.add(this);
        }

        private Taker ask() {
            ticket.ask(databaseId, sequence, 0, 1, filters);
            ticket.partFrom(taken.size());
            assertTrue(queues.request(ticket));
            return this;
        }

        private void onAnswer() {
            assertEquals(Result.READ, ticket.result());
            final CatchUpChunk chunk = ticket.chunk();
            if (chunk.limit() > 0 && chunk.isPart(0)) {
                final DeliveryPartDecoder part = new DeliveryPartDecoder()
                        .wrapAndApplyHeader(chunk.buffer(), chunk.messageOffset(0), new MessageHeaderDecoder());
                assertEquals(taken.size(), part.partOffset());
                final byte[] bytes = new byte[part.bytesLength()];
                part.getBytes(bytes, 0, bytes.length);
                taken.writeBytes(bytes);
                done = taken.size() == part.totalBytes();
            } else if (chunk.limit() > 0) {
                final byte[] bytes = new byte[chunk.messageLength(0)];
                chunk.buffer().getBytes(chunk.messageOffset(0), bytes);
                taken.writeBytes(bytes);
                done = true;
            } else {
                done = true;
            }
            queues.release(chunk);
            if (done && endless) {
                taken.reset();
                done = false;
            }
        }
    }

    /** Everybody asks again as soon as there is an answer, until all have everything. */
    private void takeAll() {
        for (final Taker taker : takers) {
            taker.ask();
        }
        for (int cycle = 0; takers.stream().anyMatch(taker -> !taker.done); cycle++) {
            assertTrue(cycle < CYCLES_MAX, "somebody waits for ever");
            cycle();
        }
    }

    private void cycle() {
        agent.doWork();
        assertEquals(List.of(), errors);
        for (CatchUpTicket ticket = queues.pollResult(); ticket != null; ticket = queues.pollResult()) {
            for (final Taker taker : takers) {
                if (taker.ticket == ticket) {
                    taker.onAnswer();
                    if (!taker.done) {
                        asking.add(taker);
                    }
                }
            }
        }
        while (!asking.isEmpty()) {
            asking.poll().ask();
        }
    }

    private static ChangeFilters glob(final String glob) {
        final UnsafeBuffer message = new UnsafeBuffer(new byte[256]);
        final SubscribeEncoder encoder =
                new SubscribeEncoder().wrapAndApplyHeader(message, 0, new MessageHeaderEncoder());
        encoder.filtersCount(1)
                .next()
                .putTable(glob.getBytes(StandardCharsets.US_ASCII), 0, glob.length())
                .putKeyPrefix(new byte[0], 0, 0);
        return new ChangeFilters().wrap(message, ChangeFilters.groupOffset(message, 0), false);
    }

    private byte[] expected(final int databaseId, final ChangeFilters filters) {
        final byte[][] delivery = new byte[1][];
        final RecordView view = new RecordView();
        try (JournalReader reader = records.journal().openReader();
                LargeSetAssembly assembly = new LargeSetAssembly()) {
            reader.seek(1);
            reader.poll(
                    (buffer, offset, length) -> {
                        view.wrap(buffer, offset, length);
                        if (view.databaseId() == databaseId && view.kind() == RecordKind.SET_PART) {
                            assertTrue(assembly.onPart(view));
                        } else if (view.databaseId() == databaseId && view.kind() == RecordKind.LARGE_CHANGE_SET) {
                            assertTrue(assembly.onLargeSet(view));
                            delivery[0] = delivery(assembly, filters);
                        }
                        return true;
                    },
                    records.lastPosition(),
                    Integer.MAX_VALUE);
        }
        return delivery[0];
    }

    private static byte[] delivery(final LargeSetAssembly assembly, final ChangeFilters filters) {
        final UnsafeBuffer whole = new UnsafeBuffer(new byte[DeliveryEncoder.lengthMax(assembly.length())]);
        int length = new DeliveryEncoder().encode(assembly.buffer(), 0, assembly.length(), whole, 0);
        final DeliveryFilter filter = new DeliveryFilter();
        if (!filters.isAll()) {
            length = filter.match(filters, whole, 0) == 0 ? 0 : filter.copy(0, whole, 0);
        }
        return Arrays.copyOf(whole.byteArray(), length);
    }

    @Test
    void shouldReadASetOnceWhateverTheFilters() {
        final int parts = records.large(1, ROWS);
        for (final String glob : List.of("*", "t0", "t[", "t?", "n.t3", "*5", "t1", "n.*")) {
            new Taker(1, 1, glob(glob));
        }
        new Taker(1, 1, ChangeFilters.ALL);
        takeAll();
        assertEquals(parts, partsRead);
        for (final Taker taker : takers) {
            assertArrayEquals(expected(1, taker.filters), taker.taken.toByteArray());
        }
    }

    @Test
    void shouldServeOthersBetweenSlices() {
        records.large(1, 2 * ROWS);
        records.small(SMALL);
        final Taker large = new Taker(1, 1, glob("t*")).ask();
        agent.doWork();
        int served = 0;
        while (!large.done) {
            final Taker small = new Taker(SMALL, 1, ChangeFilters.ALL).ask();
            for (int cycles = 0; !small.done; cycles++) {
                assertTrue(cycles < 3, "others do not wait for more than a slice or two");
                cycle();
            }
            served++;
        }
        assertTrue(served > 6, "served=" + served);
        assertTrue(bytesOfPollMax <= LargeSet.SLICE_BYTES + (64 << 10), "bytesOfPollMax=" + bytesOfPollMax);
    }

    @Test
    void shouldGoOnThoughOthersNeverStopAsking() {
        records.large(1, ROWS);
        records.small(SMALL);
        final Taker large = new Taker(1, 1, ChangeFilters.ALL).ask();
        for (int i = 0; i < 20; i++) {
            new Taker(SMALL, 1, ChangeFilters.ALL).ask();
        }
        for (int cycle = 0; !large.done; cycle++) {
            assertTrue(cycle < 10_000, "it starves");
            cycle();
            for (final Taker taker : takers) {
                if (taker.done && taker != large) {
                    taker.done = false;
                    taker.taken.reset();
                    taker.ask();
                }
            }
        }
        assertArrayEquals(expected(1, ChangeFilters.ALL), large.taken.toByteArray());
    }

    @Test
    void shouldGiveEachSetItsTurnWithoutReadingThemForEachPart() {
        int parts = 0;
        for (int database = 1; database <= 6; database++) {
            parts += records.large(database, ROWS);
        }
        for (int database = 1; database <= 6; database++) {
            new Taker(database, 1, ChangeFilters.ALL);
            new Taker(database, 1, glob("t1"));
        }
        takeAll();
        for (final Taker taker : takers) {
            assertArrayEquals(expected(taker.databaseId, taker.filters), taker.taken.toByteArray());
        }
        assertTrue(partsRead <= 2 * parts, "partsRead=" + partsRead + " parts=" + parts);
    }

    @Test
    void shouldTakeASetFromThoseWhoNeverCeaseToWantIt() {
        for (int database = 1; database <= 3; database++) {
            records.large(database, ROWS);
        }
        final Taker first = new Taker(1, 1, ChangeFilters.ALL).ask();
        final Taker second = new Taker(2, 1, ChangeFilters.ALL).ask();
        final Taker third = new Taker(3, 1, ChangeFilters.ALL).ask();
        first.endless = true;
        second.endless = true;
        for (int cycle = 0; !third.done; cycle++) {
            assertTrue(cycle < 20_000, "it starves");
            cycle();
        }
        assertArrayEquals(expected(3, ChangeFilters.ALL), third.taken.toByteArray());
    }

    @Test
    void shouldGiveTheMemoryBackWhenNobodyHasAskedForAWhile() {
        final int parts = records.large(1, ROWS);
        new Taker(1, 1, ChangeFilters.ALL);
        takeAll();
        nowNs += LargeDeliveries.RELEASE_NS / 2;
        agent.doWork();
        new Taker(1, 1, ChangeFilters.ALL).ask();
        while (!takers.get(1).done) {
            cycle();
        }
        assertEquals(parts, partsRead, "it was still there");
        nowNs += LargeDeliveries.RELEASE_NS;
        agent.doWork();
        new Taker(1, 1, ChangeFilters.ALL).ask();
        while (!takers.get(2).done) {
            cycle();
        }
        assertEquals(2 * parts, partsRead);
        assertFalse(queues.hasRequests());
    }

    @Test
    void shouldTellAllWhoWaitThatItsPartsWereGivenUp() {
        records.large(1, ROWS);
        refusal = new BeyondRetentionException("position=2");
        final List<CatchUpTicket> tickets = ask(1, 3);
        await(tickets);
        for (final CatchUpTicket ticket : tickets) {
            assertEquals(Result.REFUSED, ticket.result());
            assertEquals(ResetReason.BEYOND_RETENTION, ticket.refusal().reason());
        }
        assertEquals(List.of(), errors);
        refusal = null;
        new Taker(1, 1, ChangeFilters.ALL).ask();
        while (!takers.get(0).done) {
            cycle();
        }
    }

    @Test
    void shouldFailAllWhoWaitForWhatCannotBeRead() {
        records.large(1, ROWS);
        refusal = new IllegalStateException("bad");
        final List<CatchUpTicket> tickets = ask(1, 3);
        await(tickets);
        for (final CatchUpTicket ticket : tickets) {
            assertEquals(Result.FAILED, ticket.result());
        }
        assertEquals(List.of(refusal), errors);
    }

    @Test
    void shouldNotReadASetForSessionsThatAreGone() {
        int parts = 0;
        for (int database = 1; database <= 3; database++) {
            parts = records.large(database, ROWS);
        }
        final Taker first = new Taker(1, 1, ChangeFilters.ALL).ask();
        final Taker second = new Taker(2, 1, ChangeFilters.ALL).ask();
        final CatchUpTicket gone = ask(3, 1).get(0);
        agent.doWork();
        agent.doWork();
        agent.doWork();
        gone.unwanted();
        boolean answered = false;
        for (int cycle = 0; !(first.done && second.done && answered); cycle++) {
            assertTrue(cycle < CYCLES_MAX, "somebody waits for ever");
            cycle();
            answered |= gone.result() == Result.FAILED;
        }
        assertNull(gone.chunk());
        assertEquals(2 * parts, partsRead);
    }

    private List<CatchUpTicket> ask(final int databaseId, final int count) {
        final List<CatchUpTicket> tickets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            final CatchUpTicket ticket = new CatchUpTicket(null);
            ticket.ask(databaseId, 1, 0, 1, ChangeFilters.ALL);
            assertTrue(queues.request(ticket));
            tickets.add(ticket);
        }
        return tickets;
    }

    private void await(final List<CatchUpTicket> tickets) {
        final List<CatchUpTicket> missing = new ArrayList<>(tickets);
        for (int cycle = 0; !missing.isEmpty(); cycle++) {
            assertTrue(cycle < 1_000, "no answer");
            agent.doWork();
            missing.remove(queues.pollResult());
        }
    }

    /** Counts the parts that are read, and refuses to read them when it is told to. */
    private final class Counting implements JournalReader {
        private final JournalReader reader;
        private final RecordView view = new RecordView();

        private Counting(final JournalReader reader) {
            this.reader = reader;
        }

        @Override
        public void seek(final long position) {
            reader.seek(position);
        }

        @Override
        public boolean seekSequence(final int databaseId, final long sequence) {
            return reader.seekSequence(databaseId, sequence);
        }

        @Override
        public long oldestSequence(final int databaseId) {
            return reader.oldestSequence(databaseId);
        }

        @Override
        public int poll(final RecordHandler handler, final long positionMax, final int limit) {
            if (refusal != null) {
                throw refusal;
            }
            bytesOfPoll = 0;
            return reader.poll(
                    (buffer, offset, length) -> {
                        bytesOfPoll += length;
                        bytesOfPollMax = Math.max(bytesOfPollMax, bytesOfPoll);
                        partsRead += view.wrap(buffer, offset, length).kind() == RecordKind.SET_PART ? 1 : 0;
                        return handler.onRecord(buffer, offset, length);
                    },
                    positionMax,
                    limit);
        }

        @Override
        public int pollDatabase(
                final int databaseId, final RecordHandler handler, final long positionMax, final int limit) {
            return reader.pollDatabase(databaseId, handler, positionMax, limit);
        }

        @Override
        public void close() {
            reader.close();
        }
    }
}
