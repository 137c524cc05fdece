package io.lockstep.engine.stage;

import io.lockstep.engine.port.FatalHandler;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.concurrent.Agent;

/** Stops every stage as soon as one of them fails, and says so once. Any thread. */
public final class FailStop {
    private final FatalHandler handler;
    private final AtomicReference<Throwable> cause = new AtomicReference<>();

    /**
     * A switch that is not thrown yet.
     *
     * @param handler told of the first failure
     */
    public FailStop(final FatalHandler handler) {
        this.handler = handler;
    }

    /**
     * Whether something failed.
     *
     * @return true for ever after
     */
    public boolean failed() {
        return cause.get() != null;
    }

    /**
     * The first failure.
     *
     * @return null while all is well
     */
    public Throwable cause() {
        return cause.get();
    }

    /**
     * Something failed; only the first call is passed on.
     *
     * @param component which one
     * @param failure why
     */
    public void fail(final String component, final Throwable failure) {
        if (cause.compareAndSet(null, failure)) {
            handler.onFatal(component, failure);
        }
    }

    /**
     * An agent that works only while nothing has failed, and whose own failure stops all the others.
     *
     * @param agent to guard
     * @return the guarded one
     */
    public GuardedAgent guard(final Agent agent) {
        return new GuardedAgent(agent, this);
    }
}
