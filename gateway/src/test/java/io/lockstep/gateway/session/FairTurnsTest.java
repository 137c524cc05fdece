package io.lockstep.gateway.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.codec.ErrorCode;
import io.lockstep.gateway.auth.NoAuthentication;
import io.lockstep.gateway.limits.GatewayCounter;
import io.lockstep.gateway.limits.SessionLimit;
import io.lockstep.gateway.limits.SessionLimits;
import io.lockstep.gateway.testing.Messages;
import io.lockstep.gateway.testing.Received;
import io.lockstep.gateway.testing.TestClient;
import io.lockstep.gateway.testing.TestHub;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What one database or principal takes is bounded, and whoever is over it waits without costing others. */
class FairTurnsTest {
    private static final long WALL = 1_750_000_000_000L;
    private static final int RATE = 10;

    private TestHub node;
    private long wall = WALL;

    @AfterEach
    void close() {
        node.close();
    }

    private void with(final SessionLimits limits) {
        node = new TestHub(new NoAuthentication(), limits, context -> {});
    }

    private void says(final TestClient client, final int sets) {
        for (int i = 0; i < sets; i++) {
            client.says(Messages.submit(i, 1, wall++, 1));
        }
    }

    private static int results(final TestClient client) {
        return client.received(Received::isResult).size();
    }

    private void assertNobodyWaits() {
        for (final GatewayCounter counter : List.of(
                GatewayCounter.WAITING_FOR_RATE, GatewayCounter.WAITING_FOR_TURN, GatewayCounter.WAITING_FOR_RING)) {
            assertEquals(0, node.counter(counter), counter.label());
        }
    }

    @Test
    void shouldReadADatabaseInDebtAsItPays() {
        with(new SessionLimits().set(SessionLimit.DATABASE_MESSAGES_PER_SECOND, RATE));
        final TestClient client = node.open("", "noisy");
        says(client, RATE + 5);
        node.settle();
        assertEquals(RATE, results(client));
        assertTrue(client.isWaiting());
        assertEquals(1, node.counter(GatewayCounter.WAITING_FOR_RATE));
        node.advanceMs(100);
        assertEquals(RATE + 1, results(client));
        for (int i = 0; i < 4; i++) {
            node.advanceMs(100);
        }
        assertEquals(RATE + 5, results(client));
        assertFalse(client.isWaiting());
        assertTrue(client.errors().isEmpty());
        assertNobodyWaits();
    }

    @Test
    void shouldServeOthersWhileADatabaseIsInDebt() {
        with(new SessionLimits().set(SessionLimit.DATABASE_MESSAGES_PER_SECOND, RATE));
        final TestClient noisy = node.open("", "noisy");
        final TestClient quiet = node.open("", "quiet");
        says(noisy, 3 * RATE);
        says(quiet, 1);
        node.settle();
        assertEquals(1, results(quiet));
    }

    @Test
    void shouldTellWhoeverWaitedTooLongTheLimitTheValueAndWhenToTryAgain() {
        with(new SessionLimits()
                .set(SessionLimit.DATABASE_MESSAGES_PER_SECOND, RATE)
                .set(SessionLimit.RATE_WAIT_MS, 250));
        final TestClient[] clients = new TestClient[6];
        for (int i = 0; i < clients.length; i++) {
            clients[i] = node.open("", "noisy");
        }
        says(clients[0], RATE);
        for (final TestClient client : clients) {
            says(client, 1);
        }
        for (int i = 0; i < 3; i++) {
            node.advanceMs(100);
        }
        int refused = 0;
        for (final TestClient client : clients) {
            for (final Received error : client.errors()) {
                refused++;
                assertEquals(ErrorCode.RATE_LIMITED, error.errorCode());
                assertEquals(RATE, error.error().limitValue());
                assertEquals(RATE + 1, error.error().actualValue());
                assertTrue(error.error().retryAfterMs() > 0 && error.error().retryAfterMs() <= 1_000);
            }
        }
        assertEquals(3, refused);
        assertEquals(refused, node.counter(GatewayCounter.RATE_LIMITED));
        assertNobodyWaits();
    }

    @Test
    void shouldShareARateAmongSessionsInTurn() {
        with(new SessionLimits()
                .set(SessionLimit.DATABASE_MESSAGES_PER_SECOND, RATE)
                .set(SessionLimit.RATE_WAIT_MS, 60_000));
        final TestClient greedy = node.open("", "noisy");
        final TestClient modest = node.open("", "noisy");
        says(greedy, 3 * RATE);
        says(modest, 2);
        for (int i = 0; i < 4; i++) {
            node.advanceMs(100);
        }
        assertEquals(2, results(modest));
        assertEquals(RATE + 2, results(greedy));
    }

    @Test
    void shouldCountBytesOfADatabase() {
        with(new SessionLimits().set(SessionLimit.DATABASE_BYTES_PER_SECOND, 1 << 20));
        final TestClient client = node.open("", "noisy");
        for (int i = 0; i < 200; i++) {
            client.says(Messages.submit(i, 1, wall++, 1, 6_000));
        }
        node.settle();
        assertTrue(client.isWaiting());
        final int before = results(client);
        assertTrue(before > 150 && before < 190, () -> "results=" + before);
        node.advanceMs(500);
        assertEquals(200, results(client));
    }

    @Test
    void shouldForgetWhoeverHangsUpWhileItWaits() {
        with(new SessionLimits().set(SessionLimit.DATABASE_MESSAGES_PER_SECOND, RATE));
        final TestClient first = node.open("", "noisy");
        final TestClient second = node.open("", "noisy");
        final TestClient third = node.open("", "noisy");
        says(first, RATE + 1);
        says(second, 1);
        says(third, 1);
        assertEquals(3, node.counter(GatewayCounter.WAITING_FOR_RATE));
        second.hangsUp();
        first.hangsUp();
        node.settle();
        assertEquals(1, node.counter(GatewayCounter.WAITING_FOR_RATE));
        node.advanceMs(100);
        assertEquals(1, results(third));
        assertNobodyWaits();
    }

    @Test
    void shouldReadADatabaseForItsTurnOnly() {
        with(new SessionLimits().set(SessionLimit.DATABASE_TURN_BYTES, 4 * DatabaseTurn.FRAME_BYTES_LEAST));
        final TestClient noisy = node.open("", "noisy");
        final TestClient quiet = node.open("", "quiet");
        says(noisy, 9);
        says(quiet, 1);
        assertTrue(noisy.isWaiting());
        node.engineCycle();
        assertEquals(1, results(quiet));
        assertEquals(4, results(noisy));
        node.hubCycle();
        node.engineCycle();
        assertEquals(8, results(noisy));
        node.settle();
        assertEquals(9, results(noisy));
        assertNobodyWaits();
    }

    @Test
    void shouldPayForALargeFrameInLaterTurns() {
        with(new SessionLimits().set(SessionLimit.DATABASE_TURN_BYTES, 1_024));
        final TestClient noisy = node.open("", "noisy");
        node.hubCycle();
        noisy.says(Messages.submit(1, 1, wall++, 1, 2_000));
        says(noisy, 1);
        node.engineCycle();
        assertEquals(1, results(noisy));
        node.hubCycle();
        node.engineCycle();
        assertEquals(1, results(noisy));
        node.hubCycle();
        node.engineCycle();
        assertEquals(2, results(noisy));
    }

    @Test
    void shouldKeepADatabaseFromFillingTheRing() {
        with(new SessionLimits().set(SessionLimit.DATABASE_IN_FLIGHT_MAX, 3));
        final TestClient one = node.open("", "noisy");
        final TestClient other = node.open("", "noisy");
        says(one, 3);
        says(other, 3);
        for (int i = 0; i < 3; i++) {
            node.hubCycle();
        }
        assertTrue(other.isWaiting());
        assertEquals(3, one.session().inFlight());
        assertEquals(0, other.session().inFlight());
        node.settle();
        assertEquals(3, results(one));
        assertEquals(3, results(other));
        assertNobodyWaits();
    }

    @Test
    void shouldGiveTheRingToDatabasesInTurnWhenItIsFull() {
        node = new TestHub(new NoAuthentication(), new SessionLimits(), context -> context.ringSlots(4));
        final TestClient quiet = node.open("", "quiet");
        final TestClient[] noisy = new TestClient[20];
        for (int i = 0; i < noisy.length; i++) {
            noisy[i] = node.open("", "noisy");
        }
        for (final TestClient client : noisy) {
            says(client, 1);
        }
        says(quiet, 1);
        node.engineCycle();
        node.hubCycle();
        node.engineCycle();
        assertEquals(1, results(quiet));
        node.settle();
        assertNobodyWaits();
    }

    @Test
    void shouldLimitSubscriptionsOfADatabase() {
        with(new SessionLimits().set(SessionLimit.SUBSCRIPTIONS_PER_DATABASE_MAX, 1));
        final TestClient first = node.open("", "db");
        final TestClient second = node.open("", "db");
        first.says(Messages.subscribe(2, 0, 1_000, false));
        second.says(Messages.subscribe(2, 0, 1_000, false));
        node.settle();
        assertEquals(ErrorCode.TOO_MANY_CONNECTIONS, second.last().errorCode());
        assertEquals(1, second.last().error().limitValue());
        assertEquals(2, second.last().error().actualValue());
        assertTrue(second.last().error().retryAfterMs() > 0);
        first.says(Messages.unsubscribe(3));
        second.says(Messages.subscribe(4, 0, 1_000, false));
        node.settle();
        assertFalse(second.last().isError());
    }
}
