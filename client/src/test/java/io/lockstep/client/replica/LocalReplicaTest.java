package io.lockstep.client.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.client.model.Cell;
import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.model.Delivery;
import io.lockstep.client.model.HybridClock;
import io.lockstep.client.model.Key;
import io.lockstep.client.model.Site;
import io.lockstep.client.model.SubmitOutcome;
import io.lockstep.client.model.Value;
import io.lockstep.client.testing.FakeDatabase;
import io.lockstep.codec.KeyForm;
import io.lockstep.codec.RowPolicy;
import io.lockstep.codec.SubmitStatus;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalReplicaTest {
    private static final Key KEY = Key.ofInteger(1);

    private final FakeDatabase database = new FakeDatabase();
    private long wallMs = 1_000;
    private final LocalReplica mine = replica(1);
    private final LocalReplica other = replica(2);

    private LocalReplica replica(final int site) {
        return new LocalReplica(
                "db",
                new HybridClock(new Site(0, site), () -> wallMs, 60_000),
                RowPolicy.LAST_WRITER_WINS,
                KeyForm.TYPED);
    }

    private static ChangeSet write(final LocalReplica replica, final long value) {
        return replica.commit(set -> set.write("s", "t", KEY, "a", Value.ofInteger(value)));
    }

    private static Optional<Value> value(final LocalReplica replica) {
        return replica.value("s", "t", KEY, "a");
    }

    private void catchUp(final LocalReplica replica) {
        for (final Delivery delivery : database.deliveries()) {
            if (delivery.sequence() > replica.cursor().sequence()) {
                replica.apply(delivery);
            }
        }
    }

    @Test
    void shouldShowWhatWasWrittenAtOnce() {
        write(mine, 1);
        assertEquals(Optional.of(Value.ofInteger(1)), value(mine));
    }

    @Test
    void shouldShowTheLaterOfTwoOwnWrites() {
        write(mine, 1);
        write(mine, 2);
        assertEquals(Optional.of(Value.ofInteger(2)), value(mine));
    }

    @Test
    void shouldNotShowARowThatWasDeletedHere() {
        write(mine, 1);
        mine.commit(set -> set.delete("s", "t", KEY));
        assertEquals(Optional.empty(), value(mine));
    }

    @Test
    void shouldKeepWhatIsNotSettledInTheOutbox() {
        final ChangeSet set = write(mine, 1);
        assertEquals(List.of(set), mine.outbox());
    }

    @Test
    void shouldTakeWhatIsSettledOutOfTheOutbox() {
        final ChangeSet set = write(mine, 1);
        mine.settle(set, database.submit(set));
        assertEquals(List.of(), mine.outbox());
    }

    @Test
    void shouldGoOnShowingWhatWasAcceptedBeforeItsDeliveryComes() {
        final ChangeSet set = write(mine, 1);
        mine.settle(set, database.submit(set));
        assertEquals(Optional.of(Value.ofInteger(1)), value(mine));
    }

    @Test
    void shouldGiveWayToTheWinnerBeforeItsDeliveryComes() {
        final ChangeSet losing = write(mine, 1);
        wallMs += 10;
        database.submit(write(other, 2));
        mine.settle(losing, database.submit(losing));
        assertEquals(Optional.of(Value.ofInteger(2)), value(mine));
    }

    @Test
    void shouldGiveWayToADeleteThatWon() {
        final ChangeSet losing = write(mine, 1);
        wallMs += 10;
        database.submit(other.commit(set -> set.delete("s", "t", KEY)));
        mine.settle(losing, database.submit(losing));
        assertEquals(Optional.empty(), value(mine));
    }

    @Test
    void shouldKeepATransactionThatWasRejectedForItsClock() {
        final ChangeSet set = write(mine, 1);
        mine.settle(set, new SubmitOutcome(SubmitStatus.REJECTED_DRIFT, 0, 0, 0, 1, List.of(), List.of(), List.of()));
        assertEquals(List.of(set), mine.outbox());
    }

    @Test
    void shouldTakeBackWhatWasRefused() {
        final ChangeSet set = write(mine, 1);
        mine.settle(set, new SubmitOutcome(SubmitStatus.REFUSED, 106, 0, 0, 1, List.of(), List.of(), List.of()));
        assertEquals(Optional.empty(), value(mine));
    }

    @Test
    void shouldFindRowsByTheFoldedKeyInTheQuereusForm() {
        final LocalReplica quereus = new LocalReplica(
                "db", new HybridClock(new Site(0, 3), () -> wallMs, 60_000), RowPolicy.DELETE_WINS, KeyForm.QUEREUS);
        quereus.commit(set -> set.write("s", "t", Key.of(Value.ofBoolean(true)), "a", Value.ofInteger(9)));
        assertEquals(Optional.of(Value.ofInteger(9)), quereus.value("s", "t", Key.of(Value.ofReal(1.0)), "a"));
    }

    @Test
    void shouldStampLaterThanWhatItReceived() {
        wallMs = 5_000;
        final ChangeSet theirs = write(other, 1);
        database.submit(theirs);
        wallMs = 1_000;
        catchUp(mine);
        final ChangeSet set = write(mine, 2);
        assertTrue(set.hlc(0).compareTo(theirs.hlc(0)) > 0);
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15, 16})
    void shouldConvergeWithAllOthersHoweverAnswersAndDeliveriesAreDelayed(final long seed) {
        final Random random = new Random(seed);
        final List<LocalReplica> replicas = new ArrayList<>();
        final List<Deque<Runnable>> answers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            replicas.add(replica(10 + i));
            answers.add(new ArrayDeque<>());
        }
        for (int step = 0; step < 600; step++) {
            wallMs += random.nextInt(3);
            final int at = random.nextInt(replicas.size());
            final LocalReplica replica = replicas.get(at);
            switch (random.nextInt(4)) {
                case 0 -> replica.commit(set -> fill(random, set));
                case 1 ->
                    replica.outbox().stream().findFirst().ifPresent(set -> {
                        final SubmitOutcome outcome = database.submit(set);
                        answers.get(at).add(() -> replica.settle(set, outcome));
                    });
                case 2 -> Optional.ofNullable(answers.get(at).poll()).ifPresent(Runnable::run);
                default ->
                    database.deliveries().stream()
                            .filter(each -> each.sequence() == replica.cursor().sequence() + 1)
                            .findFirst()
                            .ifPresent(replica::apply);
            }
        }
        for (int i = 0; i < replicas.size(); i++) {
            final LocalReplica replica = replicas.get(i);
            answers.get(i).forEach(Runnable::run);
            replica.outbox().forEach(set -> replica.settle(set, database.submit(set)));
        }
        for (final LocalReplica replica : replicas) {
            catchUp(replica);
            assertEquals(new HashSet<>(database.cells()), new HashSet<Cell>(replica.cells()), "seed=" + seed);
        }
    }

    private static void fill(final Random random, final ChangeSet.Builder set) {
        final int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes; i++) {
            final Key key = Key.ofInteger(random.nextInt(5));
            if (random.nextInt(4) == 0) {
                set.delete("s", "t", key);
            } else {
                set.write("s", "t", key, "c" + random.nextInt(3), Value.ofInteger(random.nextLong()));
            }
        }
    }
}
