package io.lockstep.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.client.model.Checkpoint;
import io.lockstep.client.model.Site;
import io.lockstep.client.model.TableFilter;
import io.lockstep.client.testing.FakeNode;
import io.lockstep.client.testing.Rig;
import io.lockstep.codec.CloseDecoder;
import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.HeartbeatDecoder;
import io.lockstep.codec.HelloDecoder;
import io.lockstep.codec.OpenDatabaseDecoder;
import io.lockstep.codec.frame.FrameDescriptor;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConnectionTest {
    private final FakeNode.Polite script = new FakeNode.Polite();
    private final FakeNode node = new FakeNode(script);
    private Rig rig = new Rig(new ClientContext().sites(new Site(5, 6)).token("secret"), node);

    @AfterEach
    void close() {
        rig.close();
    }

    private void again(final ClientContext context, final FakeNode... nodes) {
        rig.client.close();
        rig = new Rig(context, nodes);
    }

    private void connect() {
        rig.until("connected", rig.client::isConnected);
    }

    @Test
    void shouldSayHelloWithSitesAndToken() {
        connect();
        final HelloDecoder hello = script.received.get(0).hello();
        final var sites = hello.sites().next();
        final List<Object> said = new ArrayList<>();
        said.add(sites.site().high());
        hello.skipClient();
        said.add(hello.token());
        assertEquals(List.of(5L, "secret"), said);
    }

    @Test
    void shouldWaitLongerAfterEachFailedAttempt() {
        node.close();
        again(new ClientContext().addresses(node.address()).backoffMs(100, 1_000));
        final List<Integer> attemptsPerSecond = new ArrayList<>();
        for (int second = 0; second < 6; second++) {
            final int before = rig.listener.disconnections.size();
            for (int i = 0; i < 100; i++) {
                rig.passMs(10);
                final int was = rig.listener.disconnections.size();
                rig.client.poll();
                if (rig.listener.disconnections.size() == was) {
                    rig.client.poll();
                }
            }
            attemptsPerSecond.add(rig.listener.disconnections.size() - before);
        }
        assertTrue(
                attemptsPerSecond.get(0) >= 3 && attemptsPerSecond.get(0) <= 6 && attemptsPerSecond.get(5) <= 2,
                attemptsPerSecond::toString);
    }

    @Test
    void shouldTryTheNextAddressAtOnce() {
        final FakeNode gone = new FakeNode(script);
        gone.close();
        again(new ClientContext().addresses(gone.address(), node.address()), node);
        connect();
        assertEquals(1, rig.listener.disconnections.size());
    }

    @Test
    void shouldGiveUpAnAttemptWithoutWelcome() {
        node.script((peer, message) -> {});
        rig.until("hello sent", () -> node.connections() == 1);
        rig.settle();
        rig.passMs(5_001);
        rig.step();
        assertTrue(rig.listener.disconnections.get(0).contains("connectTimeoutMs=5000"));
    }

    @Test
    void shouldSendHeartbeatsWhenItHasNothingToSay() {
        connect();
        rig.liveMs(1_600);
        rig.until("heartbeats", () -> script.countOf(HeartbeatDecoder.TEMPLATE_ID) >= 2);
        assertTrue(rig.client.isConnected());
    }

    @Test
    void shouldAnswerHeartbeats() {
        script.answersHeartbeats = false;
        connect();
        node.peer().heartbeat(77, false);
        rig.until("echo", () -> script.countOf(HeartbeatDecoder.TEMPLATE_ID) == 1);
        final HeartbeatDecoder echo =
                script.received.get(script.received.size() - 1).heartbeat();
        assertEquals(List.of(77L, (short) 1), List.of(echo.nonce(), echo.reply()));
    }

    @Test
    void shouldTakeASilentNodeForGone() {
        script.answersHeartbeats = false;
        connect();
        rig.passMs(3_000);
        rig.step();
        assertTrue(rig.listener.disconnections.get(0).contains("heartbeatTimeoutMs=3000, silentMs=3000"));
    }

    @Test
    void shouldNotTakeANodeForGoneWhoseBytesWaitToBeRead() {
        script.answersHeartbeats = false;
        connect();
        node.peer().heartbeat(1, false);
        node.poll();
        rig.passMs(3_000);
        final long limit = System.nanoTime() + 100_000_000L;
        while (System.nanoTime() < limit) {
            Thread.onSpinWait();
        }
        rig.client.poll();
        assertTrue(rig.client.isConnected());
    }

    @Test
    void shouldConnectElsewhereWhenANodeSaysSo() {
        final FakeNode.Polite otherScript = new FakeNode.Polite();
        final FakeNode other = new FakeNode(otherScript);
        again(new ClientContext().addresses(node.address()), node, other);
        connect();
        node.peer().goAway(500, 100, other.address());
        rig.until("gone", () -> !rig.client.isConnected());
        rig.settle();
        assertEquals(0, other.connections(), "came before it was asked to");
        rig.passMs(601);
        rig.until("connected elsewhere", () -> other.connections() == 1 && rig.client.isConnected());
        assertEquals(List.of(other.address()), rig.listener.goAways);
    }

    @Test
    void shouldComeBackToItsAddressesWhenElsewhereIsNobody() {
        final FakeNode gone = new FakeNode(script);
        gone.close();
        connect();
        node.peer().goAway(1, 0, gone.address());
        rig.until("gone", () -> !rig.client.isConnected());
        rig.until("back", () -> {
            rig.passMs(10);
            return rig.client.isConnected();
        });
        assertEquals(2, node.connections());
    }

    @Test
    void shouldNotTryAgainWhenItsTokenIsRefused() {
        node.script((peer, message) -> peer.error(-1, ErrorCode.AUTHENTICATION_FAILED, 0, "no such token"));
        rig.until("closed", rig.client::isClosed);
        assertEquals(List.of("-1 AUTHENTICATION_FAILED"), rig.listener.errors);
    }

    @Test
    void shouldComeBackNotBeforeANodeThatIsFullAllows() {
        node.script((peer, message) -> peer.error(-1, ErrorCode.TOO_MANY_CONNECTIONS, 4_000, "full"));
        rig.until("turned away", () -> !rig.listener.disconnections.isEmpty());
        node.script(script);
        rig.passMs(3_999);
        rig.settle();
        assertEquals(1, node.connections(), "came too early");
        rig.passMs(1_001);
        connect();
    }

    @Test
    void shouldEndAfterTheFirstLossWhenToldTo() {
        again(new ClientContext().reconnect(false), node);
        connect();
        node.peer().disconnect();
        rig.until("closed", rig.client::isClosed);
        assertEquals(1, rig.listener.disconnections.size());
    }

    @Test
    void shouldCloseInOrderAfterEverythingIsAnswered() {
        connect();
        rig.client.openDatabase(DatabaseOptions.existing("db"));
        rig.until("open", rig.client::isOpen);
        rig.client.submit(Rig.changeSet(1));
        rig.client.requestClose();
        rig.until("submitted", () -> !script.submitted.isEmpty());
        rig.settle();
        assertEquals(0, script.countOf(CloseDecoder.TEMPLATE_ID), "closed with something in flight");
        node.peer().result(0, io.lockstep.codec.SubmitStatus.ACCEPTED, 1, new byte[] {0});
        rig.until("closed", rig.client::isClosed);
        assertEquals(1, script.countOf(CloseDecoder.TEMPLATE_ID));
    }

    @Test
    void shouldCloseAfterTheLingerTimeAtTheLatest() {
        connect();
        rig.client.openDatabase(DatabaseOptions.existing("db"));
        rig.until("open", rig.client::isOpen);
        rig.client.submit(Rig.changeSet(1));
        rig.client.requestClose();
        rig.settle();
        rig.passMs(5_000);
        rig.step();
        assertEquals(List.of("0 CLIENT_CLOSED"), rig.listener.errors);
    }

    @Test
    void shouldReadFramesThatArriveByteByByte() {
        script.acceptsSubmissions = true;
        connect();
        node.peer().writeBytesMax(1);
        rig.client.openDatabase(DatabaseOptions.existing("db"));
        rig.client.submit(Rig.changeSet(1));
        rig.until("result", () -> rig.listener.results.size() == 1);
        assertEquals(1, node.connections());
    }

    /** What a broken node may send. */
    enum Malformed {
        WRONG_ENCODING_TYPE(new byte[] {0, 0, 0, 20, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}),
        LENGTH_OF_NOTHING(new byte[] {0, 0, 0, 0, (byte) 0xEB, 0x50}),
        LENGTH_BEYOND_THE_LIMIT(new byte[] {0x7F, 0, 0, 0, (byte) 0xEB, 0x50}),
        NEGATIVE_LENGTH(new byte[] {(byte) 0xFF, 0, 0, 0, (byte) 0xEB, 0x50}),
        UNKNOWN_TEMPLATE(message(0, 99, 19539, new byte[0])),
        MESSAGE_OF_CLIENTS(message(8, 7, 19539, new byte[8])),
        OTHER_SCHEMA(message(9, 6, 1, new byte[9])),
        BLOCK_CUT_SHORT(message(9, 6, 19539, new byte[4])),
        BYTES_LEFT_OVER(message(9, 6, 19539, new byte[30])),
        SECOND_WELCOME(null);

        private final byte[] bytes;

        Malformed(final byte[] bytes) {
            this.bytes = bytes;
        }

        private static byte[] message(
                final int blockLength, final int templateId, final int schemaId, final byte[] body) {
            final UnsafeBuffer buffer = new UnsafeBuffer(new byte[FrameDescriptor.HEADER_LENGTH + 8 + body.length]);
            FrameDescriptor.putHeader(buffer, 0, 8 + body.length);
            buffer.putShort(6, (short) blockLength);
            buffer.putShort(8, (short) templateId);
            buffer.putShort(10, (short) schemaId);
            buffer.putBytes(14, body);
            return buffer.byteArray();
        }
    }

    @ParameterizedTest
    @EnumSource(Malformed.class)
    void shouldNameWhatIsMalformedAndConnectAgain(final Malformed malformed) {
        connect();
        if (malformed.bytes == null) {
            node.peer().welcome(FakeNode.INCARNATION, 1, 8_192, 1_000);
        } else {
            node.peer().sendRaw(malformed.bytes);
        }
        rig.until("loss", () -> !rig.listener.disconnections.isEmpty());
        final String error = rig.listener.errors.get(0);
        assertTrue(
                error.equals("-1 MALFORMED_FRAME")
                        || error.equals("-1 FRAME_TOO_LARGE")
                        || error.equals("-1 UNEXPECTED_MESSAGE"),
                error);
        rig.passMs(1_000);
        connect();
    }

    @Test
    void shouldReportRequestsThatALossLeftUnanswered() {
        node.script((peer, message) -> {
            if (message.templateId() == HelloDecoder.TEMPLATE_ID) {
                script.onMessage(peer, message);
            } else {
                peer.disconnect();
            }
        });
        connect();
        final long id = rig.client.readStatus();
        rig.until("loss", () -> !rig.listener.errors.isEmpty());
        assertEquals(List.of(id + " CONNECTION_LOST"), rig.listener.errors);
    }

    @Test
    void shouldRefuseRequestsBeforeItIsConnected() {
        assertEquals(Refusal.NOT_CONNECTED, rig.client.readStatus());
    }

    /** A node closes the connection of who asks of a database that is not open. */
    @Test
    void shouldRefuseWhatNeedsADatabaseUntilItIsOpen() {
        node.script((peer, message) -> {
            if (message.templateId() != OpenDatabaseDecoder.TEMPLATE_ID) {
                script.onMessage(peer, message);
            }
        });
        connect();
        assertEquals(List.of(Refusal.NOT_ALLOWED, Refusal.NOT_ALLOWED, Refusal.NOT_ALLOWED), askOfTheDatabase());
        rig.client.openDatabase(DatabaseOptions.existing("db"));
        rig.settle();
        assertEquals(List.of(Refusal.NOT_CONNECTED, Refusal.NOT_CONNECTED, Refusal.NOT_CONNECTED), askOfTheDatabase());
    }

    private List<Long> askOfTheDatabase() {
        return List.of(
                rig.client.readState(0, 1_000),
                rig.client.readSnapshot(1_000, 1, TableFilter.ALL, Checkpoint.START),
                rig.client.prune(1));
    }

    @Test
    void shouldEndAnAwaitWhenWokenUp() throws InterruptedException {
        connect();
        final Thread waker = new Thread(rig.client::wakeup);
        waker.start();
        final long startNs = System.nanoTime();
        rig.client.await(10_000_000_000L);
        waker.join();
        assertFalse(System.nanoTime() - startNs > 5_000_000_000L);
    }
}
