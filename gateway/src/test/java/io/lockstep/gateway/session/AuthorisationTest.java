package io.lockstep.gateway.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.PruneResultDecoder;
import io.lockstep.codec.StatusReportDecoder;
import io.lockstep.codec.SubmitStatus;
import io.lockstep.codec.TokenStatusDecoder;
import io.lockstep.gateway.auth.TokenFile;
import io.lockstep.gateway.auth.TokenTool;
import io.lockstep.gateway.limits.GatewayCounter;
import io.lockstep.gateway.limits.SessionLimit;
import io.lockstep.gateway.limits.SessionLimits;
import io.lockstep.gateway.testing.Messages;
import io.lockstep.gateway.testing.Received;
import io.lockstep.gateway.testing.TestClient;
import io.lockstep.gateway.testing.TestHub;
import io.lockstep.gateway.testing.TestTokens;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthorisationTest {
    private static final long WALL = 1_750_000_000_000L;
    private static final long MUCH = 1L << 40;
    private static final String SITE_42 = "sites=0000000000000000000000000000002a";

    @TempDir
    private Path folder;

    private TokenFile tokens;
    private TestHub node;

    @BeforeEach
    void open() {
        tokens = TestTokens.file(
                folder,
                TestTokens.line("admin", "*", "read,write,create,admin"),
                TestTokens.line("keeper", "secrets", "admin"),
                TestTokens.line("reader", "notes", "read"),
                TestTokens.line("writer", "notes", "write", SITE_42),
                "sha256=" + TokenTool.hash("reader-elsewhere")
                        + " principal=reader databases=elsewhere permissions=read,write sites=any",
                TestTokens.line("brief", "notes", "read,write", "sites=any expiresMs=" + (WALL + 100_000)));
        node = new TestHub(tokens, new SessionLimits(), context -> {});
        node.open("admin", "notes");
        node.open("admin", "secrets");
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void shouldNotLetAStrangerIn() {
        final TestClient client = node.connect();
        client.says(Messages.hello("guess"));
        assertEquals(ErrorCode.AUTHENTICATION_FAILED, client.last().errorCode());
        assertNotNull(client.closed());
        assertEquals(1, client.received().size());
        assertEquals(1, node.counter(GatewayCounter.AUTH_FAILURES));
    }

    @Test
    void shouldMakeGuessingSlow() {
        node.connect().says(Messages.hello("guess"));
        final TestClient second = node.connect().says(Messages.hello("guess"));
        assertTrue(second.isWaiting());
        node.advanceMs(101);
        assertEquals(ErrorCode.AUTHENTICATION_FAILED, second.last().errorCode());
        final TestClient third = node.connect().says(Messages.hello("guess"));
        node.advanceMs(50);
        assertTrue(third.isWaiting());
        node.advanceMs(150);
        assertEquals(ErrorCode.AUTHENTICATION_FAILED, third.last().errorCode());
        assertEquals(
                SessionState.AUTHENTICATED,
                node.connect("elsewhere")
                        .says(Messages.hello("reader"))
                        .session()
                        .state());
    }

    @Test
    void shouldTellAGuesserWhoHangsUpNothingBeforeTheWait() {
        node.connect().says(Messages.hello("guess"));
        for (int i = 0; i < 50; i++) {
            final TestClient guesser = node.connect().says(Messages.hello(i % 2 == 0 ? "guess" : "reader"));
            node.advanceMs(1);
            assertTrue(guesser.isWaiting());
            assertEquals(0, guesser.received().size());
            guesser.hangsUp();
        }
        assertEquals(1, node.counter(GatewayCounter.AUTH_FAILURES), "none of the tokens was looked at");
    }

    @Test
    void shouldNotKeepTheRightTokenOutForMoreThanOneWait() {
        node.connect().says(Messages.hello("guess"));
        for (int i = 0; i < 10; i++) {
            node.connect().says(Messages.hello("guess"));
            node.advanceMs(4_001);
        }
        final TestClient honest = node.connect();
        node.connect().says(Messages.hello("guess"));
        node.advanceMs(1);
        honest.says(Messages.hello("reader"));
        assertTrue(honest.isWaiting());
        for (int i = 0; i < 39; i++) {
            node.advanceMs(100);
            node.connect().says(Messages.hello("guess")).hangsUp();
        }
        node.advanceMs(100);
        assertEquals(SessionState.AUTHENTICATED, honest.session().state());
        assertEquals(
                SessionState.AUTHENTICATED,
                node.connect("elsewhere")
                        .says(Messages.hello("reader"))
                        .session()
                        .state());
    }

    @Test
    void shouldEvictTheOldestStrangerOfTheLargestAddressWhenAllRoomIsTaken() {
        final TestClient first = node.connect("a");
        final TestClient other = node.connect("b");
        final int room = (int) SessionLimit.UNAUTHENTICATED_MAX.defaultValue();
        for (int i = 0; i < room - 2; i++) {
            node.connect(i < 3 ? "a" : "c" + i);
        }
        assertNull(first.closed());
        final TestClient honest = node.connect("honest").says(Messages.hello("reader"));
        assertEquals(SessionState.AUTHENTICATED, honest.session().state());
        assertEquals(ErrorCode.HANDSHAKE_TIMEOUT, first.last().errorCode());
        assertNotNull(first.closed());
        assertNull(other.closed());
    }

    @Test
    void shouldAnswerForAForbiddenDatabaseAsForOneThatIsNotThere() {
        final TestClient client = node.connect().says(Messages.hello("reader"), Messages.open(3, "secrets", false));
        node.settle();
        final byte[] forbidden = client.last().bytes();
        client.says(Messages.open(3, "nothing", false));
        node.settle();
        assertEquals(ErrorCode.UNKNOWN_DATABASE, client.last().errorCode());
        assertArrayEquals(forbidden, client.last().bytes());
        final TestClient admin = node.connect().says(Messages.hello("admin"), Messages.open(3, "nothing", false));
        node.settle();
        assertArrayEquals(forbidden, admin.last().bytes());
        assertNull(client.closed());
    }

    @Test
    void shouldHoldATokenToItsPermissions() {
        final TestClient reader = node.open("reader", "notes");
        reader.says(Messages.submit(1, 1, WALL, 1));
        assertEquals(ErrorCode.NOT_PERMITTED, reader.last().errorCode());
        reader.says(Messages.prune(2));
        assertEquals(ErrorCode.NOT_PERMITTED, reader.last().errorCode());
        reader.says(Messages.readStatus(3));
        assertEquals(ErrorCode.NOT_PERMITTED, reader.last().errorCode());
        reader.says(Messages.readDatabases(4));
        assertEquals(ErrorCode.NOT_PERMITTED, reader.last().errorCode());
        final TestClient writer = node.open("writer", "notes");
        writer.says(Messages.subscribe(1, 0, MUCH, false));
        assertEquals(ErrorCode.NOT_PERMITTED, writer.last().errorCode());
        writer.says(Messages.readState(1));
        assertEquals(ErrorCode.NOT_PERMITTED, writer.last().errorCode());
        assertEquals(6, node.counter(GatewayCounter.NOT_PERMITTED));
        assertNull(reader.closed());
    }

    @Test
    void shouldLetAnAdministratorPruneAndReadStatus() {
        final TestClient admin = node.connect().says(Messages.hello("admin"), Messages.readStatus(1));
        assertEquals(StatusReportDecoder.TEMPLATE_ID, admin.last().templateId());
        admin.says(Messages.open(2, "notes", false));
        node.settle();
        admin.says(Messages.prune(3));
        node.settle();
        assertEquals(PruneResultDecoder.TEMPLATE_ID, admin.last().templateId());
    }

    @Test
    void shouldListTheDatabasesThatATokenMayOpenAndWhoHasThemOpen() {
        node.open("writer", "notes").says(Messages.submit(1, 42, WALL, 1));
        node.settle();
        final TestClient admin = node.connect().says(Messages.hello("admin"), Messages.readDatabases(1));
        node.settle();
        assertEquals(
                List.of("notes sequence=1 sessions=2", "secrets sequence=0 sessions=1"),
                admin.last().databases());
        final TestClient keeper = node.connect().says(Messages.hello("keeper"), Messages.readDatabases(1));
        node.settle();
        assertEquals(List.of("secrets sequence=0 sessions=1"), keeper.last().databases());
    }

    @Test
    void shouldNotLetATokenMakeADatabaseWithoutPermission() {
        final TestClient client = node.connect().says(Messages.hello("reader"), Messages.open(1, "notes", true));
        node.settle();
        assertEquals(SessionState.OPEN, client.session().state());
        assertEquals(0, client.last().opened().created());
    }

    @Test
    void shouldNotApplyChangesOfASiteThatTheTokenDoesNotList() {
        final TestClient writer = node.open("writer", "notes");
        writer.says(Messages.submit(1, 43, WALL, 1));
        node.settle();
        assertEquals(SubmitStatus.NO_EFFECT, writer.last().result().status());
        writer.says(Messages.submit(2, 42, WALL, 1));
        node.settle();
        assertEquals(SubmitStatus.ACCEPTED, writer.last().result().status());
    }

    @Test
    void shouldWarnBeforeATokenExpiresAndEndTheSessionWhenItHas() {
        final TestClient client = node.open("brief", "notes");
        for (int i = 0; i < 3; i++) {
            node.advanceMs(13_000);
            client.says(Messages.heartbeat(1, true));
        }
        assertTrue(client.received(message -> message.templateId() == TokenStatusDecoder.TEMPLATE_ID)
                .isEmpty());
        for (int i = 0; i < 3; i++) {
            node.advanceMs(20_000);
            client.says(Messages.heartbeat(1, true));
        }
        assertEquals(
                1,
                client.received(message -> message.templateId() == TokenStatusDecoder.TEMPLATE_ID)
                        .size());
        node.time().advanceMs(1_000);
        node.hub().time(node.time().nanoTime(), node.time().time());
        client.says(Messages.submit(1, 1, WALL, 1));
        assertEquals(ErrorCode.TOKEN_EXPIRED, client.last().errorCode());
        assertNotNull(client.closed());
    }

    @Test
    void shouldTakeANewTokenOfTheSamePrincipalOnly() {
        final TestClient client = node.open("brief", "notes");
        client.says(Messages.refresh(5, "reader"));
        assertEquals(ErrorCode.NOT_PERMITTED, client.last().errorCode());
        node.advanceMs(150);
        client.says(Messages.refresh(6, "brief"));
        assertEquals(6, client.last().tokenStatus().requestId());
        assertEquals(WALL + 100_000, client.last().tokenStatus().expiresMs());
    }

    @Test
    void shouldNotTakeATokenThatDoesNotCoverTheDatabaseThatIsBeingOpened() {
        final TestClient client = node.connect();
        client.says(
                Messages.hello("reader"), Messages.open(1, "notes", false), Messages.refresh(2, "reader-elsewhere"));
        node.advanceMs(150);
        node.settle();
        assertEquals(
                0,
                client.received(message -> message.templateId() == TokenStatusDecoder.TEMPLATE_ID)
                        .size());
        client.says(Messages.submit(3, 1, WALL, 1));
        assertEquals(ErrorCode.NOT_PERMITTED, client.last().errorCode());
    }

    @Test
    void shouldTakeATokenForAnotherDatabaseAfterAnOpenThatWasRefused() {
        final TestClient client = node.connect();
        client.says(Messages.hello("reader"), Messages.open(1, "secrets", false));
        node.settle();
        client.says(Messages.refresh(2, "reader-elsewhere"));
        assertEquals(2, client.last().tokenStatus().requestId());
    }

    @Test
    void shouldEndLiveSessionsOfARevokedToken() {
        final TestClient reader = node.open("reader", "notes");
        final TestClient writer = node.open("writer", "notes");
        TestTokens.write(folder, TestTokens.line("admin", "*", "read"), TestTokens.line("writer", "notes", "read"));
        tokens.refresh();
        node.advanceMs(30);
        assertEquals(ErrorCode.TOKEN_EXPIRED, reader.last().errorCode());
        assertNotNull(reader.closed());
        assertNull(writer.closed());
        writer.says(Messages.submit(1, 42, WALL, 1));
        assertEquals(ErrorCode.NOT_PERMITTED, writer.last().errorCode());
    }

    @Test
    void shouldEndASessionWhoseDatabaseWasTakenFromItsToken() {
        final TestClient reader = node.open("reader", "notes");
        TestTokens.write(folder, TestTokens.line("reader", "other", "read"));
        tokens.refresh();
        node.advanceMs(30);
        assertEquals(ErrorCode.TOKEN_EXPIRED, reader.last().errorCode());
    }

    @Test
    void shouldKeepTheTenantsBytesApart() {
        final TestClient notes = node.open("reader", "notes");
        notes.says(Messages.subscribe(2, 0, MUCH, false));
        final TestClient author = node.open("admin", "secrets");
        for (int i = 0; i < 50; i++) {
            author.says(Messages.submit(i, 77, WALL + i, i));
        }
        node.settle();
        assertEquals(50, author.received(Received::isResult).size());
        assertEquals(3, notes.received().size());
    }
}
