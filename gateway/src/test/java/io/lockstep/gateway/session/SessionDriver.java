package io.lockstep.gateway.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.frame.FrameValidator;
import io.lockstep.codec.testing.RandomFrames;
import io.lockstep.gateway.limits.GatewayCounter;
import io.lockstep.gateway.limits.SessionLimit;
import io.lockstep.gateway.limits.SessionLimits;
import io.lockstep.gateway.testing.Messages;
import io.lockstep.gateway.testing.Received;
import io.lockstep.gateway.testing.TestClient;
import io.lockstep.gateway.testing.TestEngineParts;
import io.lockstep.gateway.testing.TestHub;
import io.lockstep.gateway.testing.TestTokens;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Any messages in any order from a few clients, with any order of the node's own work between them, and what must hold
 * whatever they are. Every choice comes from outside, so that a seed or a fuzzer decides.
 */
final class SessionDriver implements AutoCloseable {
    private static final long WALL = 1_750_000_000_000L;
    private static final long MUCH = 1L << 40;
    private static final String[] TOKENS = {"admin", "reader", "guess", ""};
    private static final String[] DATABASES = {"notes", "secrets", "none"};
    private static final int CLIENTS = 3;

    private final TestHub node;
    private final List<TestClient> clients = new ArrayList<>();
    private final FrameValidator validator = new FrameValidator(TestEngineParts.FRAME_LIMITS);
    private final UnsafeBuffer scratch = new UnsafeBuffer(new byte[RandomFrames.MESSAGE_BYTES_MAX]);
    private long wall = WALL;
    private int calm = -1;

    /** Tokens of admin (everything) and reader (notes, read). */
    SessionDriver(final Path folder) {
        final SessionLimits limits = new SessionLimits()
                .set(SessionLimit.IN_FLIGHT_MAX, 8)
                .set(SessionLimit.OUTBOUND_BYTES_MAX, 4_096)
                .set(SessionLimit.RECENT_DELIVERY_BYTES, 4_096)
                .set(SessionLimit.CATCH_UP_CHUNK_BYTES, 4_096)
                .set(SessionLimit.SESSION_MESSAGES_PER_SECOND, 20)
                .set(SessionLimit.PRINCIPAL_MESSAGES_PER_SECOND, 8);
        node = new TestHub(
                TestTokens.file(
                        folder,
                        TestTokens.line("admin", "*", "read,write,create,admin"),
                        TestTokens.line("reader", "notes", "read")),
                limits,
                context -> context.ringSlots(2).commandRingBytes(1 << 18).recordRingBytes(1 << 20));
    }

    /** One step; {@code choose} answers a number from 0 up to but not including its argument. */
    void step(final IntUnaryOperator choose, final RandomFrames frames, final Supplier<byte[]> raw) {
        while (clients.size() < CLIENTS) {
            clients.add(node.connect("10.0.0." + clients.size()));
        }
        final int index = choose.applyAsInt(CLIENTS);
        final TestClient client = clients.get(index);
        if (clients.size() == CLIENTS && calm < 0) {
            calm = choose.applyAsInt(3);
        }
        // Calm runs go deep, the others go everywhere.
        final int what = choose.applyAsInt(20);
        final boolean disturbs = what == 3 || (what >= 7 && what <= 10);
        switch (disturbs && choose.applyAsInt(1 + 5 * calm) > 0 ? 19 : what) {
            case 0 -> node.engineCycle();
            case 1 -> node.hubCycle();
            case 2 -> node.catchUpCycle();
            case 3 -> node.time().advanceMs(choose.applyAsInt(choose.applyAsInt(4) == 0 ? 60_000 : 1_000));
            case 4 -> client.stops();
            case 5 -> client.takesAll();
            case 6 -> node.settle();
            case 7 -> {
                if (choose.applyAsInt(4) == 0) {
                    client.hangsUp();
                }
            }
            case 8 -> says(client, raw.get());
            case 9 -> says(client, random(frames));
            case 10 -> says(client, damaged(random(frames), choose));
            case 11, 12 -> {
                if (client.session().grant() == null || choose.applyAsInt(10) == 0) {
                    says(client, Messages.hello(TOKENS[choose.applyAsInt(TOKENS.length)], 1));
                }
            }
            default -> says(client, sensible(client, choose));
        }
        check(client);
        if (client.closed() != null) {
            clients.set(index, node.connect("10.0.0." + index));
        }
    }

    private byte[] random(final RandomFrames frames) {
        final byte[] bytes = new byte[frames.clientMessage(scratch, 0)];
        scratch.getBytes(0, bytes);
        return bytes;
    }

    private static byte[] damaged(final byte[] message, final IntUnaryOperator choose) {
        final int at = choose.applyAsInt(message.length);
        return switch (choose.applyAsInt(3)) {
            case 0 -> Arrays.copyOf(message, at);
            case 1 -> Arrays.copyOf(message, message.length + 1);
            default -> {
                message[at] ^= (byte) (1 << choose.applyAsInt(8));
                yield message;
            }
        };
    }

    private byte[] sensible(final TestClient client, final IntUnaryOperator choose) {
        if (client.session().state() == SessionState.AUTHENTICATED && choose.applyAsInt(4) > 0) {
            return Messages.open(1, DATABASES[0], true);
        }
        return switch (choose.applyAsInt(12)) {
            case 0 -> Messages.open(1, DATABASES[choose.applyAsInt(DATABASES.length)], choose.applyAsInt(2) == 0);
            case 2, 3, 4 ->
                Messages.submit(2, choose.applyAsInt(3), wall++, choose.applyAsInt(4), choose.applyAsInt(500));
            case 5 -> Messages.subscribe(3, choose.applyAsInt(4), choose.applyAsInt(2_000), choose.applyAsInt(2) == 0);
            case 6 -> Messages.credit(choose.applyAsInt(2) == 0 ? choose.applyAsInt(5_000) : MUCH);
            case 7 -> Messages.unsubscribe(4);
            case 8 -> Messages.readState(5);
            case 9 -> choose.applyAsInt(2) == 0 ? Messages.readStatus(6) : Messages.prune(7);
            case 10 -> Messages.refresh(8, TOKENS[choose.applyAsInt(TOKENS.length)]);
            default ->
                choose.applyAsInt(10) == 0 ? Messages.close(9) : Messages.heartbeat(1, choose.applyAsInt(2) == 0);
        };
    }

    private void says(final TestClient client, final byte[] message) {
        final boolean known = client.session().grant() != null;
        final long commandsBefore = node.counter(GatewayCounter.COMMANDS);
        final int errorsBefore = client.errors().size();
        final boolean waiting = client.isWaiting();
        final boolean wellFormed = message.length >= MessageHeaderDecoder.ENCODED_LENGTH
                && validator.validateClientMessage(new UnsafeBuffer(message), 0, message.length);
        client.says(message);
        if (waiting) {
            return;
        }
        if (!known) {
            assertEquals(commandsBefore, node.counter(GatewayCounter.COMMANDS), "a stranger reached the ring");
        }
        if (!wellFormed && !client.isWaiting() && client.closed() == null) {
            assertEquals(errorsBefore + 1, client.errors().size(), "one error for one wrong frame");
            assertEquals(commandsBefore, node.counter(GatewayCounter.COMMANDS), "a wrong frame reached the ring");
        }
    }

    private void check(final TestClient client) {
        assertTrue(client.session().inFlight() >= 0 && client.session().inFlight() <= 8);
        final List<Received> errors = client.errors();
        if (client.closed() != null && client.session().grant() == null && !"by the client".equals(client.closed())) {
            assertTrue(errors.size() <= 1, "a stranger is told one thing");
        }
        for (final Received received : client.received()) {
            assertTrue(
                    validator.validateServerMessage(new UnsafeBuffer(received.bytes()), 0, received.length()),
                    () -> "the node said something wrong: " + received + ": " + validator.errorText());
        }
        client.received().clear();
    }

    /** Everything comes to rest: whatever was asked is answered, and nothing is left behind. */
    void finish() {
        for (final TestClient client : clients) {
            client.takesAll();
        }
        node.settle();
        for (int i = 0; i < 5; i++) {
            node.advanceMs(1_000);
        }
        for (final TestClient client : clients) {
            if (client.closed() == null) {
                assertEquals(0, client.session().inFlight(), "answers are missing");
                client.hangsUp();
            }
        }
        node.settle();
        assertEquals(0, node.hub().sessions());
        for (final GatewayCounter counter : List.of(
                GatewayCounter.SESSIONS,
                GatewayCounter.UNAUTHENTICATED,
                GatewayCounter.LIVE_SUBSCRIBERS,
                GatewayCounter.CATCH_UP_SUBSCRIBERS,
                GatewayCounter.WAITING_FOR_RING)) {
            assertEquals(0, node.counter(counter), counter.label());
        }
        assertEquals(0, node.counter(GatewayCounter.UNEXPECTED));
        assertTrue(node.errors().isEmpty(), () -> "errors: " + node.errors());
        assertTrue(
                node.parts().fatal().isEmpty(), () -> "fatal: " + node.parts().fatal());
    }

    long counter(final GatewayCounter counter) {
        return node.counter(counter);
    }

    @Override
    public void close() {
        node.close();
    }
}
