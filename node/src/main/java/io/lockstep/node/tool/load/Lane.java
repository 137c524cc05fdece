package io.lockstep.node.tool.load;

import io.lockstep.client.ClientContext;
import io.lockstep.client.ClientException;
import io.lockstep.client.ClientListener;
import io.lockstep.client.DatabaseInfo;
import io.lockstep.client.DatabaseOptions;
import io.lockstep.client.ErrorCodes;
import io.lockstep.client.LockstepClient;
import io.lockstep.client.Refusal;
import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.model.SubmitOutcome;
import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.SubmitResultDecoder;
import java.util.ArrayDeque;
import org.agrona.collections.Long2ObjectHashMap;

/** One connection to the node with a bounded queue before it; keeps the order in which sets were added. One thread. */
final class Lane implements ClientListener, AutoCloseable {
    /** Sets read ahead of the window, so that one full lane does not at once stop the others. */
    private static final int QUEUE_MAX = 256;

    private static final long REOPEN_MS_MIN = 100;

    private final LockstepClient client;
    private final LaneListener listener;
    private final DatabaseOptions open;
    private final DatabaseOptions create;
    private final ArrayDeque<ChangeSet> queue = new ArrayDeque<>();
    private final Long2ObjectHashMap<ChangeSet> sent = new Long2ObjectHashMap<>();
    private ClientException failure;
    private long openRequestId;
    private long reopenAtNs = Long.MAX_VALUE;
    private boolean opened;
    private boolean creating;
    private boolean closing;

    /**
     * A lane that starts to connect when it is first polled.
     *
     * @param context of its client
     * @param open which database
     * @param create what to make when there is none, or null to make none
     * @param listener gets the answers
     */
    Lane(
            final ClientContext context,
            final DatabaseOptions open,
            final DatabaseOptions create,
            final LaneListener listener) {
        this.listener = listener;
        this.open = open;
        this.create = create;
        client = new LockstepClient(context, this);
        openRequestId = client.openDatabase(open);
    }

    boolean hasRoom() {
        return queue.size() < QUEUE_MAX;
    }

    boolean isIdle() {
        return queue.isEmpty() && sent.isEmpty();
    }

    boolean isConnected() {
        return client.isConnected();
    }

    void add(final ChangeSet set) {
        queue.add(set);
    }

    /** Sends what the window takes, and hands on what has arrived. */
    int work(final long nowNs) {
        if (nowNs >= reopenAtNs) {
            reopenAtNs = Long.MAX_VALUE;
            openRequestId = client.openDatabase(open);
        }
        int work = opened ? submit() : 0;
        work += client.poll();
        if (failure != null) {
            throw failure;
        }
        if (client.isClosed()) {
            throw new ClientException(ErrorCodes.CLIENT_CLOSED, "the client closed");
        }
        return work;
    }

    private int submit() {
        int submitted = 0;
        for (ChangeSet set = queue.peek(); set != null; set = queue.peek()) {
            final long requestId = client.submit(set);
            if (requestId == Refusal.TOO_LARGE) {
                listener.onRefused(
                        queue.remove(), ErrorCodes.LARGER_THAN_FRAME, "encodedLength=" + set.encodedLength());
            } else if (requestId < 0) {
                break;
            } else {
                sent.put(requestId, queue.remove());
            }
            submitted++;
        }
        return submitted;
    }

    @Override
    public void onDatabaseOpened(final long requestId, final DatabaseInfo database) {
        opened = true;
        if (database.created()) {
            listener.onCreated(database.name());
        }
    }

    @Override
    public void onResult(final long requestId, final SubmitResultDecoder result) {
        listener.onOutcome(sent.remove(requestId), SubmitOutcome.decode(result));
    }

    @Override
    public void onError(
            final long requestId,
            final int code,
            final long retryAfterMs,
            final long limitValue,
            final long actualValue,
            final String text) {
        final ChangeSet set = requestId < 0 ? null : sent.remove(requestId);
        if (set != null && code != ErrorCodes.CLIENT_CLOSED) {
            listener.onRefused(set, code, text);
        } else if (requestId == openRequestId
                && code == ErrorCode.UNKNOWN_DATABASE.value()
                && create != null
                && !creating) {
            creating = true; // once: to a token that does not cover it, a database stays unknown
            openRequestId = client.openDatabase(create);
        } else if (requestId == openRequestId && ErrorCodes.isRetryable(code)) {
            reopenAtNs = System.nanoTime() + Math.max(retryAfterMs, REOPEN_MS_MIN) * 1_000_000;
            listener.onHeldUp(code);
        } else if ((requestId >= 0 || endsForGood(code)) && failure == null) {
            failure = new ClientException(code, retryAfterMs, limitValue, actualValue, text);
        }
    }

    @Override
    public void onHeldUp(final long requestId, final int code) {
        listener.onHeldUp(code);
    }

    /** Whether connecting again could only end the same way; a stalled or failing node may come back. */
    private static boolean endsForGood(final int code) {
        return ErrorCodes.isFatal(code)
                || code == ErrorCode.MALFORMED_FRAME.value()
                || code == ErrorCode.FRAME_TOO_LARGE.value()
                || code == ErrorCode.UNEXPECTED_MESSAGE.value()
                || code == ErrorCode.TOKEN_EXPIRED.value()
                || code == ErrorCodes.CLIENT_CLOSED;
    }

    @Override
    public void onDisconnected(final String reason) {
        if (!closing) {
            listener.onLost(reason);
        }
    }

    @Override
    public void close() {
        closing = true;
        client.close();
    }
}
