package io.lockstep.gateway;

import io.lockstep.gateway.auth.Authenticator;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;

/** Lets the authenticator look for changes, off the thread of the transports, since it reads files. */
final class TokenRefreshAgent implements Agent {
    private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(500);

    private final Authenticator authenticator;
    private final NanoClock nanoClock;
    private final Runnable wakeup;
    private long lastNs;

    TokenRefreshAgent(final Authenticator authenticator, final NanoClock nanoClock, final Runnable wakeup) {
        this.authenticator = authenticator;
        this.nanoClock = nanoClock;
        this.wakeup = wakeup;
        this.lastNs = nanoClock.nanoTime();
    }

    @Override
    public int doWork() {
        final long nowNs = nanoClock.nanoTime();
        if (nowNs - lastNs < INTERVAL_NS) {
            return 0;
        }
        lastNs = nowNs;
        final long before = authenticator.generation();
        authenticator.refresh();
        if (authenticator.generation() == before) {
            return 0;
        }
        wakeup.run();
        return 1;
    }

    @Override
    public String roleName() {
        return "token-refresh";
    }
}
