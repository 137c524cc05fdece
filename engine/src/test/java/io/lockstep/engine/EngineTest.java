package io.lockstep.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.codec.Durability;
import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.RecordKind;
import io.lockstep.codec.SubmitStatus;
import io.lockstep.engine.arbitration.Decision;
import io.lockstep.engine.command.IngressCommand;
import io.lockstep.engine.memory.MemoryJournal;
import io.lockstep.engine.port.JournalFailedException;
import io.lockstep.engine.port.JournalReader;
import io.lockstep.engine.record.RecordView;
import io.lockstep.engine.stage.LedgerDecider;
import io.lockstep.engine.stage.MemoryCrumb;
import io.lockstep.engine.stage.RecordingEgress.Answer;
import io.lockstep.engine.stage.SealPolicy;
import io.lockstep.engine.stage.ThreadLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.YieldingIdleStrategy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class EngineTest {
    private static List<Long> upTo(final long last) {
        return LongStream.rangeClosed(1, last).boxed().toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 1_024})
    void shouldAnswerInOrderWithAnyBatchLimit(final int batchSlots) {
        try (TestEngine node = new TestEngine(
                MemoryJournal.selfSyncing(), new LedgerDecider(), context -> context.batchSlots(batchSlots))) {
            for (long id = 1; id <= 500; ) {
                if (node.submit(id, id)) {
                    id++;
                } else {
                    node.engine.doWork();
                }
            }
            node.settle();
            assertEquals(upTo(500), node.egress.requestIds());
            assertTrue(node.engine.drained());
        }
    }

    @ParameterizedTest
    @EnumSource(ThreadLayout.class)
    void shouldAnswerInOrderInEveryLayout(final ThreadLayout layout) {
        final TestEngine[] node = new TestEngine[1];
        final long[] next = {1};
        final Agent transport = new Agent() {
            @Override
            public int doWork() {
                int published = 0;
                while (next[0] <= 20_000 && node[0].submit(next[0], next[0])) {
                    next[0]++;
                    published++;
                }
                return published;
            }

            @Override
            public String roleName() {
                return "transport";
            }
        };
        node[0] = new TestEngine(
                MemoryJournal.selfSyncing(), new LedgerDecider(), context -> context.transportIdleStrategy(
                                YieldingIdleStrategy.INSTANCE)
                        .stageIdleStrategy(() -> YieldingIdleStrategy.INSTANCE)
                        .durability(Durability.SYNCED));
        try (TestEngine running = node[0]) {
            running.engine.start(layout, transport, Thread::new);
            while (running.egress.answers().size() < 20_000 && !running.engine.failed()) {
                Thread.onSpinWait();
            }
            assertEquals(List.of(), running.fatal);
            assertEquals(upTo(20_000), running.egress.requestIds());
        }
    }

    @Test
    void shouldHoldAnAnswerUntilItsRecordIsDurable() {
        try (TestEngine node = TestEngine.synced()) {
            node.submit(1, 10);
            node.submit(2, 11);
            node.settle();
            assertEquals(List.of(), node.egress.requestIds());
            node.journal.syncTo(2);
            node.settle();
            assertEquals(List.of(1L), node.egress.requestIds());
            node.journal.syncTo(3);
            node.settle();
            assertEquals(List.of(1L, 2L), node.egress.requestIds());
        }
    }

    @Test
    void shouldHoldANoEffectUntilWhatItReliesOnIsDurable() {
        try (TestEngine node = TestEngine.synced()) {
            node.submit(1, 10);
            node.submit(2, 10);
            node.settle();
            assertEquals(List.of(), node.egress.requestIds(), "a resent set's answer says: you have it already");
            node.journal.sync();
            node.settle();
            assertEquals(SubmitStatus.NO_EFFECT, node.egress.answers().get(1).status());
        }
    }

    @Test
    void shouldHoldAReadUntilWhatItShowsIsDurable() {
        try (TestEngine node = TestEngine.synced()) {
            node.submit(1, 10);
            node.read(2);
            node.settle();
            assertEquals(List.of(), node.egress.requestIds());
            node.journal.sync();
            node.settle();
            assertEquals(List.of(1L, 2L), node.egress.requestIds());
        }
    }

    @Test
    void shouldAnswerAReadAtOnceWhenAllIsDurable() {
        try (TestEngine node = TestEngine.synced()) {
            node.read(1);
            node.settle();
            assertEquals(List.of(1L), node.egress.requestIds());
        }
    }

    @Test
    void shouldNotLetAReadWaitForASeal() {
        try (TestEngine node = TestEngine.synced(context -> context.sealPolicy(new SealPolicy(1, Long.MAX_VALUE)))) {
            node.submit(1, 10);
            node.settle();
            assertEquals(3, node.journal.writtenPosition(), "the set and its seal");
            node.read(2);
            node.journal.syncTo(2);
            node.settle();
            assertEquals(List.of(1L, 2L), node.egress.requestIds());
        }
    }

    @Test
    void shouldLetNothingLeaveAboveTheCommittedPosition() {
        try (TestEngine node = TestEngine.synced()) {
            for (int i = 1; i <= 40; i++) {
                node.submit(i, i % 7);
                node.engine.doWork();
                if (i % 5 == 0) {
                    node.journal.syncTo(node.journal.durablePosition()
                            + (node.journal.writtenPosition() - node.journal.durablePosition()) / 2);
                }
            }
            node.journal.sync();
            node.settle();
            assertEquals(40, node.egress.answers().size());
            for (final Answer answer : node.egress.answers()) {
                assertTrue(answer.position() <= answer.committedPosition(), answer.toString());
            }
        }
    }

    @Test
    void shouldRefuseWhenTheRingIsFullAndLoseNothing() {
        try (TestEngine node = TestEngine.synced()) {
            final List<Long> taken = new ArrayList<>();
            long id = 0;
            int refusals = 0;
            while (refusals < 200) {
                id++;
                if (node.submit(id, id, (int) (id % 900))) {
                    taken.add(id);
                } else {
                    refusals++;
                    node.engine.doWork();
                }
            }
            assertTrue(node.engine.counters().ringFullRefusals() >= 200);
            while (!node.engine.drained()) {
                node.journal.sync();
                node.settle();
            }
            assertEquals(taken, node.egress.requestIds());
        }
    }

    @Test
    void shouldWaitForRecordBytesBeforeItArbitrates() {
        try (TestEngine node = TestEngine.synced()) {
            for (long id = 1; id <= 60; id++) {
                while (!node.submit(id, id, 900) && node.engine.doWork() > 0) {
                    Thread.onSpinWait();
                }
            }
            node.settle();
            assertTrue(node.engine.counters().arbitrationWaits() > 0);
            assertTrue(
                    node.engine.counters().arbitrated() < node.engine.counters().published());
        }
    }

    /** Whatever a decision takes: with some sizes the one that fills the ring is the last of those looked at together. */
    @Test
    void shouldWaitForRecordBytesWhereverTheRingFills() {
        final int sets = 60;
        for (int padding = 0; padding < 400; padding++) {
            try (TestEngine node = new TestEngine(
                    MemoryJournal.selfSyncing(), new LedgerDecider(), context -> context.commandRingBytes(65_536))) {
                for (int i = 1; i <= sets; i++) {
                    assertTrue(node.submit(i, i, padding));
                }
                node.settle();
                assertEquals(List.of(), node.fatal, "padding=" + padding);
                assertEquals(sets, node.egress.answers().size(), "padding=" + padding);
            }
        }
    }

    @Test
    void shouldNeverStampATimeBelowTheLastOne() {
        try (TestEngine node = TestEngine.journaled()) {
            node.clock.set(5_000);
            node.submit(1, 1);
            node.clock.set(4_000);
            node.submit(2, 2);
            node.settle();
            final List<Long> stamps = new ArrayList<>();
            eachRecord(node.journal, view -> stamps.add(view.stampedTimeMs()));
            assertEquals(List.of(1L, 5_000L, 5_000L), stamps);
        }
    }

    @Test
    void shouldStopEveryStageWhenTheJournalFails() {
        try (TestEngine node = TestEngine.journaled()) {
            node.submit(1, 1);
            node.settle();
            node.journal.fail(new JournalFailedException(JournalFailedException.Kind.IO, "no more", null));
            node.submit(2, 2);
            node.settle();
            assertEquals(List.of("journal: no more"), node.fatal);
            assertEquals(List.of(1L), node.egress.requestIds());
            assertTrue(node.engine.failed());
        }
    }

    @Test
    void shouldStopWhenASyncFailsThoughNothingIsAppended() {
        try (TestEngine node = TestEngine.synced()) {
            node.submit(1, 1);
            node.settle();
            node.journal.fail(new JournalFailedException(JournalFailedException.Kind.IO, "EIO", null));
            node.settle();
            assertEquals(List.of("commit: EIO"), node.fatal);
            assertEquals(List.of(), node.egress.requestIds());
        }
    }

    @Test
    void shouldAnswerNothingThatWasDecidedBeforeAnExceptionInArbitrationButNotJournaled() {
        try (TestEngine node = new TestEngine(MemoryJournal.selfSyncing(), new PoisonedDecider(3), context -> {})) {
            for (long id = 1; id <= 5; id++) {
                node.submit(id, id);
            }
            node.settle();
            assertEquals(List.of("arbitrate: planted"), node.fatal);
            assertEquals(List.of(), node.egress.requestIds());
        }
    }

    @Test
    void shouldRefuseAtTheNextStartASetThatRaisedAnException() {
        final MemoryCrumb crumb = new MemoryCrumb();
        final MemoryJournal journal = MemoryJournal.selfSyncing();
        try (TestEngine node = new TestEngine(journal, new PoisonedDecider(3), context -> context.crumb(crumb))) {
            node.submit(1, 3);
            node.settle();
            assertTrue(node.engine.failed());
        }
        crumb.nextStart();
        try (TestEngine node =
                new TestEngine(journal.afterKill(), new PoisonedDecider(3), context -> context.crumb(crumb))) {
            node.submit(1, 2);
            node.submit(2, 3);
            node.settle();
            assertEquals(List.of(), node.fatal);
            final Answer refused = node.egress.answers().get(1);
            assertEquals(SubmitStatus.REFUSED, refused.status());
            assertEquals(ErrorCode.REFUSED_POISON.value(), refused.reason());
            assertEquals(1, node.engine.counters().poisonRefusals());
        }
    }

    @Test
    void shouldLookAheadAtABatchBeforeItDecides() {
        final List<String> calls = new ArrayList<>();
        final LedgerDecider watched = new LookingAhead(calls);
        try (TestEngine engine = new TestEngine(MemoryJournal.selfSyncing(), watched, context -> {})) {
            for (int i = 0; i < 5; i++) {
                engine.submit(i, 100 + i);
            }
            engine.settle();
            engine.submit(5, 105); // alone: not worth a look
            engine.settle();
        }
        assertEquals("expect expect expect expect expect prefetch", String.join(" ", calls));
    }

    @Test
    void shouldLeaveItToTheDecisionToFailOverASet() {
        final LedgerDecider failing = new LookingAhead(new ArrayList<>()) {
            @Override
            public void expect(final int databaseId, final DirectBuffer body, final int offset) {
                throw new IllegalStateException("as it happens");
            }
        };
        try (TestEngine engine = new TestEngine(MemoryJournal.selfSyncing(), failing, context -> {})) {
            for (int i = 0; i < 5; i++) {
                engine.submit(i, 100 + i);
            }
            engine.settle();
            assertEquals(List.of(), engine.fatal);
        }
    }

    @Test
    void shouldNoteEachSetWhileItIsInHandAndThenForgetIt() {
        final MemoryCrumb crumb = new MemoryCrumb();
        final List<String> inHand = new ArrayList<>();
        final LedgerDecider watched = new LedgerDecider() {
            @Override
            public void decide(
                    final IngressCommand command,
                    final DirectBuffer body,
                    final int offset,
                    final int length,
                    final MutableDirectBuffer out,
                    final int outOffset,
                    final Decision decision) {
                inHand.add(crumb.inHand());
                super.decide(command, body, offset, length, out, outOffset, decision);
            }
        };
        try (TestEngine node = new TestEngine(MemoryJournal.selfSyncing(), watched, context -> context.crumb(crumb))) {
            node.submit(1, 3);
            node.read(2);
            node.settle();
            assertEquals(List.of("1/0/7/3/0", ""), inHand);
            assertEquals("", crumb.inHand());
        }
    }

    @Test
    void shouldSealTheJournalAtTheClose() {
        final TestEngine node = TestEngine.journaled();
        node.submit(1, 1);
        node.submit(2, 2);
        node.settle();
        node.close();
        final List<RecordKind> kinds = new ArrayList<>();
        eachRecord(node.journal, view -> kinds.add(view.kind()));
        assertEquals(List.of(RecordKind.GENESIS, RecordKind.CHANGE_SET, RecordKind.CHANGE_SET, RecordKind.SEAL), kinds);
    }

    @Test
    void shouldSealAtTheEndOfTheBatchThatReachesThePolicy() {
        try (TestEngine node = new TestEngine(
                MemoryJournal.selfSyncing(),
                new LedgerDecider(),
                context -> context.sealPolicy(new SealPolicy(3, Long.MAX_VALUE)))) {
            for (long id = 1; id <= 5; id++) {
                node.submit(id, id);
                node.settle();
            }
            final List<RecordKind> kinds = new ArrayList<>();
            eachRecord(node.journal, view -> kinds.add(view.kind()));
            assertEquals(RecordKind.SEAL, kinds.get(3));
            assertEquals(RecordKind.SEAL, kinds.get(7));
        }
    }

    @Test
    void shouldSealAnIdleJournalOnceTheOldestRecordHasWaitedLongEnough() {
        final long[] nowNs = {0};
        try (TestEngine node = new TestEngine(
                MemoryJournal.selfSyncing(), new LedgerDecider(), context -> context.nanoClock(() -> nowNs[0])
                        .sealPolicy(new SealPolicy(1_000, 500)))) {
            node.submit(1, 1);
            node.settle();
            assertEquals(2, node.journal.writtenPosition());
            nowNs[0] = 500;
            node.settle();
            assertEquals(3, node.journal.writtenPosition());
            nowNs[0] = 10_000;
            node.settle();
            assertEquals(3, node.journal.writtenPosition(), "nothing to seal");
        }
    }

    @Test
    void shouldGoOnWhereTheJournalEnded() {
        final TestEngine first = TestEngine.journaled();
        first.submit(1, 10);
        first.submit(2, 11);
        first.settle();
        final MemoryJournal left = first.journal.afterKill();
        try (TestEngine second = new TestEngine(left, new LedgerDecider(), context -> {})) {
            second.submit(3, 11);
            second.submit(4, 12);
            second.settle();
            assertEquals(SubmitStatus.NO_EFFECT, second.egress.answers().get(0).status());
            assertEquals(3, second.egress.answers().get(1).sequence());
            second.close();
            new TestEngine(second.journal.afterKill(), new LedgerDecider(), context -> {}).close();
        }
    }

    @Test
    void shouldAnswerAReadThoughNothingIsAppendedAfterAKillBeforeASync() {
        final TestEngine first = TestEngine.synced();
        first.submit(1, 10);
        first.settle();
        try (TestEngine second = new TestEngine(
                first.journal.afterKill(), new LedgerDecider(), context -> context.durability(Durability.SYNCED)
                        .journal(new SyncedAtBatchEnd((MemoryJournal) context.journal())))) {
            second.read(2);
            second.settle();
            assertEquals(List.of(2L), second.egress.requestIds());
        }
    }

    @Test
    void shouldNotStartWithoutConcludedSettings() {
        assertThrows(IllegalStateException.class, () -> new Engine(new EngineContext()));
    }

    @Test
    void shouldNameBothValuesWhenARingCannotHoldTheLargestClaims() {
        final var refusal = assertThrows(
                IllegalArgumentException.class,
                () -> new TestEngine(
                        MemoryJournal.selfSyncing(), new LedgerDecider(), context -> context.recordRingBytes(4_096)));
        assertTrue(refusal.getMessage().contains("recordRingBytes=4096, outBytesMax=4096"), refusal.getMessage());
    }

    @Test
    void shouldRefuseAJournalThatMovedSinceItWasReplayed() {
        final TestEngine node = TestEngine.journaled();
        final var recovered = node.recovered;
        node.submit(1, 1);
        node.settle();
        final EngineContext context = new EngineContext()
                .decider(new LedgerDecider())
                .journal(node.journal)
                .recovered(recovered)
                .egress(node.egress)
                .fatalHandler((component, cause) -> {});
        final var refusal = assertThrows(IllegalArgumentException.class, context::conclude);
        assertTrue(refusal.getMessage().contains("lastPosition=1, writtenPosition=2"), refusal.getMessage());
        assertFalse(node.engine.failed());
    }

    private static void eachRecord(
            final MemoryJournal journal, final java.util.function.Consumer<RecordView> consumer) {
        try (JournalReader reader = journal.openReader()) {
            reader.poll(
                    (buffer, offset, length) -> {
                        consumer.accept(new RecordView().wrap(buffer, offset, length));
                        return true;
                    },
                    Long.MAX_VALUE,
                    Integer.MAX_VALUE);
        }
    }

    /** Throws over one wall. */
    /** Keeps the order of the calls that look ahead. */
    private static class LookingAhead extends LedgerDecider {
        private final List<String> calls;

        LookingAhead(final List<String> calls) {
            this.calls = calls;
        }

        @Override
        public void expect(final int databaseId, final DirectBuffer body, final int offset) {
            calls.add("expect");
        }

        @Override
        public void prefetch() {
            calls.add("prefetch");
        }
    }

    private static final class PoisonedDecider extends LedgerDecider {
        private final long poisonWall;

        PoisonedDecider(final long poisonWall) {
            this.poisonWall = poisonWall;
        }

        @Override
        public void decide(
                final IngressCommand command,
                final DirectBuffer body,
                final int offset,
                final int length,
                final MutableDirectBuffer out,
                final int outOffset,
                final Decision decision) {
            if (new io.lockstep.codec.SubmitChangeSetDecoder()
                            .wrapAndApplyHeader(body, offset, new io.lockstep.codec.MessageHeaderDecoder())
                            .wall()
                    == poisonWall) {
                throw new IllegalStateException("planted");
            }
            super.decide(command, body, offset, length, out, outOffset, decision);
        }
    }
}
