package io.lockstep.engine.stage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.codec.Durability;
import io.lockstep.codec.KeyForm;
import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.OpenDatabaseEncoder;
import io.lockstep.codec.RowPolicy;
import io.lockstep.codec.message.ChangeSetWriter;
import io.lockstep.engine.Engine;
import io.lockstep.engine.EngineContext;
import io.lockstep.engine.arbitration.Arbiter;
import io.lockstep.engine.arbitration.ArbiterContext;
import io.lockstep.engine.command.CommandKind;
import io.lockstep.engine.command.IngressCommand;
import io.lockstep.engine.memory.MemoryJournal;
import io.lockstep.engine.port.CommittedSlot;
import io.lockstep.engine.port.EgressPort;
import io.lockstep.engine.record.Incarnation;
import io.lockstep.engine.recovery.JournalBootstrap;
import io.lockstep.engine.recovery.ReplayProgress;
import io.lockstep.engine.ring.IngressClock;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Virtual time: a step of the clock, and then duty cycles until nothing can go on. */
class PruneAgentTest {
    private static final Incarnation INCARNATION = new Incarnation(0x1234, 0x5678);
    private static final long START_MS = 1_000_000;
    private static final long HORIZON_MS = 100_000;
    private static final long INTERVAL_MS = 10_000;
    private static final int AT_ONCE = 10;

    private final MemoryJournal journal = MemoryJournal.selfSyncing();
    private final IngressClock clock = IngressClock.manual(START_MS);
    private final Arbiter arbiter = new Arbiter(new ArbiterContext()
            .incarnation(INCARNATION.high(), INCARNATION.low())
            .prunedAtOnceMax(AT_ONCE)
            .arenaBytesMax(1L << 30)
            .conclude());
    private final Engine engine;
    private final UnsafeBuffer body = new UnsafeBuffer(new byte[4_096]);
    private final IngressCommand envelope = new IngressCommand();
    private final List<Integer> visited = new ArrayList<>();
    private PruneAgent agent;
    private boolean mayWrite = true;
    private long nowMs = START_MS;
    private long wall = 1;

    PruneAgentTest() {
        JournalBootstrap.incarnation(journal, INCARNATION, 1, TimeUnit.MINUTES.toNanos(1));
        engine = new Engine(new EngineContext()
                .arbiter(arbiter)
                .journal(journal)
                .recovered(JournalBootstrap.recover(journal, INCARNATION, arbiter, ReplayProgress.NONE))
                .egress(new EgressPort() {
                    @Override
                    public void onCommitted(final CommittedSlot slot) {
                        if (slot.kind() == CommandKind.PRUNE) {
                            visited.add(slot.databaseId());
                        }
                        agent.onCommitted(slot);
                    }

                    @Override
                    public void onBatchEnd() {}
                })
                .fatalHandler((component, cause) -> {
                    throw new AssertionError(component, cause);
                })
                .clock(clock)
                .durability(Durability.JOURNALED)
                .conclude());
        agent = agent(INTERVAL_MS);
    }

    private PruneAgent agent(final long intervalMs) {
        return new PruneAgent(
                engine.ingress(), arbiter::databaseCount, () -> mayWrite, HORIZON_MS, intervalMs, Integer.MIN_VALUE);
    }

    @AfterEach
    void close() {
        engine.close();
        arbiter.close();
    }

    @Test
    void shouldPruneWhatIsOlderThanTheHorizon() {
        create(1);
        delete(1, 0, 1);
        pass(HORIZON_MS - INTERVAL_MS, 100);
        assertEquals(1, arbiter.database(1).tombstones());
        pass(2 * INTERVAL_MS, 100);
        assertEquals(0, arbiter.database(1).tombstones());
        assertEquals(1, agent.prunes());
        assertEquals(1, agent.pruned());
    }

    @Test
    void shouldSpreadARoundOverTheInterval() {
        create(20);
        settle(); // the round begins
        pass(INTERVAL_MS / 2, 100);
        assertEquals(10, visited.size());
        pass(INTERVAL_MS / 2, 100);
        assertEquals(20, visited.size());
        assertEquals(20, visited.stream().distinct().count());
    }

    @Test
    void shouldLeaveNoRecordWhereNothingIsOldEnough() {
        create(3);
        delete(2, 0, 5);
        final long position = journal.writtenPosition();
        pass(5 * INTERVAL_MS, 100);
        assertTrue(agent.visits() >= 14, "visits=" + agent.visits());
        assertEquals(position, journal.writtenPosition());
    }

    @Test
    void shouldGoOnWithADatabaseUntilNothingIsLeft() {
        create(2);
        for (int i = 0; i < 35; i++) {
            nowMs++;
            delete(2, i, 1);
        }
        pass(HORIZON_MS + INTERVAL_MS, INTERVAL_MS / 2);
        visited.clear();
        pass(INTERVAL_MS, 1);
        assertEquals(0, arbiter.database(2).tombstones());
        assertEquals(35, agent.pruned());
        assertEquals(4, agent.prunes());
    }

    @Test
    void shouldRestBetweenTwoPartsOfOneDatabase() {
        create(1);
        for (int i = 0; i < 35; i++) {
            nowMs++;
            delete(1, i, 1);
        }
        nowMs += HORIZON_MS + INTERVAL_MS;
        settle();
        nowMs += INTERVAL_MS;
        settle();
        final long before = agent.prunes();
        nowMs += PruneAgent.SLICE_PAUSE_MS - 1;
        settle();
        assertEquals(before, agent.prunes());
        nowMs++;
        settle();
        assertEquals(before + 1, agent.prunes());
    }

    @Test
    void shouldNotMakeUpForALeapOfTheClock() {
        create(20);
        pass(INTERVAL_MS, 100);
        visited.clear();
        nowMs += 50 * INTERVAL_MS;
        settle();
        assertEquals(1, visited.size());
    }

    @Test
    void shouldDoNothingWithoutAnInterval() {
        agent = agent(0);
        create(1);
        delete(1, 0, 1);
        pass(5 * HORIZON_MS, HORIZON_MS);
        assertEquals(0, agent.visits());
    }

    @Test
    void shouldWaitWhileTheDiskIsShort() {
        create(1);
        delete(1, 0, 1);
        mayWrite = false;
        pass(2 * HORIZON_MS, INTERVAL_MS);
        assertEquals(0, agent.visits());
        mayWrite = true;
        settle();
        assertEquals(0, arbiter.database(1).tombstones());
    }

    private void pass(final long ms, final long stepMs) {
        for (long passed = 0; passed < ms; passed += stepMs) {
            nowMs += stepMs;
            settle();
        }
    }

    private void settle() {
        clock.set(nowMs);
        while (agent.doWork() + engine.doWork() > 0) {
            Thread.onSpinWait();
        }
    }

    private void create(final int databases) {
        for (int i = 0; i < databases; i++) {
            final OpenDatabaseEncoder encoder = new OpenDatabaseEncoder();
            encoder.wrapAndApplyHeader(body, 0, new MessageHeaderEncoder())
                    .requestId(0)
                    .rowPolicy(RowPolicy.LAST_WRITER_WINS)
                    .keyForm(KeyForm.TYPED)
                    .maxDriftMs(0);
            encoder.flags().create(true);
            encoder.name("db-" + i);
            publish(
                    CommandKind.OPEN_DATABASE,
                    0,
                    IngressCommand.FLAG_MAY_CREATE,
                    MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength());
        }
    }

    private void delete(final int databaseId, final int first, final int count) {
        final ChangeSetWriter writer = new ChangeSetWriter().wrap(body, 0).header(1, 7, 7, wall++, 0, false, 0, count);
        for (int i = 0; i < count; i++) {
            final byte[] key = new byte[9];
            key[0] = 2;
            new UnsafeBuffer(key).putLong(1, first + i, java.nio.ByteOrder.LITTLE_ENDIAN);
            writer.delete(i, "main".getBytes(StandardCharsets.US_ASCII), "t".getBytes(StandardCharsets.US_ASCII), key);
        }
        publish(CommandKind.CHANGE_SET, databaseId, IngressCommand.FLAG_SITE_AUTHORISED, writer.length());
    }

    private void publish(final CommandKind kind, final int databaseId, final int flags, final int length) {
        clock.set(nowMs);
        envelope.set(kind, 1, 1, databaseId, flags, 0);
        assertTrue(engine.ingress().tryPublish(envelope, body, 0, length));
        while (engine.doWork() > 0) {
            Thread.onSpinWait();
        }
    }
}
