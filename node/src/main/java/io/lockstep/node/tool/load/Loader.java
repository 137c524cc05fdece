package io.lockstep.node.tool.load;

import io.lockstep.client.ClientContext;
import io.lockstep.client.DatabaseOptions;
import io.lockstep.client.ErrorCodes;
import io.lockstep.client.OutcomeText;
import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.model.SubmitOutcome;
import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.SubmitStatus;
import io.lockstep.node.cli.LogText;
import io.lockstep.node.json.ChangeSetJson;
import io.lockstep.node.json.JsonLineWriter;
import io.lockstep.node.json.UnsendableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Sends all sets of a source over several lanes and gathers the answers. One thread drives everything; what is in memory
 * is bounded by the lanes' windows and queues.
 */
public final class Loader implements AutoCloseable {
    private static final long IDLE_NS = 100_000L;
    private static final long NS_PER_SECOND = 1_000_000_000L;
    private static final int REFUSALS_TOLD_MAX = 20;

    private final SetSource source;
    private final List<Lane> lanes = new ArrayList<>();
    private final JsonLineWriter acks;
    private final long ratePerSecond;
    private final Consumer<String> onLost;
    private final Consumer<String> messages;
    private final LoadTally tally = new LoadTally();
    private final LaneListener answers = new Answers();
    private ChangeSet held;
    private boolean exhausted;
    private boolean acksUnflushed;
    private int heldUpCode;
    private long started;
    private long startNs;

    /**
     * A loader.
     *
     * @param source what to send; closed with this
     * @param acks gets a line for each answer, or null
     * @param ratePerSecond at most this many sets a second, 0 for as fast as they are answered
     * @param onLost told when a connection ends or cannot be made
     * @param messages gets a line for a database that was made, and for each of the first refusals
     */
    public Loader(
            final SetSource source,
            final JsonLineWriter acks,
            final long ratePerSecond,
            final Consumer<String> onLost,
            final Consumer<String> messages) {
        this.source = source;
        this.acks = acks;
        this.ratePerSecond = ratePerSecond;
        this.onLost = onLost;
        this.messages = messages;
    }

    /**
     * Makes the connections; once, before the first {@link #work}.
     *
     * @param connections how many
     * @param context of each; its window is that of one connection
     * @param open which database
     * @param create what to make when there is none, or null to make none
     */
    public void connect(
            final int connections,
            final ClientContext context,
            final DatabaseOptions open,
            final DatabaseOptions create) {
        for (int i = 0; i < connections; i++) {
            lanes.add(new Lane(context, open, create, answers));
        }
    }

    /**
     * One duty cycle; idles briefly when there is nothing to do.
     *
     * @param nowNs the monotonic clock
     * @throws IOException if the source cannot be read or the acks not be written
     */
    public void work(final long nowNs) throws IOException {
        if (startNs == 0) {
            startNs = nowNs;
        }
        int work = distribute(nowNs);
        for (final Lane lane : lanes) {
            work += lane.work(nowNs);
        }
        if (acksUnflushed) {
            acksUnflushed = false;
            acks.flush();
        }
        if (work == 0) {
            LockSupport.parkNanos(IDLE_NS);
        }
    }

    /**
     * Whether everything was sent and answered.
     *
     * @return true at the end
     */
    public boolean isDone() {
        return exhausted && held == null && lanes.stream().allMatch(Lane::isIdle);
    }

    /**
     * Whether any lane is connected.
     *
     * @return false while the node is out of reach
     */
    public boolean isConnected() {
        return lanes.stream().anyMatch(Lane::isConnected);
    }

    /**
     * What became of the sets so far.
     *
     * @return live counts
     */
    public LoadTally tally() {
        return tally;
    }

    /**
     * How many sets there are in all.
     *
     * @return -1 while that is not known
     */
    public long total() {
        return exhausted ? tally.sets() : source.total();
    }

    /** Reads no more; what was read is still sent. */
    public void stopReading() {
        exhausted = true;
    }

    /**
     * Reads ahead: every set goes to the lane of its site, and a lane without room holds up the reading.
     *
     * @return how many sets were handed to lanes
     */
    private int distribute(final long nowNs) throws IOException {
        int distributed = 0;
        while (held != null || !exhausted) {
            if (held == null) {
                if (!isDue(nowNs)) {
                    break;
                }
                held = read();
                continue;
            }
            final Lane lane = lanes.get(laneOf(held));
            if (!lane.hasRoom()) {
                break;
            }
            lane.add(held);
            held = null;
            distributed++;
        }
        return distributed;
    }

    private boolean isDue(final long nowNs) {
        if (ratePerSecond == 0) {
            return true;
        }
        final boolean due = nowNs - startNs >= started * NS_PER_SECOND / ratePerSecond;
        if (due) {
            started++;
        }
        return due;
    }

    private ChangeSet read() throws IOException {
        final byte[] line = source.next();
        if (line == null) {
            exhausted = true;
            return null;
        }
        try {
            final ChangeSet set = ChangeSetJson.read(line, source.where());
            tally.onRead(set);
            return set;
        } catch (final UnsendableException e) {
            tally.onUnsendable();
            tell("cannot be sent: " + e.getMessage());
            return null;
        }
    }

    private int laneOf(final ChangeSet set) {
        return Math.floorMod(set.site().high() * 31 + set.site().low(), lanes.size());
    }

    @Override
    public void close() throws IOException {
        lanes.forEach(Lane::close);
        source.close();
        if (acks != null) {
            acks.close();
        }
    }

    private void ack(final ChangeSet set, final SubmitStatus status, final long sequence) {
        if (acks == null) {
            return;
        }
        try {
            acks.ack(set.hlc(0), status, sequence);
            acksUnflushed = true;
        } catch (final IOException e) {
            throw new UncheckedIOException("cannot write the acks file: " + e.getMessage(), e);
        }
    }

    private void tell(final String refusal) {
        if (tally.rejected() <= REFUSALS_TOLD_MAX) {
            messages.accept("lockstep: " + refusal);
        } else if (tally.rejected() == REFUSALS_TOLD_MAX + 1) {
            messages.accept("lockstep: further refusals are counted only");
        }
    }

    /** What the lanes tell. */
    private final class Answers implements LaneListener {
        @Override
        public void onCreated(final String database) {
            messages.accept("lockstep: created database " + LogText.safe(database));
        }

        @Override
        public void onOutcome(final ChangeSet set, final SubmitOutcome outcome) {
            tally.onOutcome(outcome);
            heldUpCode = 0;
            ack(set, outcome.status(), outcome.sequence());
            if (!outcome.isSettled()) {
                tell(set + ": " + OutcomeText.of(set, outcome));
            }
        }

        @Override
        public void onRefused(final ChangeSet set, final int code, final String text) {
            tally.onRefused();
            final boolean invalid = code == ErrorCode.INVALID_CHANGE_SET.value();
            ack(set, invalid ? SubmitStatus.INVALID : SubmitStatus.REFUSED, 0);
            tell(set + ": " + ErrorCodes.name(code) + ": " + text);
        }

        @Override
        public void onHeldUp(final int code) {
            if (code != heldUpCode) {
                heldUpCode = code;
                messages.accept("lockstep: the node refuses for now, trying again: " + ErrorCodes.name(code)
                        + "; './lockstep status' shows its limits and free space");
            }
        }

        @Override
        public void onLost(final String reason) {
            onLost.accept(reason);
        }
    }
}
