package io.lockstep.gateway.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.codec.DeliveryDecoder;
import io.lockstep.engine.memory.MemoryJournal;
import io.lockstep.gateway.auth.NoAuthentication;
import io.lockstep.gateway.limits.GatewayCounter;
import io.lockstep.gateway.limits.SessionLimit;
import io.lockstep.gateway.limits.SessionLimits;
import io.lockstep.gateway.testing.Messages;
import io.lockstep.gateway.testing.Received;
import io.lockstep.gateway.testing.TestClient;
import io.lockstep.gateway.testing.TestHub;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Whatever the order in which hub, engine and reader get to run, and however slow a client is: every subscriber sees every
 * sequence after its cursor once and in order, from the ring, the recent ones or the journal.
 */
class HandOverPropertyTest {
    private static final long WALL = 1_750_000_000_000L;
    private static final String[] DATABASES = {"a", "b"};

    /** A client and what it must have seen in the end. */
    private static final class Reader {
        private final TestClient client;
        private final int database;
        private final long cursor;
        private final boolean excludeOwn;
        private final long ownSite;

        Reader(
                final TestClient client,
                final int database,
                final long cursor,
                final boolean excludeOwn,
                final long ownSite) {
            this.ownSite = ownSite;
            this.client = client;
            this.database = database;
            this.cursor = cursor;
            this.excludeOwn = excludeOwn;
        }
    }

    @Test
    void shouldDeliverEverySequenceOnceInOrder() {
        run(20_261_122L, 200);
    }

    @Test
    @Tag("long")
    void shouldDeliverEverySequenceOnceInOrderForLong() {
        run(System.nanoTime(), 20_000);
    }

    private static void run(final long firstSeed, final int trials) {
        long live = 0;
        long caughtUp = 0;
        for (long seed = firstSeed; seed < firstSeed + trials; seed++) {
            try {
                final long[] counts = trial(new Random(seed));
                live += counts[0];
                caughtUp += counts[1];
            } catch (final AssertionError | RuntimeException e) {
                throw new AssertionError("seed=" + seed + ": " + e.getMessage(), e);
            }
        }
        final String sometimes = "live=" + live + ", caughtUp=" + caughtUp;
        assertTrue(live > trials && caughtUp > trials, () -> "both ways should be taken often: " + sometimes);
    }

    private static long[] trial(final Random random) {
        final SessionLimits limits = new SessionLimits()
                .set(SessionLimit.OUTBOUND_BYTES_MAX, 1_024 + random.nextInt(4_096))
                .set(SessionLimit.CATCH_UP_CHUNK_BYTES, 256 + random.nextInt(4_096))
                .set(SessionLimit.RECENT_DELIVERY_BYTES, 256 + random.nextInt(4_096));
        try (TestHub node = new TestHub(
                new NoAuthentication(), limits, context -> context.ringSlots(16), MemoryJournal.selfSyncing())) {
            final TestClient[] authors = {node.open("", "a", 0), node.open("", "b", 0)};
            final List<Reader> readers = new ArrayList<>();
            node.beforeSlot(() -> {
                if (random.nextInt(3) == 0) {
                    node.catchUpCycle();
                    node.hubCycle();
                }
            });
            final long[] walls = {WALL};
            for (int step = 0; step < 400; step++) {
                step(random, node, authors, readers, walls);
            }
            settle(node, readers);
            for (final Reader reader : readers) {
                check(reader, authors[reader.database]);
            }
            assertTrue(node.errors().isEmpty(), () -> "errors: " + node.errors());
            return new long[] {
                node.counter(GatewayCounter.DELIVERIES_LIVE), node.counter(GatewayCounter.DELIVERIES_CATCH_UP)
            };
        }
    }

    private static void step(
            final Random random,
            final TestHub node,
            final TestClient[] authors,
            final List<Reader> readers,
            final long[] walls) {
        final int database = random.nextInt(DATABASES.length);
        switch (random.nextInt(12)) {
            case 0, 1, 2, 3 -> {
                final long wall = walls[0]++;
                authors[database].says(
                        Messages.submit(wall, 1 + random.nextInt(3), wall, random.nextInt(4), random.nextInt(200)));
            }
            case 4, 5 -> node.engineCycle();
            case 6, 7 -> node.hubCycle();
            case 8 -> node.catchUpCycle();
            case 9 -> subscribe(random, node, readers, database);
            default -> disturb(random, node, readers);
        }
    }

    private static void subscribe(
            final Random random, final TestHub node, final List<Reader> readers, final int database) {
        if (readers.size() >= 6) {
            return;
        }
        final long ownSite = 1 + random.nextInt(3);
        final TestClient client = node.open("", DATABASES[database], ownSite);
        final long cursor = client.last().opened().sequence() == 0
                ? 0
                : random.nextInt((int) client.last().opened().sequence() + 1);
        final boolean excludeOwn = random.nextInt(3) == 0;
        client.says(Messages.subscribe(2, cursor, random.nextInt(3_000), excludeOwn));
        readers.add(new Reader(client, database, cursor, excludeOwn, ownSite));
    }

    private static void disturb(final Random random, final TestHub node, final List<Reader> readers) {
        if (readers.isEmpty()) {
            return;
        }
        final TestClient client = readers.get(random.nextInt(readers.size())).client;
        switch (random.nextInt(4)) {
            case 0 -> client.stops();
            case 1 -> client.takes(random.nextInt(2_000));
            case 2 -> client.says(Messages.credit(random.nextInt(3_000)));
            default -> client.takesAll();
        }
        if (random.nextInt(10) == 0) {
            node.time().advanceMs(25);
        }
    }

    private static void settle(final TestHub node, final List<Reader> readers) {
        for (final Reader reader : readers) {
            reader.client.says(Messages.credit(1L << 40));
            reader.client.takesAll();
        }
        for (int i = 0; i < 3; i++) {
            node.advanceMs(25);
        }
    }

    private static void check(final Reader reader, final TestClient author) {
        long last = 0;
        for (final Received result : author.received(Received::isResult)) {
            last = Math.max(last, result.result().sequence());
        }
        long expectedAfter = reader.cursor;
        long previous = reader.cursor;
        for (final Received received : reader.client.received(each -> each.isDelivery() || each.isProgress())) {
            if (received.isProgress()) {
                assertEquals(expectedAfter, received.progress().afterSequence(), "afterSequence of Progress");
                expectedAfter = received.progress().sequence();
                assertTrue(reader.excludeOwn && expectedAfter > previous, "Progress says that something was left out");
                previous = expectedAfter;
                continue;
            }
            final DeliveryDecoder delivery = received.delivery();
            final long sequence = delivery.sequence();
            assertEquals(expectedAfter, delivery.afterSequence(), "afterSequence of " + sequence);
            assertTrue(sequence > previous, () -> "not rising at " + sequence);
            if (!reader.excludeOwn) {
                assertEquals(previous + 1, sequence);
            } else {
                assertTrue(delivery.site().low() != reader.ownSite, () -> "own effect " + sequence);
            }
            assertEquals(
                    delivery.site().low() == reader.ownSite, delivery.flags().own());
            previous = sequence;
            expectedAfter = sequence;
        }
        assertEquals(last, reader.client.session().streams().subscription().delivered(), "delivered");
        if (!reader.excludeOwn) {
            assertEquals(last, previous, "last sequence");
        }
        assertTrue(reader.client.errors().isEmpty(), () -> "errors: " + reader.client.errors());
    }
}
