package io.lockstep.node.server;

import io.lockstep.codec.EpochCommandEncoder;
import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.NodeRole;
import io.lockstep.engine.Engine;
import io.lockstep.engine.EngineContext;
import io.lockstep.engine.arbitration.Arbiter;
import io.lockstep.engine.command.CommandKind;
import io.lockstep.engine.command.IngressCommand;
import io.lockstep.engine.record.Incarnation;
import io.lockstep.engine.recovery.JournalBootstrap;
import io.lockstep.engine.recovery.RecoveredState;
import io.lockstep.engine.stage.ThreadLayout;
import io.lockstep.gateway.Gateway;
import io.lockstep.gateway.GatewayContext;
import io.lockstep.gateway.auth.Authenticator;
import io.lockstep.gateway.limits.GatewayCounters;
import io.lockstep.gateway.limits.SessionLimit;
import io.lockstep.gateway.limits.SessionLimits;
import io.lockstep.gateway.session.NodeIdentity;
import io.lockstep.journal.ChronicleJournal;
import io.lockstep.journal.JournalContext;
import io.lockstep.journal.snapshot.SnapshotFolder;
import io.lockstep.journal.snapshot.SnapshotShelf;
import io.lockstep.journal.snapshot.SnapshotWriter;
import io.lockstep.node.cli.BuildVersion;
import io.lockstep.node.cli.CliException;
import io.lockstep.node.cli.ExitCode;
import io.lockstep.node.cli.HostPort;
import io.lockstep.node.cli.LogText;
import io.lockstep.node.config.NodeConfig;
import io.lockstep.node.config.SettingType.Address;
import io.lockstep.node.config.Settings;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.UnsafeBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running node: journal, arbiter, engine, gateway, metrics, put together in the order in which they depend on one
 * another and taken apart in the opposite one. Started and closed by one thread.
 */
public final class LockstepNode implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("lockstep.node");
    private static final long GENESIS_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(30);
    private static final long BIND_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(10);
    private static final long POLL_NS = 1_000_000;
    private static final long IDLE_BLOCK_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long SAMPLE_MS = 1_000;
    private static final long RECONNECT_AFTER_MS = 200;
    private static final long FIRST_EPOCH = 1;

    /** What shutdown waits for beyond the gateway's own drain time. */
    private static final long DRAIN_SLACK_MS = 2_000;

    private final NodeConfig config;
    private final FatalExit fatal;
    private final MappedCrumb crumb;
    private final ChronicleJournal journal;
    private final Arbiter arbiter;
    private final SnapshotWriter snapshots;
    private final Engine engine;
    private final Gateway gateway;
    private final NodeStatus status;
    private final MetricsServer metrics;
    private final Timer monitor = new Timer("lockstep-monitor", true);
    private final Incarnation incarnation;
    private final long epoch;
    private volatile Gateway wakeUpTarget;
    private boolean closed;

    private LockstepNode(final NodeConfig config, final FatalExit fatal) {
        this.config = config;
        this.fatal = fatal;
        fatal.listeningOn(config.text(Settings.TCP));
        // What can be wrong in files that people write comes before the data folder is touched.
        final Authenticator authenticator = NodeParts.authenticator(config);
        NodeParts.checkTls(config);
        final Path folder = DataFolder.prepare(Path.of(config.text(Settings.DATA)), LOG);
        final JournalContext journalContext = NodeParts.journal(config, folder)
                .wakeUp(this::wakeUp)
                .fatalHandler(failure -> fatal.onFatal("journal", failure))
                .conclude();
        crumb = MappedCrumb.open(folder);
        if (!crumb.startNote().isEmpty()) {
            LOG.warn("{}", crumb.startNote());
        }
        checkAddresses();
        final SnapshotFolder snapshotFolder = new SnapshotFolder(folder);
        journal = ChronicleJournal.open(journalContext, StateRecovery.fromPosition(snapshotFolder, LOG));
        incarnation = JournalBootstrap.incarnation(
                journal, randomIncarnation(), System.currentTimeMillis(), GENESIS_TIMEOUT_NS);
        final StateRecovery state = StateRecovery.run(
                journal, incarnation, snapshotFolder, () -> new Arbiter(NodeParts.arbiter(config, incarnation)), LOG);
        arbiter = state.arbiter();
        final RecoveredState recovered = state.recovered();
        final SnapshotShelf shelf = new SnapshotShelf(folder);
        snapshots = NodeParts.snapshots(config, folder, journal, state, shelf, this::committedPosition, this::wakeUp);
        epoch = Math.max(FIRST_EPOCH, recovered.epoch());
        final ThreadLayout layout = NodeParts.layout(config);
        final CountingEgress egress = new CountingEgress(arbiter.databaseCount());
        final TransportIdle idle = new TransportIdle(layout == ThreadLayout.SHARED);
        engine = new Engine(engineContext(recovered, egress, idle));
        final GatewayCounters counters = new GatewayCounters();
        status = new NodeStatus(
                new NodeStatus.NodeIdentityText(BuildVersion.version(), incarnation.toString(), epoch),
                config,
                journal,
                engine,
                egress,
                counters,
                crumb,
                snapshots);
        gateway = new Gateway(gatewayContext(authenticator, counters, folder, shelf));
        egress.target(gateway);
        idle.target(gateway.idleStrategy(), engine);
        wakeUpTarget = gateway;
        if (recovered.epoch() < epoch) {
            publishEpoch();
        }
        engine.start(layout, NodeParts.transports(config, engine, journal, egress, gateway), LockstepNode::thread);
        snapshots.start();
        awaitOrFail(() -> gateway.boundAddress() != null && engine.committedPosition() > 0, BIND_TIMEOUT_NS);
        monitor.scheduleAtFixedRate(sampling(), 0, SAMPLE_MS);
        metrics = startMetrics();
        fatal.started();
    }

    /**
     * Starts a node: takes the data folder, recovers, and listens.
     *
     * @param config concluded
     * @param fatal ends the process when the node fails later
     * @return a node that accepts clients
     * @throws CliException saying why it cannot
     * @throws io.lockstep.engine.port.JournalFailedException when the journal cannot be trusted or is locked
     * @throws io.lockstep.engine.recovery.ReplayDivergedException when replay differs from the journal
     */
    public static LockstepNode start(final NodeConfig config, final FatalExit fatal) {
        try {
            return new LockstepNode(config, fatal);
        } catch (final IllegalArgumentException e) {
            throw new CliException(ExitCode.CONFIG, String.valueOf(e.getMessage()), e);
        }
    }

    /** After the crumb's lock, so that a second node on the same folder is told of the first; before a long recovery. */
    private void checkAddresses() {
        try {
            final String tcp = config.text(Settings.TCP);
            ListenCheck.check(HostPort.parse(tcp).resolve(), "--tcp", tcp);
            final String metricsAddress = config.text(Settings.METRICS);
            if (!Address.OFF.equals(metricsAddress)) {
                ListenCheck.check(HostPort.parse(metricsAddress).resolve(), "--metrics", metricsAddress);
            }
        } catch (final CliException e) {
            crumb.close();
            throw e;
        }
    }

    private EngineContext engineContext(
            final RecoveredState recovered, final CountingEgress egress, final TransportIdle idle) {
        return new EngineContext()
                .arbiter(arbiter)
                .journal(journal)
                .recovered(recovered)
                .egress(egress)
                .fatalHandler(fatal)
                .crumb(crumb)
                .snapshots(snapshots)
                .durability(NodeParts.durability(config))
                .transportIdleStrategy(idle)
                .ringSlots(config.integer(Settings.RING_SLOTS))
                .commandRingBytes(config.integer(Settings.COMMAND_RING_BYTES))
                .recordRingBytes(config.integer(Settings.RECORD_RING_BYTES))
                .commandBytesMax(config.integer(Settings.FRAME_BYTES_MAX))
                .conclude();
    }

    private GatewayContext gatewayContext(
            final Authenticator authenticator,
            final GatewayCounters counters,
            final Path folder,
            final SnapshotShelf shelf) {
        final Logger log = LoggerFactory.getLogger("lockstep.gateway");
        final SessionLimits limits = NodeParts.sessionLimits(config);
        limits.set(
                SessionLimit.CONNECTIONS_MAX,
                OpenFiles.connections(limits.value(SessionLimit.CONNECTIONS_MAX), OpenFiles.max(), LOG));
        final GatewayContext context = new GatewayContext()
                .bindAddress(HostPort.parse(config.text(Settings.TCP)).resolve())
                .ingress(engine.ingress())
                .journal(journal::openReader, engine::committedPosition)
                .snapshots(shelf, CheckpointKey.of(folder, LOG))
                .space(new JournalSpace(
                        journal, config.number(Settings.SPACE_SOFT_BYTES), config.number(Settings.SPACE_HARD_BYTES)))
                .statusSource(status)
                .authenticator(authenticator)
                .plaintextTokensAllowed("true".equals(config.text(Settings.PLAINTEXT)))
                .limits(limits)
                .frameLimits(config.frameLimits())
                .identity(new NodeIdentity(
                        incarnation.high(),
                        incarnation.low(),
                        () -> epoch,
                        NodeParts.durability(config),
                        NodeRole.SINGLE,
                        "lockstep " + BuildVersion.version()))
                .counters(counters)
                .log((category, message) -> log.info("{}: {}", category, LogText.safe(message)))
                .errorHandler(failure -> engine.fail("catch-up", failure))
                .idle(TimeUnit.MICROSECONDS.toNanos(config.number(Settings.IDLE_SPIN_US)), IDLE_BLOCK_NS);
        if (config.has(Settings.TLS_CERT)) {
            context.tls(Path.of(config.text(Settings.TLS_CERT)), Path.of(config.text(Settings.TLS_KEY)));
        }
        return context.conclude();
    }

    /** A node alone has one epoch; a pair raises it with every change of primary. */
    private void publishEpoch() {
        final UnsafeBuffer body =
                new UnsafeBuffer(new byte[MessageHeaderEncoder.ENCODED_LENGTH + EpochCommandEncoder.BLOCK_LENGTH]);
        final EpochCommandEncoder command = new EpochCommandEncoder()
                .wrapAndApplyHeader(body, 0, new MessageHeaderEncoder())
                .epoch(epoch);
        command.nodeId().high(incarnation.high()).low(incarnation.low());
        final IngressCommand envelope = new IngressCommand()
                .set(CommandKind.EPOCH, 0, 0, 0, 0, engine.ingress().stampedTimeMs());
        if (!engine.ingress().tryPublish(envelope, body, 0, body.capacity())) {
            throw new IllegalStateException("an empty ring takes a command");
        }
    }

    private MetricsServer startMetrics() {
        final String address = config.text(Settings.METRICS);
        return Address.OFF.equals(address)
                ? null
                : MetricsServer.start(HostPort.parse(address).resolve(), status);
    }

    private void awaitOrFail(final BooleanSupplier condition, final long timeoutNs) {
        final long startNs = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - startNs > timeoutNs) {
                throw new CliException(
                        ExitCode.BIND_FAILED, "the node did not come up on " + config.text(Settings.TCP) + " in time");
            }
            LockSupport.parkNanos(POLL_NS);
        }
    }

    /**
     * The one line that tells scripts that clients are accepted.
     *
     * @return without a line end
     */
    public String readyLine() {
        final String positions = "written:" + journal.writtenPosition() + ",durable:" + journal.durablePosition()
                + ",committed:" + engine.committedPosition();
        return "lockstep ready tcp=" + text(gateway.boundAddress()) + " durability=" + config.text(Settings.DURABILITY)
                + " incarnation=" + incarnation + " epoch=" + epoch + " positions=" + positions + " metrics="
                + (metrics == null ? Address.OFF : text(metrics.address())) + " pid="
                + ProcessHandle.current().pid();
    }

    /**
     * Where clients connect.
     *
     * @return with the port that was picked
     */
    public InetSocketAddress address() {
        return gateway.boundAddress();
    }

    private static String text(final InetSocketAddress address) {
        return new HostPort(address.getAddress().getHostAddress(), address.getPort()).toString();
    }

    /** Ends in order: clients are told to go, what is in flight is answered and synced, the folder is given back. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        LOG.info("stopping");
        gateway.shutdown("the node stops", RECONNECT_AFTER_MS);
        final long drainMs = config.number(Settings.ofSessions().get(SessionLimit.DRAIN_TIMEOUT_MS)) + DRAIN_SLACK_MS;
        await(() -> gateway.isDrained() && engine.drained(), TimeUnit.MILLISECONDS.toNanos(drainMs));
        monitor.cancel();
        if (metrics != null) {
            metrics.close();
        }
        engine.close();
        snapshots.close();
        journal.close();
        arbiter.close();
        crumb.close();
        LOG.info("stopped: written={}, durable={}", journal.writtenPosition(), journal.durablePosition());
    }

    private static void await(final BooleanSupplier condition, final long timeoutNs) {
        final long startNs = System.nanoTime();
        while (!condition.getAsBoolean() && System.nanoTime() - startNs < timeoutNs) {
            LockSupport.parkNanos(POLL_NS);
        }
    }

    private long committedPosition() {
        return engine.committedPosition();
    }

    private void wakeUp() {
        final Gateway target = wakeUpTarget;
        if (target != null) {
            target.wakeup();
        }
    }

    private static Incarnation randomIncarnation() {
        final SecureRandom random = new SecureRandom();
        return new Incarnation(random.nextLong(), random.nextLong());
    }

    private static Thread thread(final Runnable task) {
        return Gateway.newThread(task, "lockstep-engine");
    }

    private TimerTask sampling() {
        final SpaceLog space =
                new SpaceLog(LOG, config.number(Settings.SPACE_SOFT_BYTES), config.number(Settings.SPACE_HARD_BYTES));
        return new TimerTask() {
            @Override
            public void run() {
                status.sample(System.nanoTime());
                space.sample(journal.spaceLevel(), journal.freeBytes());
            }
        };
    }
}
