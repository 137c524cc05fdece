package io.lockstep.node.tool;

import io.lockstep.client.ClientListener;
import io.lockstep.client.model.Delivery;
import io.lockstep.codec.DeliveryDecoder;
import io.lockstep.codec.ResetRequiredDecoder;
import io.lockstep.node.cli.CliException;
import io.lockstep.node.cli.ExitCode;
import io.lockstep.node.json.JsonLineWriter;
import java.io.IOException;

/** Writes deliveries as they come. One thread. What goes wrong inside a callback is kept for the caller of poll. */
final class DeliveryPrinter implements ClientListener {
    /** Makes the end of the command from a refusal of the node. */
    interface Refused {
        CliException of(int code, String text);
    }

    private final JsonLineWriter writer;
    private final Reach reach;
    private final Refused refused;
    private long left;
    private boolean unflushed;
    private IOException broken;
    private CliException failure;

    DeliveryPrinter(final JsonLineWriter writer, final long count, final Reach reach, final Refused refused) {
        this.writer = writer;
        this.reach = reach;
        this.refused = refused;
        left = count;
    }

    @Override
    public void onDelivery(final DeliveryDecoder delivery, final int frameBytes) {
        if (isDone()) {
            return;
        }
        try {
            writer.delivery(Delivery.decode(delivery));
            unflushed = true;
            left--;
        } catch (final IOException e) {
            broken = e;
        }
    }

    @Override
    public void onResetRequired(final long requestId, final ResetRequiredDecoder reset) {
        failure = new CliException(
                ExitCode.NODE_REFUSED,
                "the cursor cannot be served (" + reset.reason() + "): sequence=" + reset.sequence()
                        + ", oldestSequence=" + reset.oldestSequence() + ": " + reset.text());
    }

    @Override
    public void onError(
            final long requestId,
            final int code,
            final long retryAfterMs,
            final long limitValue,
            final long actualValue,
            final String text) {
        failure = refused.of(code, text);
    }

    @Override
    public void onDisconnected(final String reason) {
        if (!isDone()) {
            reach.onLost(reason);
        }
    }

    boolean isDone() {
        return left == 0 || broken != null || failure != null;
    }

    void flush() throws IOException {
        if (broken != null) {
            throw broken;
        }
        if (unflushed) {
            unflushed = false;
            try {
                writer.flush();
            } catch (final IOException e) {
                broken = e;
                throw e;
            }
        }
    }

    void throwFailure() {
        if (failure != null) {
            throw failure;
        }
    }
}
