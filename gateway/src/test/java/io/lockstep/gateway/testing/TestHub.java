package io.lockstep.gateway.testing;

import io.lockstep.codec.Durability;
import io.lockstep.codec.NodeRole;
import io.lockstep.engine.EngineContext;
import io.lockstep.engine.memory.MemoryJournal;
import io.lockstep.engine.port.CommittedSlot;
import io.lockstep.engine.port.EgressPort;
import io.lockstep.engine.port.SpaceLevel;
import io.lockstep.gateway.auth.Authenticator;
import io.lockstep.gateway.auth.NoAuthentication;
import io.lockstep.gateway.limits.GatewayCounter;
import io.lockstep.gateway.limits.GatewayCounters;
import io.lockstep.gateway.limits.SessionLimit;
import io.lockstep.gateway.limits.SessionLimits;
import io.lockstep.gateway.session.BootstrapQueues;
import io.lockstep.gateway.session.CatchUpAgent;
import io.lockstep.gateway.session.CatchUpPace;
import io.lockstep.gateway.session.CatchUpQueues;
import io.lockstep.gateway.session.NodeIdentity;
import io.lockstep.gateway.session.ReaderQueues;
import io.lockstep.gateway.session.SessionContext;
import io.lockstep.gateway.session.SessionHub;
import io.lockstep.gateway.session.SpaceSource;
import io.lockstep.gateway.session.UploadExaminer;
import io.lockstep.gateway.session.UploadQueues;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Sessions, the real engine and the catch-up reader in lock-step and in virtual time, without a socket. */
public final class TestHub implements AutoCloseable {
    private final VirtualTime time = new VirtualTime();
    private final GatewayCounters counters = new GatewayCounters();
    private final List<String> errors = new ArrayList<>();
    private final TestEngineParts parts;
    private final SessionHub hub;
    private final CatchUpAgent catchUp;
    private final UploadExaminer examiner;
    private SpaceLevel space = SpaceLevel.NORMAL;
    private boolean roomForBulk = true;
    private long freeBytes = 70;
    private Runnable beforeSlot = () -> {};
    private volatile long readableMax = Long.MAX_VALUE;

    public TestHub() {
        this(new NoAuthentication(), new SessionLimits(), context -> {});
    }

    public TestHub(
            final Authenticator authenticator, final SessionLimits limits, final Consumer<EngineContext> settings) {
        this(authenticator, limits, settings, MemoryJournal.selfSyncing());
    }

    public TestHub(
            final Authenticator authenticator,
            final SessionLimits limits,
            final Consumer<EngineContext> settings,
            final MemoryJournal journal) {
        parts = new TestEngineParts(journal, settings);
        limits.conclude(TestEngineParts.FRAME_LIMITS.frameBytesMax());
        final CatchUpQueues queues = new CatchUpQueues(64, limits.intValue(SessionLimit.CATCH_UP_CHUNK_BYTES));
        final UploadQueues uploads = UploadQueues.create();
        examiner = new UploadExaminer(
                uploads, TestEngineParts.FRAME_LIMITS, limits.intValue(SessionLimit.UPLOAD_BYTES_MAX), () -> {});
        hub = new SessionHub(
                new SessionContext(
                        parts.engine().ingress(),
                        authenticator,
                        limits,
                        TestEngineParts.FRAME_LIMITS,
                        new NodeIdentity(
                                TestEngineParts.INCARNATION.high(),
                                TestEngineParts.INCARNATION.low(),
                                () -> 1,
                                Durability.JOURNALED,
                                NodeRole.SINGLE,
                                "test"),
                        report -> {
                            report.value("answer", 42);
                            report.text("role", "single");
                        },
                        new SpaceSource() {
                            @Override
                            public SpaceLevel level() {
                                return space;
                            }

                            @Override
                            public long freeBytes() {
                                return freeBytes;
                            }

                            @Override
                            public boolean hasRoomForBulk() {
                                return roomForBulk;
                            }

                            @Override
                            public long limitBytes(final SpaceLevel level) {
                                return level == SpaceLevel.HARD ? 100 : 1_000;
                            }
                        },
                        counters,
                        (category, message) -> {}),
                new ReaderQueues(queues, new BootstrapQueues(64, 1 << 10), uploads),
                () -> {},
                1,
                time.nanoTime(),
                time.time());
        catchUp = new CatchUpAgent(
                queues,
                journal::openReader,
                () -> Math.min(readableMax, parts.engine().committedPosition()),
                () -> {},
                error -> errors.add(String.valueOf(error)),
                CatchUpPace.NONE,
                TestEngineParts.FRAME_LIMITS.frameBytesMax(),
                time);
        parts.egress(new EgressPort() {
            @Override
            public void onCommitted(final CommittedSlot slot) {
                beforeSlot.run();
                hub.onCommitted(slot);
            }

            @Override
            public void onBatchEnd() {}
        });
    }

    public TestClient connect() {
        return connect("10.0.0.1");
    }

    public TestClient connect(final String address) {
        return new TestClient(hub, address);
    }

    /** A client with an open database. */
    public TestClient open(final String token, final String database, final long... ownSites) {
        final TestClient client = connect();
        client.says(Messages.hello(token, ownSites), Messages.open(1, database, true));
        settle();
        return client;
    }

    public int hubCycle() {
        hub.time(time.nanoTime(), time.time());
        return hub.doWork();
    }

    public int engineCycle() {
        return parts.engine().doWork();
    }

    public int catchUpCycle() {
        return catchUp.doWork() + examiner.doWork();
    }

    /** Until nothing can go on. */
    public void settle() {
        while (hubCycle() + engineCycle() + catchUpCycle() > 0) {
            Thread.onSpinWait();
        }
    }

    /** Hub and engine alone go on: what is examined in the background stays where it is. */
    public void letTimePassUnexamined(final long ms) {
        time.advanceMs(ms);
        while (hubCycle() + engineCycle() > 0) {
            Thread.onSpinWait();
        }
    }

    public void advanceMs(final long ms) {
        time.advanceMs(ms);
        settle();
    }

    /** Runs between two slots: the commit position is ahead of what egress handed over. */
    public void beforeSlot(final Runnable task) {
        beforeSlot = task;
    }

    /** Holds the reader's commit position back. */
    public void readableMax(final long position) {
        readableMax = position;
    }

    public void space(final SpaceLevel level) {
        space = level;
    }

    /** Whether the journal has room for what can wait. */
    public void roomForBulk(final boolean room) {
        roomForBulk = room;
    }

    /** Of the disk; the hard level begins below 100. */
    public void freeBytes(final long bytes) {
        freeBytes = bytes;
    }

    public long counter(final GatewayCounter counter) {
        return counters.value(counter);
    }

    public SessionHub hub() {
        return hub;
    }

    public TestEngineParts parts() {
        return parts;
    }

    public List<String> errors() {
        return errors;
    }

    public VirtualTime time() {
        return time;
    }

    @Override
    public void close() {
        catchUp.onClose();
        parts.close();
    }
}
