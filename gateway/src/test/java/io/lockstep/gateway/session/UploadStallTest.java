package io.lockstep.gateway.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.codec.ErrorCode;
import io.lockstep.gateway.limits.SessionLimit;
import io.lockstep.gateway.limits.SessionLimits;
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

/** Who announces an upload and sends nothing keeps nobody else out for long. */
class UploadStallTest {
    private static final long WALL = 1_750_000_000_000L;
    private static final int BYTES_MAX = 1 << 20;

    @TempDir
    private Path folder;

    private final UploadMessages messages = new UploadMessages();
    private TestHub node;
    private TestClient idle;
    private TestClient busy;

    @BeforeEach
    void open() {
        node = new TestHub(
                TestTokens.file(
                        folder,
                        TestTokens.line("idle", "*", "read,write,create"),
                        TestTokens.line("busy", "*", "read,write,create")),
                new SessionLimits().set(SessionLimit.UPLOADS_BYTES_MAX, BYTES_MAX),
                context -> {});
        idle = node.open("idle", "db");
        busy = node.open("busy", "db");
    }

    @AfterEach
    void close() {
        node.close();
        assertTrue(node.errors().isEmpty(), () -> "errors: " + node.errors());
    }

    private void begins(final TestClient client, final long requestId) {
        client.says(messages.begin(requestId, WALL, UploadMessages.set(WALL, 50)));
    }

    private static ErrorCode lastError(final TestClient client) {
        final List<Received> errors = client.errors();
        return errors.get(errors.size() - 1).errorCode();
    }

    @Test
    void shouldMakeRoomForAnotherPrincipalWhenItHasStalled() {
        idle.says(messages.begin(5, WALL, BYTES_MAX, 0));
        begins(busy, 6);
        assertEquals(ErrorCode.BUSY, lastError(busy));
        node.advanceMs(UploadRoom.STALLED_MS - 1);
        begins(busy, 7);
        assertEquals(2, busy.errors().size());
        assertEquals(List.of(), idle.errors());
        node.advanceMs(1);
        begins(busy, 8);
        assertEquals(2, busy.errors().size());
        assertEquals(1, idle.errors().size());
        assertEquals(ErrorCode.BUSY, lastError(idle));
        assertEquals(5, idle.errors().get(0).error().requestId());
        assertEquals(UploadRoom.STALLED_MS, idle.errors().get(0).error().limitValue());
        assertEquals(1, node.hub().uploads().count());
    }

    @Test
    void shouldMakeRoomForItsOwnPrincipalWhenItHasStalled() {
        idle.says(messages.begin(5, WALL, BYTES_MAX / 2, 0));
        final TestClient other = node.open("idle", "db");
        begins(other, 6);
        assertEquals(ErrorCode.BUSY, lastError(other));
        node.advanceMs(UploadRoom.STALLED_MS);
        final TestClient fresh = node.open("idle", "db");
        begins(fresh, 7);
        assertEquals(List.of(), fresh.errors());
    }

    @Test
    void shouldStayWhileItsPartsCome() {
        final byte[] set = new byte[BYTES_MAX];
        idle.says(messages.begin(5, WALL, BYTES_MAX, 0));
        for (int part = 0; part < 4; part++) {
            node.advanceMs(UploadRoom.STALLED_MS - 1);
            idle.says(messages.part(5, set, part * UploadMessages.PART));
        }
        final TestClient fresh = node.open("busy", "db");
        begins(fresh, 6);
        assertEquals(ErrorCode.BUSY, lastError(fresh));
        assertEquals(List.of(), idle.errors());
    }
}
