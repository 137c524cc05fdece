package io.lockstep.gateway.tcp;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ManualIoEventLoop;

/** An event loop that does not block once something was reported to its thread. */
final class GatewayEventLoop extends ManualIoEventLoop {
    private volatile boolean wakeupPending;

    GatewayEventLoop(final IoHandlerFactory factory) {
        super(null, factory);
    }

    @Override
    protected boolean canBlock() {
        // Asked again after the handler has published that it is about to block, so no wake-up falls in between.
        return !wakeupPending;
    }

    boolean isWakeupPending() {
        return wakeupPending;
    }

    void wakeupPending(final boolean pending) {
        wakeupPending = pending;
    }
}
