package io.lockstep.gateway.tcp;

import io.lockstep.codec.ErrorCode;
import io.lockstep.gateway.limits.BufferBudget;
import io.lockstep.gateway.limits.GatewayCounter;
import io.lockstep.gateway.limits.SessionLimit;
import io.lockstep.gateway.limits.SessionLimits;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.NanoClock;

/**
 * All frames that are not whole yet. They may take half of the buffers, so that answers and deliveries keep the other
 * half. When there is no room for more, whoever costs most loses its connection, those without a valid token first:
 * its bytes times the time since its frame began. So nobody who holds little is refused because others hold much. A frame
 * must be whole within a time. One thread.
 */
final class PartialFrames {
    private static final long CHECK_NS = TimeUnit.MILLISECONDS.toNanos(50);

    private final BufferBudget budget;
    private final NanoClock clock;
    private final int timeoutMs;
    private final ArrayList<PartialFrame> frames = new ArrayList<>();
    private long bytes;
    private long checkedNs;

    PartialFrames(final BufferBudget budget, final SessionLimits limits, final NanoClock clock) {
        this.budget = budget;
        this.clock = clock;
        timeoutMs = limits.intValue(SessionLimit.PARTIAL_FRAME_TIMEOUT_MS);
        checkedNs = clock.nanoTime();
    }

    long nowNs() {
        return clock.nanoTime();
    }

    void add(final PartialFrame frame) {
        frame.restart();
        frame.index(frames.size());
        frames.add(frame);
    }

    void remove(final PartialFrame frame) {
        final PartialFrame last = frames.remove(frames.size() - 1);
        if (last != frame) {
            frames.set(frame.index(), last);
            last.index(frame.index());
        }
        frame.index(-1);
        count(frame);
    }

    /** Its memory has changed. */
    void count(final PartialFrame frame) {
        final long held = frame.heldBytes();
        bytes += held - frame.counted();
        frame.counted(held);
    }

    /**
     * Makes room for bytes that belong to a frame of one connection.
     *
     * @param asker keeps them; it loses its connection only if nobody costs more
     * @param more bytes
     * @return false if it has lost it
     */
    boolean makeRoom(final PartialFrame asker, final int more) {
        while (isOver(more)) {
            final PartialFrame dearest = dearest(asker, more);
            dearest.connection()
                    .refuse(
                            GatewayCounter.BUFFERS_REFUSED,
                            ErrorCode.RESOURCE_EXHAUSTED,
                            bytesMax(),
                            bytes + more,
                            "no room for frames in parts, half of bufferBytesMax: limit=" + bytesMax() + ", all="
                                    + (bytes + more) + ", this one=" + dearest.heldBytes());
            if (dearest == asker) {
                return false;
            }
        }
        return true;
    }

    private boolean isOver(final int more) {
        // Bytes that wait to be sent may take all the rest, but not what is left to frames in parts.
        return bytes + more > bytesMax();
    }

    /** Half of the budget. */
    long bytesMax() {
        return budget.bytesMax() / 2;
    }

    private PartialFrame dearest(final PartialFrame asker, final int more) {
        final long nowNs = nowNs();
        PartialFrame dearest = asker;
        boolean known = asker.connection().isKnown();
        double cost = cost(asker.heldBytes() + more, asker.isEmpty() ? 0 : asker.ageNs(nowNs));
        for (int i = 0; i < frames.size(); i++) {
            final PartialFrame frame = frames.get(i);
            final boolean frameKnown = frame.connection().isKnown();
            final double frameCost = cost(frame.heldBytes(), frame.ageNs(nowNs));
            if (frame != asker && (known == frameKnown ? frameCost > cost : known)) {
                dearest = frame;
                known = frameKnown;
                cost = frameCost;
            }
        }
        return dearest;
    }

    /** Never 0, so that at one instant the larger one costs more. */
    private static double cost(final long bytes, final long ageNs) {
        return (double) bytes * (ageNs + 1);
    }

    /** Ends connections whose frame was not whole in time. Returns 0 if there were none. */
    int expire(final long nowNs) {
        if (nowNs - checkedNs < CHECK_NS) {
            return 0;
        }
        checkedNs = nowNs;
        int ended = 0;
        for (int i = frames.size() - 1; i >= 0; i--) {
            // The last one takes the place of one that goes, and has been looked at.
            final PartialFrame frame = frames.get(i);
            final long ageMs = TimeUnit.NANOSECONDS.toMillis(frame.ageNs(nowNs));
            if (ageMs >= timeoutMs && !frame.connection().isWaiting()) {
                frame.connection()
                        .refuse(
                                GatewayCounter.HEARTBEAT_TIMEOUTS,
                                ErrorCode.HEARTBEAT_TIMEOUT,
                                timeoutMs,
                                ageMs,
                                "a frame was not whole in time: partialFrameTimeoutMs=" + timeoutMs + ", received="
                                        + frame.bytes().readableBytes());
                ended++;
            }
        }
        return ended;
    }
}
