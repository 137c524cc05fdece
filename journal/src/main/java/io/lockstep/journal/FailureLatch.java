package io.lockstep.journal;

import io.lockstep.engine.port.JournalFailedException;
import io.lockstep.engine.port.JournalFailedException.Kind;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** The first failure of a journal, which is also its last: nothing goes on after it. Any thread. */
final class FailureLatch {
    private final AtomicReference<JournalFailedException> first = new AtomicReference<>();
    private final Consumer<JournalFailedException> handler;

    FailureLatch(final Consumer<JournalFailedException> handler) {
        this.handler = handler;
    }

    /**
     * Records a failure; the first caller's stands, and the handler is called with it.
     *
     * @return the failure that stands
     */
    JournalFailedException fail(final Kind kind, final String message, final Throwable cause) {
        final JournalFailedException failure = cause instanceof JournalFailedException known
                ? known
                : new JournalFailedException(kind, message, cause);
        if (first.compareAndSet(null, failure)) {
            handler.accept(failure);
        }
        return first.get();
    }

    JournalFailedException failure() {
        return first.get();
    }

    boolean isFailed() {
        return first.get() != null;
    }
}
