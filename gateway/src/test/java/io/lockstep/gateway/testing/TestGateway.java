package io.lockstep.gateway.testing;

import io.lockstep.codec.Durability;
import io.lockstep.codec.NodeRole;
import io.lockstep.engine.memory.MemoryJournal;
import io.lockstep.gateway.Gateway;
import io.lockstep.gateway.GatewayContext;
import io.lockstep.gateway.auth.NoAuthentication;
import io.lockstep.gateway.session.NodeIdentity;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;

/** A whole gateway on loopback before the real engine, all on one thread as in the shared layout. */
public final class TestGateway implements AutoCloseable {
    private final List<String> errors = Collections.synchronizedList(new ArrayList<>());
    private final TestEngineParts parts = new TestEngineParts(MemoryJournal.selfSyncing(), context -> {});
    private final Gateway gateway;
    private final AgentRunner runner;

    public TestGateway(final Consumer<GatewayContext> settings) {
        final GatewayContext context = new GatewayContext()
                .bindAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .ingress(parts.engine().ingress())
                .journal(parts.journal()::openReader, parts.engine()::committedPosition)
                .authenticator(new NoAuthentication())
                .frameLimits(TestEngineParts.FRAME_LIMITS)
                .identity(new NodeIdentity(
                        TestEngineParts.INCARNATION.high(),
                        TestEngineParts.INCARNATION.low(),
                        () -> 1,
                        Durability.JOURNALED,
                        NodeRole.SINGLE,
                        "test"))
                .log((category, message) -> {
                    if ("unexpected".equals(category)) {
                        errors.add(message);
                    }
                })
                .errorHandler(error -> errors.add(String.valueOf(error)));
        settings.accept(context);
        gateway = new Gateway(context.conclude());
        parts.egress(gateway);
        final Agent all = new Agent() {
            @Override
            public void onStart() {
                gateway.onStart();
            }

            @Override
            public int doWork() {
                return gateway.doWork() + parts.engine().doWork();
            }

            @Override
            public void onClose() {
                gateway.onClose();
            }

            @Override
            public String roleName() {
                return "all";
            }
        };
        runner = new AgentRunner(gateway.idleStrategy(), error -> errors.add("agent: " + error), null, all);
        AgentRunner.startOnThread(runner, task -> Gateway.newThread(task, "all"));
        await(() -> gateway.boundAddress() != null || !errors.isEmpty());
        if (gateway.boundAddress() == null) {
            close();
        }
    }

    public static void await(final java.util.function.BooleanSupplier condition) {
        final long deadlineNs = System.nanoTime() + 20_000_000_000L;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadlineNs > 0) {
                throw new AssertionError("did not come true in 20 s");
            }
            LockSupport.parkNanos(200_000);
        }
    }

    public InetSocketAddress address() {
        return gateway.boundAddress();
    }

    public Gateway gateway() {
        return gateway;
    }

    public List<String> errors() {
        return errors;
    }

    public TestEngineParts parts() {
        return parts;
    }

    @Override
    public void close() {
        runner.close();
        parts.close();
        if (!errors.isEmpty() || !parts.fatal().isEmpty()) {
            throw new AssertionError("errors: " + errors + ", fatal: " + parts.fatal());
        }
    }
}
