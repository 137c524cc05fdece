package io.lockstep.client;

import io.lockstep.client.model.Cursor;
import io.lockstep.client.model.Delivery;
import io.lockstep.client.model.Progress;
import io.lockstep.codec.ResetReason;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.LongConsumer;

/**
 * Hands the events of one subscription to its listener on a thread of its own, so that a slow listener holds up nothing
 * but its own deliveries. What waits here is bounded by the credit, which is granted again when the listener returns.
 */
final class DeliveryDispatcher implements Runnable {
    private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final DeliveryListener listener;
    private final LongConsumer handled;
    private final Runnable abandon;
    private final Thread thread;
    private long requestId = -1;

    /**
     * A dispatcher.
     *
     * @param listener gets the events
     * @param handled gets the bytes of each delivery that was handled
     * @param abandon is called when the listener failed
     */
    DeliveryDispatcher(final DeliveryListener listener, final LongConsumer handled, final Runnable abandon) {
        this.listener = listener;
        this.handled = handled;
        this.abandon = abandon;
        thread = new Thread(this, "lockstep-deliveries");
        thread.setDaemon(true);
    }

    /** One call of the listener. */
    private record Event(Runnable call, int frameBytes, boolean last) {}

    void start(final long newRequestId) {
        requestId = newRequestId;
        thread.start();
    }

    long requestId() {
        return requestId;
    }

    void subscribed(final Cursor cursor, final long databaseSequence) {
        events.add(new Event(() -> listener.onSubscribed(cursor, databaseSequence), 0, false));
    }

    void delivered(final Delivery delivery, final int frameBytes) {
        events.add(new Event(() -> listener.onDelivery(delivery), frameBytes, false));
    }

    void progressed(final Progress progress) {
        events.add(new Event(() -> listener.onProgress(progress), 0, false));
    }

    void resetRequired(final ResetReason reason, final String text) {
        events.add(new Event(() -> listener.onResetRequired(reason, text), 0, true));
    }

    void failed(final ClientException cause) {
        events.add(new Event(() -> listener.onFailed(cause), 0, true));
    }

    void unsubscribed() {
        events.add(new Event(() -> {}, 0, true));
    }

    boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    /** Waits until everything was handed over. */
    void join() {
        try {
            thread.join();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void run() {
        boolean last = false;
        boolean failed = false;
        try {
            while (!last) {
                final Event event = events.take();
                last = event.last();
                if (!failed) {
                    failed = !call(event.call());
                }
                if (event.frameBytes() > 0) {
                    handled.accept(event.frameBytes());
                }
            }
        } catch (final InterruptedException e) {
            abandon.run();
        }
    }

    /** False if the listener failed: it gets nothing more but the reason. */
    private boolean call(final Runnable event) {
        try {
            event.run();
            return true;
        } catch (final RuntimeException e) {
            final ClientException cause =
                    new ClientException(ErrorCodes.LISTENER_FAILED, "the listener of deliveries failed: " + e);
            cause.initCause(e);
            abandon.run();
            listener.onFailed(cause);
            return false;
        }
    }
}
