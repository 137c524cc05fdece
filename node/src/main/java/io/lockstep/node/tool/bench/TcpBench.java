package io.lockstep.node.tool.bench;

import io.lockstep.codec.Durability;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/** Measures over TCP: a node, and the bare echo with the same frames and the same loop. One thread. */
public final class TcpBench {
    private static final long SEED = 0x9E37_79B9_7F4A_7C15L;

    private final BenchPlan plan;
    private final LongConsumer onProgress;
    private Durability durability;

    /**
     * A measurement.
     *
     * @param plan what to do
     * @param onProgress told a few times a second how many sets were answered
     */
    public TcpBench(final BenchPlan plan, final LongConsumer onProgress) {
        this.plan = plan;
        this.onProgress = onProgress;
    }

    /**
     * Measures a node.
     *
     * @param address where it listens
     * @param token empty for none
     * @param database made if it is not there; better one that was never used
     * @return what was measured
     * @throws BenchException if the node refuses, ends a session or does not answer
     * @throws IOException if the node cannot be reached
     */
    public LoadResult runNode(final InetSocketAddress address, final String token, final String database)
            throws IOException {
        final List<SocketChannel> channels = new ArrayList<>();
        final SessionOpening opening = new SessionOpening();
        for (int i = 0; i < plan.connections(); i++) {
            channels.add(opening.open(address, token, database));
        }
        durability = opening.durability();
        if (plan.windowOf(0) > opening.inFlightMax()) {
            throw new BenchException("--in-flight=" + plan.inFlight() + " over --connections=" + plan.connections()
                    + " is more than the node takes of a session: inFlightMax=" + opening.inFlightMax());
        }
        return run(channels, opening.frameBytesMax());
    }

    /**
     * Measures the bare echo.
     *
     * @return what was measured; every frame that came back counts as accepted
     * @throws IOException from below
     */
    public LoadResult runEcho() throws IOException {
        try (EchoServer echo = new EchoServer()) {
            final List<SocketChannel> channels = new ArrayList<>();
            for (int i = 0; i < plan.connections(); i++) {
                final SocketChannel channel = SocketChannel.open(echo.address());
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                channels.add(channel);
            }
            return run(channels, Integer.MAX_VALUE);
        }
    }

    /**
     * What an answer of the node promised.
     *
     * @return null before {@link #runNode}
     */
    public Durability durability() {
        return durability;
    }

    private LoadResult run(final List<SocketChannel> channels, final long frameBytesMax) throws IOException {
        final SetFrames frames = new SetFrames(plan, SEED);
        if (frames.frameLength() > frameBytesMax) {
            throw new BenchException("--changes-per-set=" + plan.changesPerSet() + " of --value-bytes="
                    + plan.valueBytes() + " make a frame of " + frames.frameLength() + " bytes: frameBytesMax="
                    + frameBytesMax);
        }
        final List<LoadLink> links = new ArrayList<>();
        for (int i = 0; i < channels.size(); i++) {
            links.add(new LoadLink(channels.get(i), frames, plan.windowOf(i), i + 1));
        }
        try (LoadLoop loop = new LoadLoop(plan, frames, links, onProgress)) {
            return loop.run();
        }
    }
}
