package io.lockstep.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.codec.Durability;
import io.lockstep.codec.KeyForm;
import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.OpenDatabaseEncoder;
import io.lockstep.codec.PruneEncoder;
import io.lockstep.codec.RowPolicy;
import io.lockstep.codec.message.ChangeSetWriter;
import io.lockstep.engine.arbitration.Arbiter;
import io.lockstep.engine.arbitration.ArbiterContext;
import io.lockstep.engine.arbitration.DatabaseView;
import io.lockstep.engine.command.CommandKind;
import io.lockstep.engine.command.IngressCommand;
import io.lockstep.engine.memory.MemoryJournal;
import io.lockstep.engine.port.CommittedSlot;
import io.lockstep.engine.port.EgressPort;
import io.lockstep.engine.port.SnapshotPort;
import io.lockstep.engine.record.Incarnation;
import io.lockstep.engine.record.SealDigest;
import io.lockstep.engine.recovery.JournalBootstrap;
import io.lockstep.engine.recovery.RecoveredState;
import io.lockstep.engine.recovery.ReplayProgress;
import io.lockstep.engine.ring.IngressClock;
import io.lockstep.engine.snapshot.SnapshotException;
import io.lockstep.engine.stage.SealPolicy;
import io.lockstep.engine.stage.ThreadLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.YieldingIdleStrategy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ring, stages, arbiter, journal and replay together: neither batches nor threads may show in anything that is decided. */
@Timeout(120)
class EngineArbiterTest {
    private static final Incarnation INCARNATION = new Incarnation(5, 6);
    private static final int COMMANDS = 3_000;
    private static final byte[] SCHEMA = {'s'};
    private static final byte[] TABLE = {'t'};

    /** One run: what was answered, in order, and the state at the end. */
    private record Run(List<String> answers, String state, MemoryJournal journal) {}

    @Test
    void shouldDecideTheSameWithAnyBatchLimit() {
        final Run expected = lockStep(1, 1);
        for (final int batchSlots : new int[] {2, 7, 1_024}) {
            final Run run = lockStep(1, batchSlots);
            assertEquals(expected.answers(), run.answers(), "batchSlots=" + batchSlots);
            assertEquals(expected.state(), run.state(), "batchSlots=" + batchSlots);
        }
    }

    @Test
    void shouldDecideTheSameInEveryLayout() {
        final Run expected = lockStep(2, 64);
        for (final ThreadLayout layout : ThreadLayout.values()) {
            final Run run = threads(2, layout, SnapshotPort.NONE);
            assertEquals(expected.answers(), run.answers(), layout.name());
            assertEquals(expected.state(), run.state(), layout.name());
        }
    }

    @Test
    void shouldReplayToTheSameState() {
        for (long seed = 3; seed <= 6; seed++) {
            final Run run = lockStep(seed, 16);
            final MemoryJournal left = run.journal().afterKill();
            try (Arbiter arbiter = arbiter()) {
                final RecoveredState recovered =
                        JournalBootstrap.recover(left, INCARNATION, arbiter, ReplayProgress.NONE);
                assertEquals(run.state(), state(arbiter), "seed=" + seed);
                assertEquals(left.writtenPosition(), recovered.lastPosition());
                assertTrue(recovered.sealedThrough() > 0);
            }
        }
    }

    @Test
    void shouldDecideTheSameWhenItIsKilledAndGoesOn() {
        final Run expected = lockStep(7, 16);
        final List<String> answers = new ArrayList<>();
        MemoryJournal journal = MemoryJournal.selfSyncing();
        int next = 0;
        String state = "";
        while (next < COMMANDS) {
            try (Node node = new Node(journal, 16, answers)) {
                final int end = Math.min(COMMANDS, next + 700);
                node.publishAll(7, next, end);
                next = end;
                state = state(node.arbiter);
                journal = journal.afterKill();
            }
        }
        assertEquals(expected.answers(), answers);
        assertEquals(expected.state(), state);
    }

    @Test
    void shouldRecoverFromASnapshotWhatTheWholeJournalGives() {
        for (long seed = 8; seed <= 12; seed++) {
            final Run expected = lockStep(seed, 16);
            final List<String> answers = new ArrayList<>();
            final MemorySnapshots snapshots = snapshots();
            try (Node node = new Node(MemoryJournal.selfSyncing(), 16, answers, snapshots)) {
                node.publishAll(seed, 0, 1_000);
                snapshots.want();
                node.publishAll(seed, 1_000, COMMANDS);
                assertEquals(expected.answers(), answers, "a snapshot changed what was decided");
                assertTrue(snapshots.completedPosition() > 0);
                assertRecoversAlike(expected, node.journal.afterKill(), snapshots);
            }
        }
    }

    @Test
    void shouldTakeSnapshotsInEveryLayout() {
        for (final ThreadLayout layout : ThreadLayout.values()) {
            final Run expected = lockStep(2, 64);
            final MemorySnapshots snapshots = snapshots();
            snapshots.want();
            final Run run = threads(2, layout, snapshots);
            assertEquals(expected.answers(), run.answers(), layout.name());
            assertTrue(snapshots.completedPosition() > 0, layout.name());
            assertRecoversAlike(expected, run.journal().afterKill(), snapshots);
        }
    }

    @Test
    void shouldRefuseTheSnapshotOfAnotherHistory() {
        final MemorySnapshots snapshots = snapshots();
        snapshots.want();
        threads(3, ThreadLayout.SHARED, snapshots);
        final MemoryJournal other = lockStep(4, 16).journal().afterKill();
        try (Arbiter arbiter = arbiter()) {
            assertThrows(
                    SnapshotException.class,
                    () -> JournalBootstrap.recover(other, INCARNATION, arbiter, snapshots, ReplayProgress.NONE));
        }
    }

    private static MemorySnapshots snapshots() {
        try (Arbiter arbiter = arbiter()) {
            return new MemorySnapshots(arbiter.snapshotBlockBytes());
        }
    }

    private static void assertRecoversAlike(
            final Run expected, final MemoryJournal left, final MemorySnapshots snapshots) {
        try (Arbiter whole = arbiter();
                Arbiter restored = arbiter()) {
            final RecoveredState all = JournalBootstrap.recover(left, INCARNATION, whole, ReplayProgress.NONE);
            final RecoveredState some =
                    JournalBootstrap.recover(left, INCARNATION, restored, snapshots, ReplayProgress.NONE);
            assertEquals(expected.state(), state(restored));
            assertEquals(text(all), text(some));
        }
    }

    private static String text(final RecoveredState state) {
        final byte[] sha256 = new byte[SealDigest.LENGTH];
        final long unsealed = state.sealDigest().records();
        state.sealDigest().finish(sha256);
        return state.lastPosition() + " " + state.lastHash() + " " + state.epoch() + " " + state.lastStampedTimeMs()
                + " " + state.sealedThrough() + " " + unsealed + " "
                + HexFormat.of().formatHex(sha256);
    }

    private static Run lockStep(final long seed, final int batchSlots) {
        final List<String> answers = new ArrayList<>();
        try (Node node = new Node(MemoryJournal.selfSyncing(), batchSlots, answers)) {
            node.publishAll(seed, 0, COMMANDS);
            return new Run(answers, state(node.arbiter), node.journal);
        }
    }

    private static Run threads(final long seed, final ThreadLayout layout, final SnapshotPort snapshots) {
        final List<String> answers = new ArrayList<>();
        try (Node node = new Node(MemoryJournal.selfSyncing(), 64, answers, snapshots)) {
            final int[] next = {0};
            final Agent transport = new Agent() {
                @Override
                public int doWork() {
                    int work = 0;
                    while (next[0] < COMMANDS && node.publish(seed, next[0])) {
                        next[0]++;
                        work++;
                    }
                    return work;
                }

                @Override
                public String roleName() {
                    return "transport";
                }
            };
            node.engine.start(layout, transport, Thread::new);
            while ((node.engine.counters().delivered() < COMMANDS || isScanning(snapshots)) && !node.engine.failed()) {
                Thread.onSpinWait();
            }
            node.engine.close();
            assertEquals(List.of(), node.fatal);
            return new Run(answers, state(node.arbiter), node.journal);
        }
    }

    private static boolean isScanning(final SnapshotPort snapshots) {
        return snapshots instanceof final MemorySnapshots memory && memory.completedPosition() == 0;
    }

    private static Arbiter arbiter() {
        return new Arbiter(new ArbiterContext()
                .incarnation(INCARNATION.high(), INCARNATION.low())
                .arenaBytesMax(1L << 30)
                .conclude());
    }

    private static String state(final Arbiter arbiter) {
        final DatabaseView view = arbiter.database(1);
        return view.sequence() + " cells=" + view.cells() + " tombstones=" + view.tombstones() + " digest="
                + Long.toHexString(view.stateDigest());
    }

    private static final class Node implements AutoCloseable {
        private final MemoryJournal journal;
        private final Arbiter arbiter = arbiter();
        private final Engine engine;
        private final List<String> fatal = new ArrayList<>();
        private final IngressClock clock = IngressClock.manual(1);
        private final UnsafeBuffer body = new UnsafeBuffer(new byte[4_096]);
        private final IngressCommand envelope = new IngressCommand();
        private final ChangeSetWriter writer = new ChangeSetWriter();

        Node(final MemoryJournal journal, final int batchSlots, final List<String> answers) {
            this(journal, batchSlots, answers, SnapshotPort.NONE);
        }

        Node(
                final MemoryJournal journal,
                final int batchSlots,
                final List<String> answers,
                final SnapshotPort snapshots) {
            this.journal = journal;
            JournalBootstrap.incarnation(journal, INCARNATION, 1, TimeUnit.MINUTES.toNanos(1));
            final RecoveredState recovered =
                    JournalBootstrap.recover(journal, INCARNATION, arbiter, ReplayProgress.NONE);
            engine = new Engine(new EngineContext()
                    .arbiter(arbiter)
                    .journal(journal)
                    .recovered(recovered)
                    .egress(new AnswersAsText(answers))
                    .fatalHandler((component, cause) -> fatal.add(component + ": " + cause))
                    .clock(clock)
                    .snapshots(snapshots)
                    .durability(Durability.SYNCED)
                    .sealPolicy(new SealPolicy(50, Long.MAX_VALUE))
                    .transportIdleStrategy(YieldingIdleStrategy.INSTANCE)
                    .stageIdleStrategy(() -> YieldingIdleStrategy.INSTANCE)
                    .ringSlots(256)
                    .batchSlots(batchSlots)
                    .conclude());
        }

        void publishAll(final long seed, final int from, final int to) {
            for (int number = from; number < to; ) {
                if (publish(seed, number)) {
                    number++;
                } else {
                    engine.doWork();
                }
            }
            while (!engine.drained() && !engine.failed()) {
                engine.doWork();
            }
            assertEquals(List.of(), fatal);
        }

        /** The command of a number is the same in every run of a seed. */
        boolean publish(final long seed, final int number) {
            final Random random = new Random(seed * 1_000_003 + number);
            clock.set(1_000_000 + number);
            final int length;
            if (number == 0) {
                length = open();
            } else if (random.nextInt(200) == 0) {
                length = prune(number, random);
            } else {
                length = changeSet(number, random);
            }
            return engine.ingress().tryPublish(envelope, body, 0, length);
        }

        private int open() {
            final OpenDatabaseEncoder encoder = new OpenDatabaseEncoder();
            encoder.wrapAndApplyHeader(body, 0, new MessageHeaderEncoder())
                    .requestId(0)
                    .rowPolicy(RowPolicy.LAST_WRITER_WINS)
                    .keyForm(KeyForm.TYPED)
                    .maxDriftMs(0)
                    .name("db");
            encoder.flags().clear().create(true);
            envelope.set(CommandKind.OPEN_DATABASE, 1, 1, 0, IngressCommand.FLAG_MAY_CREATE, 0);
            return MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
        }

        private int prune(final int number, final Random random) {
            final PruneEncoder encoder = new PruneEncoder();
            encoder.wrapAndApplyHeader(body, 0, new MessageHeaderEncoder())
                    .requestId(number)
                    .horizonMs(random.nextInt(500));
            envelope.set(CommandKind.PRUNE, 1, 1, 1, 0, 0);
            return MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
        }

        private int changeSet(final int number, final Random random) {
            final int changes = 1 + random.nextInt(4);
            writer.wrap(body, 0)
                    .header(
                            number,
                            0,
                            random.nextInt(4),
                            1_000_000 + number - random.nextInt(300),
                            random.nextInt(2),
                            random.nextBoolean(),
                            0,
                            changes);
            for (int opSeq = 0; opSeq < changes; opSeq++) {
                final byte[] key = {1, (byte) random.nextInt(2), 1, (byte) random.nextInt(2)};
                if (random.nextInt(5) == 0) {
                    writer.delete(opSeq, SCHEMA, TABLE, key);
                } else {
                    final byte[] column = ("c" + random.nextInt(5)).getBytes(StandardCharsets.US_ASCII);
                    writer.write(opSeq, SCHEMA, TABLE, key, column, new byte[] {1, (byte) random.nextInt(2)});
                }
            }
            envelope.set(CommandKind.CHANGE_SET, 1, 1, 1, IngressCommand.FLAG_SITE_AUTHORISED, 0);
            return writer.length();
        }

        @Override
        public void close() {
            engine.close();
            arbiter.close();
        }
    }

    private static final class AnswersAsText implements EgressPort {
        private final List<String> answers;

        AnswersAsText(final List<String> answers) {
            this.answers = answers;
        }

        @Override
        public void onCommitted(final CommittedSlot slot) {
            final byte[] answer = new byte[slot.answerLength()];
            slot.buffer().getBytes(slot.answerOffset(), answer);
            answers.add(HexFormat.of().formatHex(answer));
        }

        @Override
        public void onBatchEnd() {
            // every answer is kept when it comes
        }
    }
}
