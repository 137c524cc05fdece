package io.lockstep.client.testing;

import io.lockstep.client.ClientContext;
import io.lockstep.client.LockstepClient;
import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.model.Key;
import io.lockstep.client.model.Site;
import io.lockstep.client.model.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A client, fake nodes and a clock that only the test moves, all driven by one thread. Bytes take real time on the
 * loopback, time-outs do not.
 */
public final class Rig implements AutoCloseable {
    /** The author of the rig's change sets. */
    public static final Site SITE = new Site(1, 2);

    private static final long REAL_TIME_LIMIT_NS = TimeUnit.SECONDS.toNanos(20);
    private static final int QUIET_POLLS = 300;

    public final RecordingListener listener = new RecordingListener();
    public final LockstepClient client;
    private final List<FakeNode> nodes;
    private long nowNs = 1_000_000_000L;

    public Rig(final ClientContext context, final FakeNode... nodes) {
        this.nodes = new ArrayList<>(List.of(nodes));
        if (context.addresses().isEmpty()) {
            context.addresses(this.nodes.stream().map(FakeNode::address).toList());
        }
        client = new LockstepClient(context.clock(() -> nowNs).seed(42), listener);
    }

    public static ChangeSet changeSet(final int counter) {
        return ChangeSet.builder(SITE, 1_700_000_000_000L, counter)
                .write("main", "t", Key.ofInteger(counter), "a", Value.ofText("value " + counter))
                .build();
    }

    /** A change set of at least so many bytes. */
    public static ChangeSet changeSet(final int counter, final int bytes) {
        return ChangeSet.builder(SITE, 1_700_000_000_000L, counter)
                .write("main", "t", Key.ofInteger(counter), "a", Value.ofBlob(new byte[bytes]))
                .build();
    }

    public void step() {
        client.poll();
        nodes.forEach(FakeNode::poll);
    }

    /** Polls until it holds; the test's clock stands still meanwhile. */
    public void until(final String what, final BooleanSupplier holds) {
        final long startNs = System.nanoTime();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() - startNs > REAL_TIME_LIMIT_NS) {
                throw new AssertionError("never came: " + what + "; disconnections=" + listener.disconnections
                        + ", errors=" + listener.errors);
            }
            step();
            Thread.onSpinWait();
        }
    }

    /** Polls for a while, to see that nothing happens. */
    public void settle() {
        for (int i = 0; i < QUIET_POLLS; i++) {
            step();
            Thread.onSpinWait();
        }
    }

    public void passMs(final long milliseconds) {
        nowNs += TimeUnit.MILLISECONDS.toNanos(milliseconds);
    }

    /** Lets time pass in small steps, polling after each. */
    public void liveMs(final long milliseconds) {
        for (long passed = 0; passed < milliseconds; passed += 10) {
            passMs(10);
            step();
        }
    }

    @Override
    public void close() {
        client.close();
        nodes.forEach(FakeNode::close);
    }
}
