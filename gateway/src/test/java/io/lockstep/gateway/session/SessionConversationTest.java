package io.lockstep.gateway.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.codec.ClosedDecoder;
import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.GoAwayDecoder;
import io.lockstep.codec.StatePageDecoder;
import io.lockstep.codec.StatusReportDecoder;
import io.lockstep.codec.SubmitStatus;
import io.lockstep.engine.port.SpaceLevel;
import io.lockstep.gateway.auth.NoAuthentication;
import io.lockstep.gateway.limits.GatewayCounter;
import io.lockstep.gateway.limits.SessionLimit;
import io.lockstep.gateway.limits.SessionLimits;
import io.lockstep.gateway.testing.Messages;
import io.lockstep.gateway.testing.Received;
import io.lockstep.gateway.testing.TestClient;
import io.lockstep.gateway.testing.TestHub;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SessionConversationTest {
    private static final long WALL = 1_750_000_000_000L;

    private TestHub node = new TestHub();

    @AfterEach
    void close() {
        node.close();
        assertTrue(
                node.parts().fatal().isEmpty(), () -> "fatal: " + node.parts().fatal());
    }

    private void with(final SessionLimits limits) {
        node.close();
        node = new TestHub(new NoAuthentication(), limits, context -> {});
    }

    @Test
    void shouldStateEveryLimitInWelcome() {
        final TestClient client = node.connect();
        client.says(Messages.hello(""));
        assertEquals(SessionState.AUTHENTICATED, client.session().state());
        assertEquals(64 * 1024, client.last().welcome().frameBytesMax());
        assertEquals(4_096, client.last().welcome().inFlightMax());
        assertEquals(10_000, client.last().welcome().heartbeatMs());
        assertEquals(30_000, client.last().welcome().heartbeatTimeoutMs());
        assertEquals(WALL, client.last().welcome().serverTimeMs());
        assertTrue(client.last().welcome().features().winners());
    }

    @Test
    void shouldOpenADatabaseThatIsPipelinedBehindHello() {
        final TestClient client = node.open("", "db");
        assertEquals(SessionState.OPEN, client.session().state());
        assertEquals(1, client.last().opened().requestId());
        assertEquals(1, node.counter(GatewayCounter.SESSIONS));
    }

    @Test
    void shouldAnswerASubmissionWithItsSequence() {
        final TestClient client = node.open("", "db");
        client.says(Messages.submit(7, 1, WALL, 1));
        node.settle();
        assertEquals(7, client.last().result().requestId());
        assertEquals(SubmitStatus.ACCEPTED, client.last().result().status());
        assertEquals(1, client.last().result().sequence());
        assertEquals(0, client.session().inFlight());
    }

    @Test
    void shouldAnswerWhatIsInFlightBeforeClosed() {
        final TestClient client = node.open("", "db");
        client.says(Messages.submit(7, 1, WALL, 1), Messages.close(8));
        assertEquals(SessionState.CLOSING, client.session().state());
        node.settle();
        final int count = client.received().size();
        assertTrue(client.received().get(count - 2).isResult());
        assertEquals(ClosedDecoder.TEMPLATE_ID, client.last().templateId());
        assertNotNull(client.closed());
        assertEquals(0, node.hub().sessions());
    }

    @Test
    void shouldRefuseVersionsThatItDoesNotSpeak() {
        final TestClient client = node.connect();
        client.says(Messages.hello(5, 9, 0, ""));
        assertEquals(ErrorCode.VERSION_UNSUPPORTED, client.last().errorCode());
        assertNotNull(client.closed());
    }

    @Test
    void shouldEndASessionThatSaysHelloTwice() {
        final TestClient client = node.open("", "db");
        client.says(Messages.hello(""));
        assertEquals(ErrorCode.UNEXPECTED_MESSAGE, client.last().errorCode());
        assertNotNull(client.closed());
    }

    @Test
    void shouldSayThatHelloIsExpectedWhateverElseComesFirst() {
        for (final byte[] first : new byte[][] {Messages.open(3, "no/slash", true), Messages.submit(1, 1, WALL, 1)}) {
            final TestClient client = node.connect().says(first);
            assertEquals(ErrorCode.UNEXPECTED_MESSAGE, client.last().errorCode());
            assertTrue(client.last().text().startsWith("expected Hello: "), client.last()::text);
            assertTrue(client.last().text().contains("state=CONNECTED"), client.last()::text);
            assertNotNull(client.closed());
        }
    }

    @Test
    void shouldEndASessionThatSubmitsBeforeItOpened() {
        final TestClient client = node.connect();
        client.says(Messages.hello(""), Messages.submit(1, 1, WALL, 1));
        assertEquals(ErrorCode.UNEXPECTED_MESSAGE, client.last().errorCode());
        assertEquals(0, node.counter(GatewayCounter.COMMANDS));
    }

    @Test
    void shouldStayAuthenticatedAfterAnUnknownDatabase() {
        final TestClient client = node.connect();
        client.says(Messages.hello(""), Messages.open(3, "none", false));
        node.settle();
        assertEquals(ErrorCode.UNKNOWN_DATABASE, client.last().errorCode());
        assertEquals(3, client.last().error().requestId());
        assertEquals(SessionState.AUTHENTICATED, client.session().state());
        client.says(Messages.open(4, "some", true));
        node.settle();
        assertEquals(SessionState.OPEN, client.session().state());
    }

    @Test
    void shouldRefuseABadDatabaseNameAndGoOn() {
        final TestClient client = node.connect();
        client.says(Messages.hello(""), Messages.open(3, "no/slash", true));
        assertEquals(ErrorCode.INVALID_NAME, client.last().errorCode());
        assertNull(client.closed());
    }

    @Test
    void shouldEchoAHeartbeat() {
        final TestClient client = node.open("", "db");
        client.says(Messages.heartbeat(99, false));
        assertEquals(99, client.last().heartbeat().nonce());
        assertEquals(1, client.last().heartbeat().reply());
    }

    @Test
    void shouldSendHeartbeatsWhenItHasNothingElseToSay() {
        final TestClient client = node.open("", "db");
        node.advanceMs(5_001);
        assertEquals(1, client.received(Received::isHeartbeat).size());
    }

    @Test
    void shouldEndASilentSession() {
        final TestClient client = node.open("", "db");
        node.advanceMs(29_000);
        assertNull(client.closed());
        node.advanceMs(1_100);
        assertEquals(ErrorCode.HEARTBEAT_TIMEOUT, client.last().errorCode());
        assertEquals(1, node.counter(GatewayCounter.HEARTBEAT_TIMEOUTS));
        assertEquals(0, node.counter(GatewayCounter.SESSIONS));
    }

    @Test
    void shouldUseTheHeartbeatThatTheClientAsksFor() {
        final TestClient client = node.connect();
        client.says(Messages.hello(0, 0, 1_000, ""));
        assertEquals(1_000, client.last().welcome().heartbeatMs());
        node.advanceMs(3_100);
        assertEquals(ErrorCode.HEARTBEAT_TIMEOUT, client.last().errorCode());
    }

    @Test
    void shouldEndAConnectionWithoutHelloInTime() {
        final TestClient client = node.connect();
        node.advanceMs(4_900);
        assertNull(client.closed());
        node.advanceMs(200);
        assertEquals(ErrorCode.HANDSHAKE_TIMEOUT, client.last().errorCode());
        assertEquals(0, node.counter(GatewayCounter.UNAUTHENTICATED));
    }

    @Test
    void shouldAnswerBusyOverTheWindow() {
        with(new SessionLimits().set(SessionLimit.IN_FLIGHT_MAX, 2).set(SessionLimit.READS_IN_FLIGHT_MAX, 1));
        final TestClient client = node.open("", "db");
        client.says(
                Messages.submit(1, 1, WALL, 1), Messages.submit(2, 1, WALL + 1, 1), Messages.submit(3, 1, WALL + 2, 1));
        assertEquals(ErrorCode.BUSY, client.last().errorCode());
        assertEquals(3, client.last().error().requestId());
        assertEquals(2, client.last().error().limitValue());
        assertEquals(2, client.last().error().actualValue());
        node.settle();
        assertEquals(2, client.received(Received::isResult).size());
    }

    @Test
    void shouldRefuseWritesButNotReadsOnAFullDisk() {
        final TestClient client = node.open("", "db");
        node.space(SpaceLevel.HARD);
        client.says(Messages.submit(1, 1, WALL, 1));
        assertEquals(ErrorCode.RESOURCE_EXHAUSTED, client.last().errorCode());
        assertTrue(client.last().error().retryAfterMs() > 0);
        assertEquals(100, client.last().error().limitValue());
        assertEquals(70, client.last().error().actualValue());
        client.says(Messages.readState(2));
        node.settle();
        assertEquals(StatePageDecoder.TEMPLATE_ID, client.last().templateId());
        node.space(SpaceLevel.NORMAL);
        client.says(Messages.submit(3, 1, WALL, 1));
        node.settle();
        assertTrue(client.last().isResult());
    }

    @Test
    void shouldOpenWhatIsThereAndMakeNothingWhileTheDiskIsFull() {
        node.open("", "there");
        node.space(SpaceLevel.HARD);
        final TestClient client = node.open("", "new");
        assertEquals(ErrorCode.RESOURCE_EXHAUSTED, client.last().errorCode());
        assertEquals(1, client.last().error().requestId());
        client.says(Messages.open(2, "there", true));
        node.settle();
        assertEquals(SessionState.OPEN, client.session().state());
    }

    @Test
    void shouldLetSessionsThatOpenShortOfSpaceReadOnly() {
        final TestClient before = node.open("", "db");
        node.space(SpaceLevel.SOFT);
        final TestClient during = node.open("", "db");
        before.says(Messages.submit(1, 1, WALL, 1));
        during.says(Messages.submit(1, 2, WALL, 2));
        node.settle();
        assertTrue(before.last().isResult());
        assertEquals(ErrorCode.RESOURCE_EXHAUSTED, during.last().errorCode());
        node.space(SpaceLevel.NORMAL);
        during.says(Messages.submit(2, 2, WALL, 2));
        node.settle();
        assertTrue(during.last().isResult());
    }

    @Test
    void shouldLimitTheRateOfAPrincipalWithATimeToWait() {
        with(new SessionLimits()
                .set(SessionLimit.PRINCIPAL_MESSAGES_PER_SECOND, 2)
                .set(SessionLimit.RATE_WAIT_MS, 0));
        final TestClient client = node.open("", "db");
        for (int i = 0; i < 3; i++) {
            client.says(Messages.submit(i, 1, WALL + i, 1));
        }
        assertEquals(ErrorCode.RATE_LIMITED, client.last().errorCode());
        final long retryAfterMs = client.last().error().retryAfterMs();
        assertTrue(retryAfterMs > 0 && retryAfterMs <= 500, () -> "retryAfterMs=" + retryAfterMs);
        node.advanceMs(retryAfterMs);
        client.says(Messages.submit(9, 1, WALL + 9, 1));
        node.settle();
        assertEquals(9, client.last().result().requestId());
    }

    @Test
    void shouldStopReadingASessionOverItsOwnRate() {
        with(new SessionLimits().set(SessionLimit.SESSION_MESSAGES_PER_SECOND, 10));
        final TestClient client = node.open("", "db");
        for (int i = 0; i < 20; i++) {
            client.says(Messages.submit(i, 1, WALL + i, 1));
        }
        assertTrue(client.isWaiting());
        node.settle();
        assertEquals(8, client.received(Received::isResult).size());
        for (int i = 0; i < 13; i++) {
            node.advanceMs(100);
        }
        assertEquals(20, client.received(Received::isResult).size());
        assertFalse(client.isWaiting());
    }

    @Test
    void shouldWaitForTheRingAndLoseNothing() {
        node.close();
        node = new TestHub(new NoAuthentication(), new SessionLimits(), context -> context.ringSlots(4));
        final TestClient one = node.open("", "db");
        final TestClient two = node.open("", "db");
        for (int i = 0; i < 20; i++) {
            one.says(Messages.submit(i, 1, WALL + i, 1));
            two.says(Messages.submit(i, 2, WALL + i, 2));
        }
        assertTrue(one.isWaiting() && two.isWaiting());
        assertEquals(2, node.counter(GatewayCounter.WAITING_FOR_RING));
        node.settle();
        assertEquals(20, one.received(Received::isResult).size());
        assertEquals(20, two.received(Received::isResult).size());
        assertEquals(0, node.counter(GatewayCounter.WAITING_FOR_RING));
        assertTrue(one.errors().isEmpty() && two.errors().isEmpty());
    }

    @Test
    void shouldGiveWaitingSessionsTheirTurns() {
        node.close();
        node = new TestHub(new NoAuthentication(), new SessionLimits(), context -> context.ringSlots(4));
        final TestClient greedy = node.open("", "db");
        final TestClient modest = node.open("", "db");
        for (int i = 0; i < 200; i++) {
            greedy.says(Messages.submit(i, 1, WALL + i, 1));
        }
        modest.says(Messages.submit(1, 2, WALL, 2));
        for (int i = 0; i < 4; i++) {
            node.hubCycle();
            node.engineCycle();
        }
        assertEquals(1, modest.received(Received::isResult).size());
        assertTrue(greedy.unread() > 100);
    }

    @Test
    void shouldReportStatusWithoutADatabase() {
        final TestClient client = node.connect();
        client.says(Messages.hello(""), Messages.readStatus(5));
        assertEquals(StatusReportDecoder.TEMPLATE_ID, client.last().templateId());
    }

    @Test
    void shouldSayGoAwayAndEndWhenEverythingIsAnswered() {
        final TestClient client = node.open("", "db");
        client.says(Messages.submit(1, 1, WALL, 1));
        node.hub().drain("restart", 500);
        assertEquals(GoAwayDecoder.TEMPLATE_ID, client.last().templateId());
        client.says(Messages.submit(2, 1, WALL + 1, 1));
        assertEquals(ErrorCode.SHUTTING_DOWN, client.last().errorCode());
        node.settle();
        node.advanceMs(50);
        assertEquals(1, client.received(Received::isResult).size());
        assertNotNull(client.closed());
        assertEquals(ErrorCode.SHUTTING_DOWN, node.connect().last().errorCode());
    }

    @Test
    void shouldRefuseMoreConnectionsOfAnAddressThanAllowed() {
        with(new SessionLimits().set(SessionLimit.UNAUTHENTICATED_PER_ADDRESS_MAX, 2));
        node.connect("a");
        node.connect("a");
        node.connect("a");
        final TestClient elsewhere = node.connect("b");
        node.advanceMs(600);
        assertNull(elsewhere.closed());
        assertEquals(1, node.counter(GatewayCounter.SESSIONS_REFUSED));
        assertEquals(3, node.hub().sessions());
    }

    @Test
    void shouldTakeManyOfOneAddressThatShowATokenInAMoment() {
        with(new SessionLimits().set(SessionLimit.UNAUTHENTICATED_PER_ADDRESS_MAX, 2));
        final TestClient[] clients = new TestClient[5];
        for (int i = 0; i < clients.length; i++) {
            clients[i] = node.connect("a");
        }
        node.advanceMs(400);
        for (final TestClient client : clients) {
            client.says(Messages.hello(""));
        }
        node.advanceMs(1_000);
        assertEquals(clients.length, node.hub().sessions());
    }

    @Test
    void shouldLetOthersWaitOutsideWhileManyAreAboutToShowAToken() {
        with(new SessionLimits().set(SessionLimit.UNAUTHENTICATED_MAX, 100));
        for (int i = 0; i < 100; i++) {
            assertEquals(i <= 84, node.hub().mayConnect(), "connections=" + i);
            node.connect("a" + i % 10);
        }
        node.advanceMs(400);
        assertFalse(node.hub().mayConnect());
        node.advanceMs(100);
        assertTrue(node.hub().mayConnect(), "they have had their time");
        assertEquals(100, node.hub().sessions());
    }

    @Test
    void shouldNotLetOneAddressKeepTheOthersOutside() {
        with(new SessionLimits().set(SessionLimit.UNAUTHENTICATED_MAX, 100));
        for (int i = 0; i < 100; i++) {
            node.connect("a");
        }
        assertTrue(node.hub().mayConnect());
    }

    @Test
    void shouldRefuseMoreSessionsOfADatabaseThanAllowed() {
        with(new SessionLimits().set(SessionLimit.SESSIONS_PER_DATABASE_MAX, 1));
        final TestClient first = node.open("", "db");
        final TestClient second = node.open("", "db");
        assertEquals(ErrorCode.TOO_MANY_CONNECTIONS, second.last().errorCode());
        first.hangsUp();
        second.says(Messages.open(2, "db", false));
        node.settle();
        assertEquals(SessionState.OPEN, second.session().state());
    }

    @Test
    void shouldEndASessionThatTakesNothing() {
        final TestClient client = node.open("", "db");
        client.stops();
        client.says(Messages.heartbeat(1, false));
        for (int i = 0; i < 61; i++) {
            client.says(Messages.heartbeat(2, true));
            node.advanceMs(1_000);
        }
        assertEquals(1, node.counter(GatewayCounter.STALLED));
        assertNotNull(client.closed());
    }

    @Test
    void shouldStopReadingAClientThatDoesNotTakeItsAnswers() {
        with(new SessionLimits().set(SessionLimit.OUTBOUND_BYTES_MAX, 4_096));
        final TestClient client = node.open("", "db");
        client.stops();
        for (int i = 0; i < 1_000; i++) {
            client.says(Messages.heartbeat(i, false));
        }
        assertTrue(client.isWaiting());
        assertTrue(client.pendingBytesMost() < 3 * 4_096, () -> "most=" + client.pendingBytesMost());
        client.takesAll();
        node.settle();
        assertEquals(1_000, client.received(Received::isHeartbeat).size());
    }

    @Test
    void shouldRefuseReadsWhileTheBuffersOfTheNodeAreFull() {
        with(new SessionLimits().set(SessionLimit.BUFFER_BYTES_MAX, 1 << 20));
        final TestClient client = node.open("", "db");
        node.hub().buffers().add(1 << 20);
        client.says(Messages.readState(2));
        assertEquals(ErrorCode.BUSY, client.last().errorCode());
        assertEquals(0, client.session().inFlight());
        node.hub().buffers().add(-(1 << 20));
        client.says(Messages.readState(3));
        assertEquals(1, client.session().inFlight());
        node.settle();
        assertEquals(0, node.hub().buffers().claimedBytes());
    }

    @Test
    void shouldReadNoMoreReadsOfAClientThatTakesNothing() {
        with(new SessionLimits().set(SessionLimit.OUTBOUND_BYTES_MAX, 1));
        final TestClient client = node.open("", "db");
        client.stops();
        client.says(Messages.readState(2));
        node.settle();
        client.says(Messages.readState(3));
        assertTrue(client.isWaiting());
        client.takesAll();
        node.settle();
        assertEquals(0, client.unread());
    }

    @Test
    void shouldCloseAStalledReaderSoonerWhenTheBuffersAreFull() {
        with(new SessionLimits().set(SessionLimit.OUTBOUND_BYTES_MAX, 1));
        final TestClient client = node.open("", "db");
        client.stops();
        client.says(Messages.readState(2));
        node.settle();
        node.advanceMs(20);
        node.advanceMs(2_000);
        assertNull(client.closed());
        node.hub().buffers().add(1L << 30);
        node.advanceMs(2_000);
        assertEquals(ErrorCode.SLOW_CONSUMER, client.last().errorCode());
    }
}
