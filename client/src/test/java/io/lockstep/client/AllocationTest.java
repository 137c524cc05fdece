package io.lockstep.client;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.testing.FakeNode;
import io.lockstep.client.testing.FakePeer;
import io.lockstep.client.testing.Received;
import io.lockstep.client.testing.Rig;
import io.lockstep.client.testing.RunningNode;
import io.lockstep.codec.SubmitResultDecoder;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class AllocationTest {
    private static final int WARM_UP = 5_000;
    private static final int MEASURED = 5_000;
    private static final int ROUNDS_MAX = 20;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final ChangeSet set = Rig.changeSet(1);
    private long results;

    private void roundTrips(final LockstepClient client, final int count) {
        final long end = results + count;
        long submitted = results;
        while (results < end) {
            while (submitted < end && client.submit(set) >= 0) {
                submitted++;
            }
            client.poll();
        }
    }

    @Test
    void shouldAllocateNothingBetweenSubmissionAndResult() {
        final FakeNode.Polite script = new FakeNode.Polite() {
            @Override
            public void onMessage(final FakePeer peer, final Received message) {
                super.onMessage(peer, message);
                received.clear();
                submitted.clear();
            }
        };
        script.acceptsSubmissions = true;
        try (RunningNode node = new RunningNode(script);
                LockstepClient client = new LockstepClient(
                        new ClientContext().addresses(node.address()).inFlightMax(8), new ClientListener() {
                            @Override
                            public void onResult(final long requestId, final SubmitResultDecoder result) {
                                results++;
                            }
                        })) {
            client.openDatabase(DatabaseOptions.existing("db"));
            while (!client.isOpen()) {
                client.poll();
            }
            roundTrips(client, WARM_UP);
            long least = Long.MAX_VALUE;
            // A slow machine compiles late, and code that is not compiled yet allocates: one round without counts.
            for (int round = 0; round < ROUNDS_MAX && least >= MEASURED; round++) {
                final long before = threads.getCurrentThreadAllocatedBytes();
                roundTrips(client, MEASURED);
                least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            }
            assertTrue(least < MEASURED, "limit=" + MEASURED + " bytes, allocated=" + least);
        }
    }
}
