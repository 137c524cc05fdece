package io.lockstep.node.demo;

import io.lockstep.client.BlockingClient;
import io.lockstep.client.ClientContext;
import io.lockstep.client.DatabaseOptions;
import io.lockstep.client.model.Key;
import io.lockstep.client.model.Site;
import io.lockstep.client.replica.Replica;
import io.lockstep.engine.port.JournalFailedException;
import io.lockstep.engine.recovery.ReplayDivergedException;
import io.lockstep.journal.InspectionReport;
import io.lockstep.node.cli.CliException;
import io.lockstep.node.cli.ExitCode;
import io.lockstep.node.demo.History.FileVersion;
import io.lockstep.node.process.NodeProcess;
import io.lockstep.node.tool.verify.JournalVerifier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** One run of the demo: load, followers, a kill in the middle, a restart, proofs. One thread. */
final class Demo implements AutoCloseable {
    /** Fewer change sets than this are too few to see anything. */
    static final int SETS_MIN = 20_000;

    static final String DATABASE = "demo";

    /** So long the load lasts, unless told otherwise. */
    static final int LOAD_SECONDS = 16;

    private static final long LOAD_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(90);
    private static final long FOLLOW_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final int IN_FLIGHT_AT_KILL = 2;
    private static final int OFFLINE_PERCENT = 30;
    private static final int KILL_PERCENT = 50;
    private static final int ONLINE_PERCENT = 70;
    private static final int SLOW_CREDIT_BYTES = 64 * 1024;
    private static final int CREDIT_BYTES = 4 << 20;
    private static final long SEED = 20_260_101L;

    private final DemoPlan plan;
    private final Path folder;
    private final String durability;
    private final long loadNs;
    private final DemoProgress progress;
    private final DemoProof proof = new DemoProof();
    private final List<DemoReplica> replicas = new ArrayList<>();
    private NodeProcess node;
    private DemoLoad load;
    private long startNs;
    private long killNs;
    private long readyNs;
    private long endNs;
    private int inFlightAtKill;

    Demo(
            final DemoPlan plan,
            final Path folder,
            final String durability,
            final int loadSeconds,
            final DemoProgress progress) {
        this.plan = plan;
        loadNs = TimeUnit.SECONDS.toNanos(loadSeconds);
        this.folder = folder;
        this.durability = durability;
        this.progress = progress;
    }

    /**
     * Runs.
     *
     * @throws IOException if the node cannot be started
     */
    void run() throws IOException {
        node = startNode("127.0.0.1:0");
        progress.event("node is ready: " + node.readyLine());
        final String address = node.address();
        final int total = plan.sets().size();
        final long slowNs = loadNs / total * 2;
        final DemoReplica live = new DemoReplica("live replica", address, DATABASE, CREDIT_BYTES, 0);
        final DemoReplica slow = new DemoReplica("slow replica", address, DATABASE, SLOW_CREDIT_BYTES, slowNs);
        final DemoReplica away = new DemoReplica("replica that was offline", address, DATABASE, CREDIT_BYTES, 0);
        replicas.addAll(List.of(live, slow, away));
        replicas.forEach(DemoReplica::goOnline);
        load = new DemoLoad(plan, address, DATABASE, loadNs);
        startNs = System.nanoTime();
        load.start(SEED);
        awaitAnswered(total * OFFLINE_PERCENT / 100);
        away.goOffline();
        progress.event("one replica went offline at sequence " + away.sequence());
        awaitAnswered(total * KILL_PERCENT / 100);
        killAndRestart(address);
        awaitAnswered(total * ONLINE_PERCENT / 100);
        away.goOnline();
        progress.event("the replica came back, and follows from sequence " + away.sequence());
        awaitAnswered(total);
        await("the end of the load", LOAD_TIMEOUT_NS, () -> load.isDone());
        endNs = System.nanoTime();
        slow.hurry();
        progress.event("all answered; waiting for the replicas");
        prove(address, live);
    }

    private NodeProcess startNode(final String tcp) throws IOException {
        final List<String> arguments = List.of(
                "--data",
                folder.resolve("data").toString(),
                "--tcp",
                tcp,
                "--auth",
                "none",
                "--durability",
                durability);
        return NodeProcess.start(arguments, folder.resolve("node.log"));
    }

    private void killAndRestart(final String address) throws IOException {
        // With sets in flight: a fast node has few at this rate, so it is caught at a moment when there are some.
        await("sets in flight", FOLLOW_TIMEOUT_NS, () -> load.inFlight() >= IN_FLIGHT_AT_KILL || load.isDone());
        inFlightAtKill = load.inFlight();
        node.kill();
        killNs = System.nanoTime();
        progress.event("SIGKILL, with " + inFlightAtKill + " change sets in flight");
        node = startNode(address);
        readyNs = System.nanoTime();
        progress.event(String.format("the node is back after %,d ms", (readyNs - killNs) / 1_000_000));
    }

    private void awaitAnswered(final int count) {
        await("answers", LOAD_TIMEOUT_NS, () -> {
            progress.update(
                    load.answered(),
                    plan.sets().size(),
                    String.format(
                            "replicas at %,d / %,d / %,d",
                            replicas.get(0).sequence(),
                            replicas.get(1).sequence(),
                            replicas.get(2).sequence()));
            return load.answered() >= count;
        });
    }

    /** A condition that must come true. */
    @FunctionalInterface
    private interface Condition {
        boolean holds();
    }

    private void await(final String what, final long timeoutNs, final Condition condition) {
        final long beginNs = System.nanoTime();
        while (!condition.holds()) {
            final String failure = failure();
            if (failure != null) {
                throw new CliException(
                        ExitCode.CHECK_FAILED, failure + "; the node's log is " + folder.resolve("node.log"));
            }
            if (System.nanoTime() - beginNs > timeoutNs) {
                throw new CliException(
                        ExitCode.CHECK_FAILED,
                        "waited too long for " + what + ": " + load.answered() + " of "
                                + plan.sets().size() + " answered; the node's log is " + folder.resolve("node.log"));
            }
            LockSupport.parkNanos(POLL_NS);
        }
    }

    private String failure() {
        if (load != null && load.failure() != null) {
            return load.failure();
        }
        for (final DemoReplica replica : replicas) {
            if (replica.failure() != null) {
                return replica.name() + ": " + replica.failure();
            }
        }
        return null;
    }

    private void prove(final String address, final DemoReplica live) {
        final ClientContext context = new ClientContext().addresses(address).clientName("lockstep-demo proof");
        final Replica coordinator;
        final Site incarnation;
        try (BlockingClient client = BlockingClient.connect(context)) {
            final long last =
                    client.openDatabase(DatabaseOptions.existing(DATABASE)).sequence();
            for (final DemoReplica replica : replicas) {
                await(replica.name(), FOLLOW_TIMEOUT_NS, () -> replica.sequence() >= last);
            }
            coordinator = client.readState();
            incarnation = client.session().incarnation();
        }
        replicas.forEach(DemoReplica::close);
        progress.end();
        final Map<Key, FileVersion> expected = plan.expected();
        proof.sameFiles(expected, "coordinator's own state", coordinator);
        for (final DemoReplica replica : replicas) {
            proof.sameFiles(expected, replica.name(), replica.replica());
        }
        proof.sameDigest(incarnation, coordinator, replicas);
        proof.nothingLost(plan, load, live.clocks());
        final int exit = node.stop();
        proof.check(exit == 0, "the node ended in order on SIGTERM, exit code " + exit);
        verifyJournal();
    }

    private void verifyJournal() {
        try (JournalVerifier verifier = new JournalVerifier(records -> {})) {
            final InspectionReport report = verifier.run(dataFolder());
            proof.check(
                    report.isSound(),
                    String.format(
                            "journal: %,d records of two lives hold: checksums, chain, outcomes and digests by replay",
                            report.records()));
        } catch (final JournalFailedException | ReplayDivergedException e) {
            proof.check(false, "journal: " + e.getMessage());
        }
    }

    DemoProof proof() {
        return proof;
    }

    DemoLoad load() {
        return load;
    }

    Path dataFolder() {
        return folder.resolve("data");
    }

    long startNs() {
        return startNs;
    }

    long endNs() {
        return endNs;
    }

    long killNs() {
        return killNs;
    }

    long readyNs() {
        return readyNs;
    }

    int inFlightAtKill() {
        return inFlightAtKill;
    }

    @Override
    public void close() {
        replicas.forEach(DemoReplica::close);
        if (node != null) {
            node.close();
        }
    }
}
