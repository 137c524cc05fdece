package io.lockstep.gateway.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.lockstep.codec.SubmitChangeSetDecoder;
import io.lockstep.engine.memory.MemoryJournal;
import io.lockstep.gateway.auth.NoAuthentication;
import io.lockstep.gateway.limits.GatewayCounter;
import io.lockstep.gateway.limits.SessionLimit;
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

    /** Says one thing again and again, whenever it may. */
    private static final class RepeatingWire implements Wire {
        private final UnsafeBuffer frame = new UnsafeBuffer(Messages.submit(2, 1, WALL, 1));
        private Session session;
        private long wall = WALL;
        private boolean waits;
        private long waited;

        private void say() {
            if (!waits) {
                frame.putLong(WALL_OFFSET, wall++, ByteOrder.LITTLE_ENDIAN);
                resume();
            }
        }

        @Override
        public void resume() {
            waits = session.onFrame(frame, 0, frame.capacity()) == Intake.WAIT;
            waited += waits ? 1 : 0;
        }

        @Override
        public void send(final DirectBuffer buffer, final int offset, final int length) {
            // Answers and heartbeats are not looked at.
        }

        @Override
        public long pendingBytes() {
            return 0;
        }

        @Override
        public void close(final String reason) {
            throw new IllegalStateException(reason);
        }
    }

    @Test
    void shouldAllocateNothingForThoseWhoWaitForATurnOrARate() {
        final SessionLimits limits = new SessionLimits()
                .set(SessionLimit.DATABASE_TURN_BYTES, DatabaseTurn.FRAME_BYTES_LEAST)
                .set(SessionLimit.DATABASE_MESSAGES_PER_SECOND, 1_000);
        try (TestHub node = new TestHub(new NoAuthentication(), limits, context -> {}, MemoryJournal.recycling())) {
            final RepeatingWire[] wires = {new RepeatingWire(), new RepeatingWire(), new RepeatingWire()};
            for (final RepeatingWire wire : wires) {
                wire.session = open(node, wire);
            }
            sayAndSettle(node, wires, WARM_UP);
            long least = Long.MAX_VALUE;
            for (int round = 0; round < ROUNDS_MAX && least >= MEASURED; round++) {
                final long waitedBefore = wires[0].waited + wires[1].waited + wires[2].waited;
                final long before = THREADS.getCurrentThreadAllocatedBytes();
                sayAndSettle(node, wires, MEASURED);
                least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
                assertTrue(wires[0].waited + wires[1].waited + wires[2].waited - waitedBefore >= MEASURED);
            }
            // What is looked after once a second takes some objects, whoever waits.
            assertTrue(least < MEASURED, "cycles=" + MEASURED + ", allocated=" + least);
        }
    }

    private static void sayAndSettle(final TestHub node, final RepeatingWire[] wires, final int cycles) {
        for (int i = 0; i < cycles; i++) {
            for (final RepeatingWire wire : wires) {
                wire.say();
            }
            node.time().advanceMs(1);
            node.hubCycle();
            node.engineCycle();
        }
    }
}
