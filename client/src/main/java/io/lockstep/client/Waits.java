package io.lockstep.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for answers as callers of a blocking client do: what went wrong comes as one kind of exception. */
final class Waits {
    private Waits() {}

    static <T> T await(final CompletableFuture<T> future, final long timeoutMs) {
        try {
            return future.get(timeoutMs, TimeUnit.MILLISECONDS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClientException(ErrorCodes.TIMED_OUT, "interrupted");
        } catch (final TimeoutException e) {
            final ClientException cause =
                    new ClientException(ErrorCodes.TIMED_OUT, "no answer in time: limitMs=" + timeoutMs);
            future.completeExceptionally(cause);
            throw cause;
        } catch (final ExecutionException e) {
            if (e.getCause() instanceof ClientException cause) {
                final ClientException here = new ClientException(
                        cause.code(), cause.retryAfterMs(), cause.limitValue(), cause.actualValue(), cause.text());
                here.initCause(cause);
                throw here;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
