package io.lockstep.gateway.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.codec.ChangeOp;
import io.lockstep.codec.DeliveryDecoder;
import io.lockstep.codec.MigrationKind;
import io.lockstep.codec.message.ChangeSetWriter;
import io.lockstep.codec.value.ValueWriter;
import io.lockstep.engine.memory.MemoryJournal;
import io.lockstep.gateway.auth.NoAuthentication;
import io.lockstep.gateway.limits.GatewayCounter;
import io.lockstep.gateway.limits.SessionLimit;
import io.lockstep.gateway.limits.SessionLimits;
import io.lockstep.gateway.testing.Messages;
import io.lockstep.gateway.testing.Messages.Filter;
import io.lockstep.gateway.testing.Received;
import io.lockstep.gateway.testing.TestClient;
import io.lockstep.gateway.testing.TestEngineParts;
import io.lockstep.gateway.testing.TestHub;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.agrona.ExpandableArrayBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Random change sets, filters that change at random moments, random credit, connections that break: every subscriber is
 * told each sequence once, in order, as a Delivery of exactly what its filters match or as part of what nothing of matched,
 * whether it came from the ring, the recent ones or the journal; and for each sequence the filters are those that the answers
 * say.
 */
class FilteredStreamPropertyTest {
    private static final long WALL = 1_750_000_000_000L;
    private static final String[] SCHEMAS = {"m", "n"};
    private static final String[] TABLES = {"a", "ab", "b"};
    private static final String[] GLOBS = {"a", "ab", "a*", "?", "m.*", "n.b", "*", "zz", "*b", "m.?b"};

    private Random random;
    private final ChangeSetWriter writer = new ChangeSetWriter();
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();

    /** One subscriber over all of its connections, and what it was told. */
    private static final class Reader {
        private final boolean old;
        private final boolean excludeOwn;
        private final long ownSite;
        private TestClient client;
        private Filter[] filters;
        private int taken;
        private long cursor;
        private long check;
        private long nextRequest = 10;
        private final Map<Long, Filter[]> asked = new HashMap<>();

        Reader(final boolean old, final boolean excludeOwn, final long ownSite) {
            this.old = old;
            this.excludeOwn = excludeOwn;
            this.ownSite = ownSite;
        }
    }

    /** Everything of one sequence, as somebody without filters sees it. */
    private record Whole(List<String[]> entries, long site, long check) {}

    @Test
    void shouldTellEverySequenceOnceInOrderByTheFiltersInForce() {
        run(20_261_123L, 150);
    }

    @Test
    @Tag("long")
    void shouldTellEverySequenceOnceInOrderByTheFiltersInForceForLong() {
        run(System.nanoTime(), 10_000);
    }

    private void run(final long firstSeed, final int trials) {
        final long[] sums = new long[5];
        for (long seed = firstSeed; seed < firstSeed + trials; seed++) {
            try {
                random = new Random(seed);
                final long[] counts = trial();
                Arrays.setAll(sums, i -> sums[i] + counts[i]);
            } catch (final AssertionError | RuntimeException e) {
                throw new AssertionError("seed=" + seed + ": " + e.getMessage(), e);
            }
        }
        for (final long sum : sums) {
            assertTrue(sum > trials, () -> "live, journal, routed, progress, changes: " + Arrays.toString(sums));
        }
    }

    private long[] trial() {
        final SessionLimits limits = new SessionLimits()
                .set(SessionLimit.OUTBOUND_BYTES_MAX, 1_024 + random.nextInt(4_096))
                .set(SessionLimit.CATCH_UP_CHUNK_BYTES, 256 + random.nextInt(4_096))
                .set(SessionLimit.RECENT_DELIVERY_BYTES, 256 + random.nextInt(4_096));
        try (TestHub node = new TestHub(
                new NoAuthentication(), limits, context -> context.ringSlots(16), MemoryJournal.selfSyncing())) {
            final TestClient author = node.open("", "d", 0);
            final List<Reader> readers = new ArrayList<>();
            final long[] told = new long[2];
            node.beforeSlot(() -> {
                if (random.nextInt(3) == 0) {
                    node.catchUpCycle();
                    node.hubCycle();
                }
            });
            final Map<Reader, List<Object>> events = new HashMap<>();
            for (int step = 0; step < 500; step++) {
                switch (random.nextInt(12)) {
                    case 0, 1, 2, 3 -> author.says(changeSet(step));
                    case 4, 5 -> node.engineCycle();
                    case 6 -> node.hubCycle();
                    case 7 -> node.catchUpCycle();
                    case 8 -> begin(node, readers, events);
                    default -> disturb(node, readers, events);
                }
            }
            for (final Reader reader : readers) {
                reader.client.says(Messages.credit(1L << 40));
                reader.client.takesAll();
            }
            for (int i = 0; i < 4; i++) {
                node.advanceMs(25);
            }
            node.beforeSlot(() -> {});
            for (int i = 0; i < 60; i++) {
                node.advanceMs(25);
            }
            final Map<Long, Whole> wholes = witness(node);
            for (final Reader reader : readers) {
                take(reader, events);
                verify(reader, events.get(reader), wholes, told);
            }
            assertTrue(node.errors().isEmpty(), () -> "errors: " + node.errors());
            return new long[] {
                node.counter(GatewayCounter.DELIVERIES_LIVE),
                node.counter(GatewayCounter.DELIVERIES_CATCH_UP),
                node.counter(GatewayCounter.ROUTED),
                told[0],
                told[1]
            };
        }
    }

    private void begin(final TestHub node, final List<Reader> readers, final Map<Reader, List<Object>> events) {
        if (readers.size() < 5) {
            final Reader reader = new Reader(random.nextInt(6) == 0, random.nextInt(4) == 0, 1 + random.nextInt(3));
            readers.add(reader);
            events.put(reader, new ArrayList<>());
            connect(node, reader, events);
        }
    }

    /** At first from the beginning or from somewhere, then from the cursor, which the node verifies. */
    private void connect(final TestHub node, final Reader reader, final Map<Reader, List<Object>> events) {
        reader.client = node.open("", "d", reader.ownSite);
        reader.taken = reader.client.received().size();
        reader.filters = reader.old ? new Filter[0] : filters();
        final boolean verified = reader.check != 0;
        final byte[] subscribe = Messages.subscribe(
                2,
                reader.cursor,
                random.nextInt(3_000),
                reader.excludeOwn,
                verified,
                TestEngineParts.INCARNATION.high(),
                TestEngineParts.INCARNATION.low(),
                reader.check,
                reader.filters);
        events.get(reader).add(reader.filters);
        reader.client.says(reader.old ? Messages.ofVersion0(subscribe) : subscribe);
    }

    private void disturb(final TestHub node, final List<Reader> readers, final Map<Reader, List<Object>> events) {
        if (readers.isEmpty()) {
            return;
        }
        final Reader reader = readers.get(random.nextInt(readers.size()));
        switch (random.nextInt(8)) {
            case 0 -> reader.client.stops();
            case 1 -> reader.client.takes(random.nextInt(2_000));
            case 2, 3 -> reader.client.says(Messages.credit(random.nextInt(3_000)));
            case 4, 5 -> changeFilters(reader);
            case 6 -> reader.client.takesAll();
            default -> {
                if (random.nextInt(3) == 0) {
                    take(reader, events);
                    reader.client.hangsUp();
                    connect(node, reader, events);
                }
            }
        }
        if (random.nextInt(6) == 0) {
            node.time().advanceMs(25);
        }
    }

    private void changeFilters(final Reader reader) {
        if (!reader.old) {
            final Filter[] filters = filters();
            final long id = reader.nextRequest++;
            reader.asked.put(id, filters);
            reader.client.says(Messages.changeSubscription(id, filters));
        }
    }

    private Filter[] filters() {
        final Filter[] filters = new Filter[random.nextInt(4)];
        for (int i = 0; i < filters.length; i++) {
            final long[] prefix = new long[random.nextBoolean() ? 0 : 1 + random.nextInt(2)];
            Arrays.setAll(prefix, part -> random.nextInt(3));
            filters[i] = Filter.of(GLOBS[random.nextInt(GLOBS.length)], prefix);
        }
        return filters;
    }

    private byte[] changeSet(final long requestId) {
        final int migrations = random.nextInt(8) == 0 ? 1 + random.nextInt(2) : 0;
        final int changes = random.nextInt(5);
        writer.wrap(buffer, 0)
                .header(
                        requestId,
                        0,
                        1 + random.nextInt(3),
                        WALL + random.nextInt(200),
                        random.nextInt(1_000),
                        false,
                        migrations,
                        changes);
        for (int i = 0; i < migrations; i++) {
            final MigrationKind kind = MigrationKind.get((short) random.nextInt(8));
            final byte[] from = kind == MigrationKind.RENAME_TABLE ? name(TABLES) : new byte[0];
            writer.migration(i, kind, random.nextInt(50), name(SCHEMAS), name(TABLES), from, name(TABLES));
        }
        for (int i = 0; i < changes; i++) {
            final boolean write = random.nextInt(4) > 0;
            writer.beginChange(migrations + i, write ? ChangeOp.WRITE : ChangeOp.DELETE, false)
                    .schemaName(name(SCHEMAS))
                    .tableName(name(TABLES))
                    .key(Filter.of("-", key()).keyPrefix())
                    .columnName(write ? new byte[] {(byte) ('x' + random.nextInt(3))} : new byte[0])
                    .value(write ? integer(random.nextInt(100)) : new byte[0])
                    .before(new byte[0]);
        }
        final byte[] bytes = new byte[writer.length()];
        buffer.getBytes(0, bytes);
        return bytes;
    }

    private long[] key() {
        final long[] key = new long[1 + random.nextInt(2)];
        Arrays.setAll(key, part -> random.nextInt(3));
        return key;
    }

    private byte[] name(final String[] names) {
        return names[random.nextInt(names.length)].getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] integer(final long value) {
        final ExpandableArrayBuffer bytes = new ExpandableArrayBuffer();
        return Arrays.copyOf(bytes.byteArray(), ValueWriter.putInteger(bytes, 0, value));
    }

    /** Keeps what came, in order: it is what the next cursor is made of. */
    private static void take(final Reader reader, final Map<Reader, List<Object>> events) {
        final List<Received> received = reader.client.received();
        for (; reader.taken < received.size(); reader.taken++) {
            final Received each = received.get(reader.taken);
            assertFalse(each.isError(), () -> "error: " + each.error().text());
            if (each.isDelivery()) {
                reader.cursor = each.delivery().sequence();
                reader.check = each.delivery().check();
            } else if (each.isProgress()) {
                reader.cursor = each.progress().sequence();
                reader.check = each.progress().check();
            }
            events.get(reader).add(each);
        }
    }

    private static Map<Long, Whole> witness(final TestHub node) {
        final TestClient witness = node.open("", "d", 0);
        witness.says(Messages.subscribe(2, 0, 1L << 40, false));
        node.advanceMs(25);
        final Map<Long, Whole> wholes = new HashMap<>();
        for (final Received each : witness.deliveries()) {
            final DeliveryDecoder delivery = each.delivery();
            wholes.put(
                    delivery.sequence(),
                    new Whole(entries(each), each.delivery().site().low(), delivery.check()));
        }
        return wholes;
    }

    private static void verify(
            final Reader reader, final List<Object> events, final Map<Long, Whole> wholes, final long[] told) {
        final long last = wholes.size();
        long cursor = 0;
        Filter[] filters = null;
        for (final Object event : events) {
            if (event instanceof Filter[] subscribed) {
                filters = subscribed;
                continue;
            }
            final Received received = (Received) event;
            if (received.isDelivery()) {
                final DeliveryDecoder delivery = received.delivery();
                final long sequence = delivery.sequence();
                assertEquals(cursor, delivery.afterSequence(), "afterSequence of Delivery " + sequence);
                assertNothing(reader, filters, wholes, cursor, sequence - 1);
                final List<String> expected = expected(reader, filters, wholes.get(sequence));
                assertFalse(expected.isEmpty(), () -> "nothing matches at " + sequence);
                assertEquals(expected, lines(entries(received)), "sequence " + sequence);
                assertEquals(wholes.get(sequence).check(), delivery.check());
                cursor = sequence;
            } else if (received.isProgress()) {
                final long sequence = received.progress().sequence();
                assertFalse(reader.old, "Progress for version 0");
                assertEquals(cursor, received.progress().afterSequence(), "afterSequence of Progress");
                assertEquals(sequence - cursor, received.progress().skipped());
                assertNothing(reader, filters, wholes, cursor, sequence);
                assertEquals(wholes.get(sequence).check(), received.progress().check(), "check of Progress");
                cursor = sequence;
                told[0]++;
            } else if (received.isSubscriptionChanged()) {
                assertEquals(cursor, received.subscriptionChanged().sequence());
                filters = reader.asked.get(received.subscriptionChanged().requestId());
                told[1]++;
            }
        }
        assertNothing(reader, filters, wholes, cursor, last);
        if (!reader.old) {
            assertEquals(last, cursor, "told everything");
        }
    }

    private static void assertNothing(
            final Reader reader,
            final Filter[] filters,
            final Map<Long, Whole> wholes,
            final long after,
            final long upTo) {
        for (long sequence = after + 1; sequence <= upTo; sequence++) {
            final long missed = sequence;
            assertEquals(List.of(), expected(reader, filters, wholes.get(sequence)), () -> "missed " + missed);
        }
    }

    private static List<String> expected(final Reader reader, final Filter[] filters, final Whole whole) {
        return reader.excludeOwn && whole.site() == reader.ownSite
                ? List.of()
                : lines(whole.entries().stream()
                        .filter(entry -> matches(filters, entry))
                        .toList());
    }

    private static List<String> lines(final List<String[]> entries) {
        return entries.stream().map(Arrays::toString).toList();
    }

    /** By regular expressions and texts, not by the code under test. */
    private static boolean matches(final Filter[] filters, final String[] entry) {
        final boolean index = entry[0].endsWith("_INDEX");
        if (filters.length == 0 || index) {
            return true;
        }
        for (final Filter filter : filters) {
            final String regex =
                    filter.table().replace(".", "[.]").replace("*", ".*").replace("?", ".");
            final boolean table = entry[2].matches(regex) || (entry[1] + "." + entry[2]).matches(regex);
            if (entry[0].startsWith("change")) {
                if (table && entry[3].startsWith(hex(filter.keyPrefix()))) {
                    return true;
                }
            } else {
                final boolean former =
                        !entry[3].isEmpty() && (entry[3].matches(regex) || (entry[1] + "." + entry[3]).matches(regex));
                if (table || former) {
                    return true;
                }
            }
        }
        return false;
    }

    /** What is delivered, entry by entry: what it is, schema, table, key or former name, and the rest. */
    private static List<String[]> entries(final Received received) {
        final DeliveryDecoder delivery = received.delivery();
        final List<String[]> entries = new ArrayList<>();
        for (final DeliveryDecoder.MigrationsDecoder each : delivery.migrations()) {
            final String kind = each.kind().name();
            final String rest = each.opSeq() + " " + each.version();
            entries.add(new String[] {
                kind, each.schemaName(), each.objectName(), each.fromObjectName(), rest + " " + each.ddl()
            });
        }
        final int migrations = entries.size();
        for (final DeliveryDecoder.ChangesDecoder each : delivery.changes()) {
            final String what = "change " + each.op() + " " + each.opSeq();
            final String schema = each.schemaName();
            final String table = each.tableName();
            final byte[] key = new byte[each.keyLength()];
            each.getKey(key, 0, key.length);
            final String column = each.columnName();
            final byte[] value = new byte[each.valueLength()];
            each.getValue(value, 0, value.length);
            each.skipBefore();
            entries.add(new String[] {what, schema, table, hex(key), column + " " + hex(value)});
        }
        for (final DeliveryDecoder.SurvivorsDecoder each : delivery.survivors()) {
            final String[] entry = entries.get(migrations + each.change());
            assertTrue(entry[0].startsWith("change DELETE"), "a survivor of a delete");
            entry[4] += " survives: " + each.columnName();
        }
        return entries;
    }

    private static String hex(final byte[] bytes) {
        final StringBuilder text = new StringBuilder();
        for (final byte each : bytes) {
            text.append(String.format("%02x", each));
        }
        return text.toString();
    }
}
