package io.lockstep.node.tool.bench;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Drives all connections from one thread: closed loop, or open loop at a rate. Used alike against a node and against the
 * bare echo, so that the two differ by the node alone.
 */
final class LoadLoop implements AutoCloseable {
    /** Below this many change sets in flight the loop spins on the socket: latency is what is asked for. */
    private static final int SPIN_IN_FLIGHT_MAX = 8;

    private static final long DRAIN_NS_MAX = 30_000_000_000L;
    private static final long PROGRESS_INTERVAL_NS = 250_000_000L;
    private static final long BLOCK_MS = 1;

    private final BenchPlan plan;
    private final SetFrames frames;
    private final List<LoadLink> links;
    private final LoadResult result;
    private final LongConsumer onProgress;
    private final Selector selector;
    private final Consumer<SelectionKey> onReady = this::onReady;
    private final boolean spin;
    private IOException failure;
    private int nextLink;
    private long dueCount;
    private long dueStartNs;

    /**
     * A loop.
     *
     * @param plan what to do
     * @param frames what the links send
     * @param links ready to take change sets
     * @param onProgress called a few times a second with the answers counted so far
     */
    LoadLoop(final BenchPlan plan, final SetFrames frames, final List<LoadLink> links, final LongConsumer onProgress)
            throws IOException {
        this.plan = plan;
        this.frames = frames;
        this.links = List.copyOf(links);
        this.onProgress = onProgress;
        result = new LoadResult();
        selector = Selector.open();
        spin = plan.inFlight() < SPIN_IN_FLIGHT_MAX && plan.connections() < SPIN_IN_FLIGHT_MAX;
        for (final LoadLink link : links) {
            link.channel().register(selector, SelectionKey.OP_READ, link);
        }
    }

    /**
     * Warms up, measures, and waits for what is unanswered.
     *
     * @return what was measured
     * @throws BenchException if the node ended a session or did not answer
     */
    LoadResult run() throws IOException {
        phase(plan.warmupMs() * 1_000_000);
        result.reset();
        final long startNs = System.nanoTime();
        phase(plan.measureMs() * 1_000_000);
        result.elapsedNs(System.nanoTime() - startNs);
        drain();
        return result;
    }

    @Override
    public void close() {
        links.forEach(LoadLink::close);
        try {
            selector.close();
        } catch (final IOException e) {
            throw new BenchException("cannot close: " + e.getMessage(), e);
        }
    }

    private void phase(final long lengthNs) throws IOException {
        final long startNs = System.nanoTime();
        dueStartNs = startNs;
        dueCount = 0;
        long progressNs = startNs;
        for (long nowNs = startNs; nowNs - startNs < lengthNs; nowNs = System.nanoTime()) {
            frames.time(System.currentTimeMillis());
            final boolean added = plan.isClosedLoop() ? fill(nowNs) : addDue(nowNs);
            pass(added);
            if (nowNs - progressNs > PROGRESS_INTERVAL_NS) {
                progressNs = nowNs;
                onProgress.accept(result.answered());
            }
        }
    }

    private boolean fill(final long nowNs) {
        boolean added = false;
        for (int i = 0; i < links.size(); i++) {
            final LoadLink link = links.get(i);
            while (link.hasRoom()) {
                link.add(nowNs);
                added = true;
            }
        }
        return added;
    }

    /** Adds every set that is due, one connection after the other; what finds no room stays due. */
    private boolean addDue(final long nowNs) {
        boolean added = false;
        long dueNs = dueStartNs + dueCount * 1_000_000_000L / plan.ratePerSecond();
        while (dueNs <= nowNs) {
            final LoadLink link = linkWithRoom();
            if (link == null) {
                break;
            }
            link.add(dueNs);
            added = true;
            dueCount++;
            dueNs = dueStartNs + dueCount * 1_000_000_000L / plan.ratePerSecond();
        }
        return added;
    }

    private LoadLink linkWithRoom() {
        for (int tried = 0; tried < links.size(); tried++) {
            final LoadLink link = links.get(nextLink);
            nextLink = nextLink + 1 == links.size() ? 0 : nextLink + 1;
            if (link.hasRoom()) {
                return link;
            }
        }
        return null;
    }

    private void pass(final boolean added) throws IOException {
        for (int i = 0; i < links.size(); i++) {
            final LoadLink link = links.get(i);
            if (link.hasUnsent()) {
                link.send();
                final int wanted =
                        link.hasUnsent() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ;
                interest(link, wanted);
            }
        }
        if (spin) {
            for (int i = 0; i < links.size(); i++) {
                links.get(i).receive(result);
            }
            return;
        }
        if (added || !plan.isClosedLoop()) {
            selector.selectNow(onReady);
        } else {
            selector.select(onReady, BLOCK_MS);
        }
        if (failure != null) {
            throw failure;
        }
    }

    private void interest(final LoadLink link, final int wanted) {
        final SelectionKey key = link.channel().keyFor(selector);
        if (key.interestOps() != wanted) {
            key.interestOps(wanted);
        }
    }

    private void onReady(final SelectionKey key) {
        try {
            if (key.isReadable()) {
                ((LoadLink) key.attachment()).receive(result);
            }
        } catch (final IOException e) {
            failure = e;
        }
    }

    private void drain() throws IOException {
        final long startNs = System.nanoTime();
        int unanswered = unanswered();
        while (unanswered > 0) {
            if (System.nanoTime() - startNs > DRAIN_NS_MAX) {
                throw new BenchException("unanswered=" + unanswered + " after waitedNs=" + DRAIN_NS_MAX);
            }
            pass(false);
            unanswered = unanswered();
        }
    }

    private int unanswered() {
        int unanswered = 0;
        for (int i = 0; i < links.size(); i++) {
            unanswered += links.get(i).unanswered();
        }
        return unanswered;
    }
}
