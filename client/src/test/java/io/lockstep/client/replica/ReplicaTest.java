package io.lockstep.client.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.client.model.Cell;
import io.lockstep.client.model.Change;
import io.lockstep.client.model.Delivery;
import io.lockstep.client.model.Hlc;
import io.lockstep.client.model.Key;
import io.lockstep.client.model.Migration;
import io.lockstep.client.model.Site;
import io.lockstep.client.model.Value;
import io.lockstep.client.testing.FakeDatabase;
import io.lockstep.codec.ChangeOp;
import io.lockstep.codec.MigrationKind;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplicaTest {
    private static final Site SITE = new Site(1, 1);
    private static final Hlc CLOCK = new Hlc(1_000, 1, SITE, 0);
    private static final Key KEY = Key.ofInteger(1);

    private final Replica replica = new Replica("db");
    private long sequence;

    private Delivery delivery(final Change... changes) {
        sequence++;
        return new Delivery(sequence, sequence - 1, sequence, 1, 1, CLOCK, false, List.of(), List.of(changes));
    }

    private static Change write(final int opSeq, final String column, final long value) {
        return new Change(opSeq, ChangeOp.WRITE, "s", "t", KEY, column, Value.ofInteger(value), null, List.of());
    }

    private static Change delete(final int opSeq, final String... survivors) {
        return new Change(opSeq, ChangeOp.DELETE, "s", "t", KEY, null, null, null, List.of(survivors));
    }

    @Test
    void shouldTakeTheDeliveredValueAndClock() {
        replica.apply(delivery(write(3, "a", 5)));
        assertEquals(
                List.of(new Cell("s", "t", KEY, "a", new Hlc(1_000, 1, SITE, 3), Value.ofInteger(5))), replica.cells());
    }

    @Test
    void shouldKeepTheSurvivorsOfADelete() {
        replica.apply(delivery(write(0, "a", 1), write(1, "b", 2)));
        replica.apply(delivery(delete(0, "b")));
        assertEquals(
                Set.of("b"),
                new HashSet<>(replica.cells().stream().map(Cell::column).toList()));
    }

    @Test
    void shouldCountLiveCells() {
        replica.apply(delivery(write(0, "a", 1), write(1, "b", 2)));
        replica.apply(delivery(write(0, "a", 3)));
        replica.apply(delivery(delete(0)));
        replica.apply(delivery(write(0, "c", 3)));
        assertEquals(1, replica.cellCount());
    }

    @Test
    void shouldRefuseADeliveryThatDoesNotFollow() {
        replica.apply(delivery(write(0, "a", 1)));
        sequence++;
        final Delivery later = delivery(write(0, "a", 2));
        assertThrows(SequenceGapException.class, () -> replica.apply(later));
    }

    @Test
    void shouldStayAsItWasWhenItRefuses() {
        final Delivery first = delivery(write(0, "a", 1));
        replica.apply(first);
        assertThrows(SequenceGapException.class, () -> replica.apply(first));
        assertEquals(1, replica.cursor().sequence());
    }

    @Test
    void shouldKeepTheNewestOfAMigration() {
        final Migration migration = new Migration(2, MigrationKind.ADD_COLUMN, 7, "s", "t", "", "alter");
        replica.apply(new Delivery(1, 0, 1, 1, 1, CLOCK, false, List.of(migration), List.of()));
        final Migration again = new Migration(4, MigrationKind.ADD_COLUMN, 7, "s", "t", "", "alter again");
        replica.apply(new Delivery(2, 1, 2, 1, 1, CLOCK, false, List.of(again), List.of()));
        assertEquals(
                List.of("alter again"),
                replica.migrations().stream()
                        .map(each -> each.migration().ddl())
                        .toList());
    }

    @Test
    void shouldHaveTheDigestOfNothingWhenEmptyAgain() {
        replica.apply(delivery(write(0, "a", 1)));
        replica.apply(delivery(delete(0)));
        assertTrue(replica.digest(SITE).matches(0, 0));
    }

    @Test
    void shouldHaveADigestThatDependsOnEveryPartOfACell() {
        replica.apply(delivery(write(0, "a", 1)));
        final String before = replica.digest(SITE).toString();
        replica.apply(delivery(write(1, "a", 1)));
        assertTrue(!before.equals(replica.digest(SITE).toString()));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldEndInTheStateOfTheModelThatMadeItsDeliveries(final long seed) {
        final Random random = new Random(seed);
        final FakeDatabase database = new FakeDatabase();
        for (int i = 0; i < 500; i++) {
            final Hlc clock =
                    new Hlc(1_000 + random.nextInt(200), random.nextInt(3), new Site(0, random.nextInt(4)), 0);
            database.submit(FakeDatabase.randomSet(random, clock));
        }
        database.deliveries().forEach(replica::apply);
        assertEquals(new HashSet<>(database.cells()), new HashSet<>(replica.cells()), "seed=" + seed);
    }
}
