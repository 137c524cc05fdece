package io.lockstep.gateway.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.codec.ErrorCode;
import io.lockstep.gateway.limits.GatewayCounter;
import io.lockstep.gateway.limits.SessionLimit;
import io.lockstep.gateway.limits.SessionLimits;
import io.lockstep.gateway.testing.Messages;
import io.lockstep.gateway.testing.Received;
import io.lockstep.gateway.testing.TcpClient;
import io.lockstep.gateway.testing.TestGateway;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class PartialFramesTest {
    private static final long WALL = 1_750_000_000_000L;
    private static final int BUFFER_BYTES_MAX = 128 << 10;

    private static TestGateway node(final SessionLimit limit, final long value) {
        final SessionLimits limits = new SessionLimits().set(limit, value);
        return new TestGateway(context -> context.limits(limits));
    }

    private static TcpClient open(final TestGateway node) throws IOException {
        final TcpClient client = new TcpClient(node.address());
        client.says(Messages.hello(""), Messages.open(1, "db", true));
        assertNotNull(client.next().welcome());
        assertEquals(1, client.next().opened().requestId());
        return client;
    }

    private static byte[] largeFrame(final long requestId) {
        return TcpClient.frame(Messages.submit(requestId, 1, WALL + requestId, 1, 7_900));
    }

    @Test
    void shouldServeANewcomerWhileOthersHoldHalfFrames() throws IOException {
        final List<TcpClient> hogs = new ArrayList<>();
        try (TestGateway node = node(SessionLimit.BUFFER_BYTES_MAX, BUFFER_BYTES_MAX)) {
            final byte[] half = Arrays.copyOf(largeFrame(1), 7_000);
            for (int i = 0; i < 40; i++) {
                hogs.add(open(node).raw(half));
            }
            TestGateway.await(() -> node.gateway().counters().value(GatewayCounter.BUFFERS_REFUSED) > 0);
            try (TcpClient newcomer = open(node)) {
                final byte[] frame = largeFrame(2);
                newcomer.raw(Arrays.copyOf(frame, 5_000));
                LockSupport.parkNanos(20_000_000);
                assertTrue(node.gateway().counters().value(GatewayCounter.BUFFER_BYTES) <= BUFFER_BYTES_MAX / 2);
                newcomer.raw(Arrays.copyOfRange(frame, 5_000, frame.length));
                assertEquals(2, newcomer.next().result().requestId());
                newcomer.says(Messages.readState(3));
                assertNotNull(newcomer.next());
            }
            final Received error = hogs.get(0).next();
            assertEquals(ErrorCode.RESOURCE_EXHAUSTED, error.errorCode(), "the one that has held for longest");
            assertEquals(BUFFER_BYTES_MAX / 2, error.error().limitValue());
            assertTrue(error.error().actualValue() > BUFFER_BYTES_MAX / 2);
            assertNull(hogs.get(0).next());
        } finally {
            for (final TcpClient hog : hogs) {
                hog.close();
            }
        }
    }

    @Test
    void shouldEndAClientWhoseFrameIsNotWholeInTime() throws IOException {
        try (TestGateway node = node(SessionLimit.PARTIAL_FRAME_TIMEOUT_MS, 300);
                TcpClient slow = open(node)) {
            final byte[] frame = largeFrame(1);
            final long startNs = System.nanoTime();
            int sent = 0;
            while (slow.socket().getInputStream().available() == 0) {
                slow.raw(new byte[] {frame[sent++]});
                LockSupport.parkNanos(5_000_000);
                assertTrue(sent < frame.length, "never ended");
            }
            final Received error = slow.next();
            assertEquals(ErrorCode.HEARTBEAT_TIMEOUT, error.errorCode());
            assertEquals(300, error.error().limitValue());
            assertTrue(error.error().actualValue() >= 300);
            assertTrue(System.nanoTime() - startNs >= 300_000_000L);
        }
    }

    @Test
    void shouldNotCountTheTimeOfFramesBefore() throws IOException {
        try (TestGateway node = node(SessionLimit.PARTIAL_FRAME_TIMEOUT_MS, 400);
                TcpClient client = open(node)) {
            final byte[] frames = TcpClient.frame(
                    Messages.submit(1, 1, WALL + 1, 1),
                    Messages.submit(2, 1, WALL + 2, 1),
                    Messages.submit(3, 1, WALL + 3, 1));
            final int third = frames.length / 3;
            // Each read ends within a frame, so that something is always kept.
            int at = 0;
            for (int end = third + 10; end <= frames.length; end += third) {
                client.raw(Arrays.copyOfRange(frames, at, end));
                at = end;
                assertTrue(client.next().isResult());
                LockSupport.parkNanos(250_000_000L);
            }
            client.raw(Arrays.copyOfRange(frames, at, frames.length));
            assertEquals(3, client.next().result().requestId());
        }
    }
}
