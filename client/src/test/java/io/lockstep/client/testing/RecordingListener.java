package io.lockstep.client.testing;

import io.lockstep.client.ClientListener;
import io.lockstep.client.DatabaseInfo;
import io.lockstep.client.ErrorCodes;
import io.lockstep.client.SessionInfo;
import io.lockstep.client.model.Cursor;
import io.lockstep.client.model.Delivery;
import io.lockstep.codec.DeliveryDecoder;
import io.lockstep.codec.ResetRequiredDecoder;
import io.lockstep.codec.SubmitResultDecoder;
import java.util.ArrayList;
import java.util.List;

/** Keeps what a client said. */
public final class RecordingListener implements ClientListener {
    public final List<Long> results = new ArrayList<>();
    public final List<String> errors = new ArrayList<>();
    public final List<String> disconnections = new ArrayList<>();
    public final List<Delivery> deliveries = new ArrayList<>();
    public final List<Cursor> subscriptions = new ArrayList<>();
    public final List<Long> suspects = new ArrayList<>();
    public final List<String> goAways = new ArrayList<>();
    public final List<Integer> deliveredBytes = new ArrayList<>();
    public int connections;
    public int openings;
    public int resets;

    @Override
    public void onConnected(final SessionInfo session) {
        connections++;
    }

    @Override
    public void onDatabaseOpened(final long requestId, final DatabaseInfo database) {
        openings++;
    }

    @Override
    public void onResult(final long requestId, final SubmitResultDecoder result) {
        results.add(requestId);
    }

    @Override
    public void onError(
            final long requestId,
            final int code,
            final long retryAfterMs,
            final long limitValue,
            final long actualValue,
            final String text) {
        errors.add(requestId + " " + ErrorCodes.name(code));
    }

    @Override
    public void onSuspectResent(final long requestId, final int losses) {
        suspects.add(requestId);
    }

    @Override
    public void onSubscribed(final long requestId, final Cursor cursor, final long databaseSequence) {
        subscriptions.add(cursor);
    }

    @Override
    public void onDelivery(final DeliveryDecoder delivery, final int frameBytes) {
        deliveries.add(Delivery.decode(delivery));
        deliveredBytes.add(frameBytes);
    }

    @Override
    public void onResetRequired(final long requestId, final ResetRequiredDecoder reset) {
        resets++;
    }

    @Override
    public void onGoAway(final String address, final long reconnectAfterMs, final String reason) {
        goAways.add(address);
    }

    @Override
    public void onDisconnected(final String reason) {
        disconnections.add(reason);
    }
}
