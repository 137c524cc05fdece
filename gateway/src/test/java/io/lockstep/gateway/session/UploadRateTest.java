package io.lockstep.gateway.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.codec.SubmitStatus;
import io.lockstep.gateway.auth.NoAuthentication;
import io.lockstep.gateway.limits.SessionLimit;
import io.lockstep.gateway.limits.SessionLimits;
import io.lockstep.gateway.testing.Messages;
import io.lockstep.gateway.testing.Received;
import io.lockstep.gateway.testing.TestClient;
import io.lockstep.gateway.testing.TestHub;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Uploads over a rate wait, however long that takes, and share it. */
class UploadRateTest {
    private static final long WALL = 1_750_000_000_000L;
    private static final int RATE = 5_000;
    private static final int ROWS = 60;

    /** Of a part at the rate: longer than what is waited for a request, and than an upload is kept without a part. */
    private static final int PART_MS = 1_000 * UploadMessages.PART / RATE;

    private final UploadMessages messages = new UploadMessages();
    private TestHub node;

    @AfterEach
    void close() {
        node.close();
        assertTrue(node.errors().isEmpty(), () -> "errors: " + node.errors());
    }

    private void withRate(final SessionLimit limit) {
        node = new TestHub(
                new NoAuthentication(),
                new SessionLimits().set(limit, RATE).set(SessionLimit.UPLOAD_TIMEOUT_MS, PART_MS / 4),
                context -> {});
    }

    private TestClient uploads(final byte[] set, final long wall) {
        final TestClient client = node.open("", "db");
        client.says(messages.begin(5, wall, set));
        saysParts(client, set);
        return client;
    }

    private void saysParts(final TestClient client, final byte[] set) {
        for (int at = 0; at < set.length; at += UploadMessages.PART) {
            client.says(messages.part(5, set, at));
        }
    }

    private void pass(final long ms) {
        for (long passed = 0; passed < ms; passed += 500) {
            node.advanceMs(500);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = SessionLimit.class,
            names = {"SESSION_BYTES_PER_SECOND", "PRINCIPAL_BYTES_PER_SECOND", "DATABASE_BYTES_PER_SECOND"})
    void shouldWaitForItsRateHoweverLongThatTakes(final SessionLimit limit) {
        withRate(limit);
        final byte[] set = UploadMessages.set(WALL, ROWS);
        final TestClient client = uploads(set, WALL);
        pass(1_000L * set.length / RATE + 2_000);
        assertEquals(List.of(), client.errors());
        assertEquals(
                SubmitStatus.ACCEPTED,
                client.received(Received::isResult).get(0).result().status());
    }

    @ParameterizedTest
    @EnumSource(
            value = SessionLimit.class,
            names = {"PRINCIPAL_BYTES_PER_SECOND", "DATABASE_BYTES_PER_SECOND"})
    void shouldShareARateAmongUploadsAndLetRequestsThroughBetweenParts(final SessionLimit limit) {
        withRate(limit);
        final TestClient[] clients = new TestClient[4];
        for (int i = 0; i < clients.length; i++) {
            clients[i] = node.open("", "db");
            clients[i].says(messages.begin(5, WALL + i, UploadMessages.set(WALL + i, ROWS)));
        }
        for (int i = 0; i < clients.length; i++) {
            saysParts(clients[i], UploadMessages.set(WALL + i, ROWS));
        }
        pass(6 * PART_MS);
        final List<Integer> unread = Stream.of(clients).map(TestClient::unread).toList();
        // The first had one part of the full bucket besides.
        assertTrue(Collections.max(unread) - Collections.min(unread) <= 2, () -> "unread=" + unread);
        assertTrue(Stream.of(clients).allMatch(client -> client.errors().isEmpty()));
        final TestClient small = node.open("", "db");
        small.says(Messages.submit(1, 3, WALL + 9, 1));
        pass(2 * PART_MS);
        assertEquals(List.of(), small.errors());
        assertEquals(1, small.received(Received::isResult).size());
    }
}
