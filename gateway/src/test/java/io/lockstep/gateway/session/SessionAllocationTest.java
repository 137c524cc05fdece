package io.lockstep.gateway.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.lockstep.codec.SubmitChangeSetDecoder;
import io.lockstep.engine.memory.MemoryJournal;
import io.lockstep.gateway.auth.NoAuthentication;
import io.lockstep.gateway.limits.GatewayCounter;
import io.lockstep.gateway.limits.SessionLimits;
import io.lockstep.gateway.testing.Messages;
import io.lockstep.gateway.testing.TestHub;
import java.lang.management.ManagementFactory;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** From a frame to its answer and to a live delivery, nothing is allocated: not by sessions, nor by the engine behind. */
class SessionAllocationTest {
    private static final long WALL = 1_750_000_000_000L;
    private static final int WALL_OFFSET = 8 + SubmitChangeSetDecoder.wallEncodingOffset();
    private static final int WARM_UP = 20_000;
    private static final int MEASURED = 20_000;
    private static final int ROUNDS_MAX = 20;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Counts what it is sent. */
    private static final class CountingWire implements Wire {
        private long messages;

        @Override
        public void send(final DirectBuffer buffer, final int offset, final int length) {
            messages++;
        }

        @Override
        public long pendingBytes() {
            return 0;
        }

        @Override
        public void resume() {}

        @Override
        public void close(final String reason) {
            throw new IllegalStateException(reason);
        }
    }

    private static Session open(final TestHub node, final Wire wire) {
        final Session session = node.hub().connect(wire, "a", 1);
        for (final byte[] message : new byte[][] {Messages.hello(""), Messages.open(1, "db", true)}) {
            session.onFrame(new UnsafeBuffer(message), 0, message.length);
        }
        node.settle();
        return session;
    }

    @Test
    void shouldAllocateNothingFromSubmissionToAnswerAndDelivery() {
        try (TestHub node =
                new TestHub(new NoAuthentication(), new SessionLimits(), context -> {}, MemoryJournal.recycling())) {
            final CountingWire authorWire = new CountingWire();
            final CountingWire readerWire = new CountingWire();
            final Session author = open(node, authorWire);
            final Session reader = open(node, readerWire);
            final byte[] subscribe = Messages.subscribe(2, 0, Long.MAX_VALUE, false);
            reader.onFrame(new UnsafeBuffer(subscribe), 0, subscribe.length);
            final byte[] submit = Messages.submit(2, 1, WALL, 1);
            final UnsafeBuffer buffer = new UnsafeBuffer(submit);
            submitAndSettle(node, author, buffer, 0, WARM_UP);
            long least = Long.MAX_VALUE;
            // A slow machine compiles late, and code that is not compiled yet allocates: one round without counts.
            for (int round = 0; round < ROUNDS_MAX && least >= MEASURED; round++) {
                final long answersBefore = authorWire.messages;
                final long deliveriesBefore = readerWire.messages;
                final long before = THREADS.getCurrentThreadAllocatedBytes();
                submitAndSettle(node, author, buffer, WARM_UP + round * MEASURED, MEASURED);
                least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
                assertEquals(MEASURED, authorWire.messages - answersBefore);
                assertEquals(MEASURED, readerWire.messages - deliveriesBefore);
            }
            assertEquals(0, node.counter(GatewayCounter.DELIVERIES_CATCH_UP));
            // A few objects for the measuring itself and for the code that is compiled meanwhile.
            assertTrue(least < MEASURED, "submissions=" + MEASURED + ", allocated=" + least);
        }
    }

    private static void submitAndSettle(
            final TestHub node, final Session author, final UnsafeBuffer buffer, final int from, final int count) {
        for (int i = from; i < from + count; i++) {
            buffer.putLong(WALL_OFFSET, WALL + i, ByteOrder.LITTLE_ENDIAN);
            author.onFrame(buffer, 0, buffer.capacity());
            node.hubCycle();
            node.engineCycle();
        }
    }
}
