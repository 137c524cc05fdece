package io.lockstep.gateway.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.codec.ChangeOp;
import io.lockstep.codec.DeliveryEncoder;
import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.filter.ChangeFilters;
import io.lockstep.gateway.testing.Messages;
import io.lockstep.gateway.testing.Messages.Filter;
import java.util.ArrayList;
import java.util.List;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** The work for a commit grows with what it matches, whatever the number of subscriptions. */
class SubscriptionIndexTest {
    private static final int MANY = 100_000;

    private final SubscriptionIndex index = new SubscriptionIndex(new RouteKey.Seed(1, 2));
    private final ExpandableArrayBuffer delivery = new ExpandableArrayBuffer();
    private final List<RoutedEntry> matched = new ArrayList<>();
    private long sequence;

    @Test
    void shouldReachOneOfManyByTheKey() {
        final List<RoutedEntry> entries = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            entries.add(join(Filter.of("orders", i)));
        }
        commit("orders", 77_777);
        assertEquals(List.of(entries.get(77_777)), matched);
        assertEquals(4, index.lookups(), "both names of the table, all of its rows, one prefix");
    }

    @Test
    void shouldReachOneOfManyByTheTable() {
        final List<RoutedEntry> entries = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            entries.add(join(Filter.of(i % 2 == 0 ? "t" + i : "main.t" + i)));
        }
        commit("t77777", 5);
        assertEquals(List.of(entries.get(77_777)), matched);
        assertEquals(3, index.lookups(), "both names of the table, all of its rows");
    }

    @Test
    void shouldReachNobodyWhereNothingMatches() {
        for (int i = 0; i < 1_000; i++) {
            join(Filter.of("orders", i), Filter.of("b*", i, 1));
        }
        commit("orders", 5_000);
        commit("bills", 5);
        assertEquals(List.of(), matched);
    }

    @Test
    void shouldReachWhoeverMatchesInSeveralWaysOnce() {
        final RoutedEntry entry =
                join(Filter.of("orders"), Filter.of("*"), Filter.of("main.orders", 7), Filter.of("o*", 7));
        commit("orders", 7);
        assertEquals(List.of(entry), matched);
    }

    @Test
    void shouldMatchGlobsOnceForEachTable() {
        join(Filter.of("o*"));
        commit("orders", 1);
        final long before = index.lookups();
        commit("orders", 2);
        assertEquals(4, index.lookups() - before, "names of the table, its globs, all rows");
        join(Filter.of("*rs"));
        matched.clear();
        commit("orders", 3);
        assertEquals(2, matched.size(), "a new glob is matched against known tables, too");
    }

    @Test
    void shouldForgetWhoLeft() {
        final List<RoutedEntry> entries = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            entries.add(join(Filter.of("orders", i % 10), Filter.of("b?lls")));
        }
        for (final RoutedEntry entry : entries) {
            index.leave(entry);
            index.release(entry.filters());
        }
        commit("orders", 3);
        commit("bills", 3);
        assertEquals(List.of(), matched);
        assertTrue(index.isEmpty());
        assertEquals(0, index.globs());
    }

    private RoutedEntry join(final Filter... filters) {
        final UnsafeBuffer message = new UnsafeBuffer(Messages.changeSubscription(1, filters));
        final ChangeFilters wrapped = new ChangeFilters().wrap(message, ChangeFilters.groupOffset(message, 0), false);
        index.acquire(wrapped);
        final RoutedEntry entry = new RoutedEntry(null, wrapped);
        index.join(entry);
        return entry;
    }

    private void commit(final String table, final long key) {
        final DeliveryEncoder encoder =
                new DeliveryEncoder().wrapAndApplyHeader(delivery, 0, new MessageHeaderEncoder());
        encoder.migrationsCount(0);
        final byte[] bytes = Filter.of(table, key).keyPrefix();
        final DeliveryEncoder.ChangesEncoder change = encoder.changesCount(1).next();
        change.opSeq(0).op(ChangeOp.DELETE).flags().clear();
        change.schemaName("main").tableName(table).putKey(bytes, 0, bytes.length);
        change.columnName("").putValue(bytes, 0, 0).putBefore(bytes, 0, 0);
        encoder.survivorsCount(0);
        index.collect(++sequence, delivery, 0, matched);
    }
}
