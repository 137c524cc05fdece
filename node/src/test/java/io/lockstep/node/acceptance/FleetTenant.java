package io.lockstep.node.acceptance;

import io.lockstep.client.BlockingClient;
import io.lockstep.client.ClientContext;
import io.lockstep.client.DatabaseOptions;
import io.lockstep.client.model.Site;
import io.lockstep.client.replica.Replica;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The database of one seed with everybody who writes to it and follows it. One thread. */
final class FleetTenant {
    private static final int WRITERS = 4;
    private static final int READERS = 40;
    private static final int SETS_A_ROUND = 2;
    private static final int AHEAD_OF_THE_LOG_MAX = 300;
    private static final int OFFLINE_SPAN_MEAN = 500;
    private static final int LONG_SPANS_ONE_IN = 6;
    private static final int LONG_SPAN_TIMES = 8;
    private static final int LEAVES = 2;
    private static final int AWAY_MS_MIN = 1_000;
    private static final int AWAY_MS_SPREAD = 4_000;

    private final FleetPlan plan;
    private final FleetTally tally = new FleetTally();
    private final FleetTruth truth;
    private final List<FleetWriter> writers = new ArrayList<>();
    private final List<FleetReader> readers = new ArrayList<>();
    /** The sequence at which a reader that is offline comes back. */
    private final long[] backAt = new long[READERS];

    private final String direct;
    private final String relayed;
    private final long deliveriesMin;
    private long endAt;
    private boolean ending;
    private int leaves;
    private boolean leaving;
    private boolean away;
    private long awayUntilNs;

    FleetTenant(final long seed, final String direct, final String relayed, final long deliveriesMin) {
        this.direct = direct;
        this.relayed = relayed;
        this.deliveriesMin = deliveriesMin;
        endAt = deliveriesMin * 9 / 10;
        plan = new FleetPlan(seed);
        truth = new FleetTruth(plan, contextOfTruth());
        final Random random = plan.random();
        for (int i = 0; i < WRITERS; i++) {
            writers.add(new FleetWriter(plan, tally, contextOfWriter(i), i));
        }
        for (int i = 0; i < READERS; i++) {
            final List<Site> sites = random.nextInt(3) == 0 ? List.of() : List.of(plan.site(random.nextInt(WRITERS)));
            final boolean excludeOwn = !sites.isEmpty() && random.nextBoolean();
            final Supplier<ClientContext> contexts = () -> plan.context(random.nextBoolean() ? relayed : direct);
            readers.add(new FleetReader(plan, tally, contexts, sites, excludeOwn, random.nextInt(5) == 0));
            backAt[i] = random.nextInt(3) == 0 ? random.nextInt(3 * OFFLINE_SPAN_MEAN) : 0;
        }
    }

    private ClientContext contextOfTruth() {
        return plan.context(direct).creditBytes(1 << 20);
    }

    private ClientContext contextOfWriter(final int writer) {
        return plan.context(writer % 2 == 0 ? relayed : direct);
    }

    /** One round of everybody; tells how much happened. */
    int poll() {
        if (away && System.nanoTime() - awayUntilNs < 0) {
            return 0;
        }
        if (away) {
            comeBack();
        }
        int work = truth.poll();
        if (!truth.isCreated()) {
            return work;
        }
        // Those who are behind are owed more.
        ending |= tally.deliveries() >= endAt;
        leaving |= !ending && leaves < LEAVES && tally.deliveries() >= (leaves + 1) * deliveriesMin / (LEAVES + 1);
        for (final FleetWriter writer : writers) {
            for (int i = 0; i < SETS_A_ROUND && !ending && !leaving; i++) {
                if (writer.accepted() - truth.sequence() < AHEAD_OF_THE_LOG_MAX) {
                    writer.submit(truth.sequence());
                }
            }
            work += writer.poll();
            writer.check(truth);
        }
        final Random random = plan.random();
        if (!ending && random.nextInt(2_000) == 0) {
            writers.get(0).prune();
        }
        for (int i = 0; i < readers.size(); i++) {
            final FleetReader reader = readers.get(i);
            act(reader, i);
            work += reader.poll(truth);
        }
        if (leaving && isQuiet()) {
            leave();
        }
        return work;
    }

    /** Whether everything that was written is answered, and in the log. */
    private boolean isQuiet() {
        return writers.stream().allMatch(writer -> writer.isIdle() && writer.accepted() <= truth.sequence());
    }

    /** Nobody has the database open for a while: it may leave the node's memory. */
    private void leave() {
        tally.add(FleetEvent.EVERYBODY_AWAY);
        readers.stream().filter(FleetReader::isOnline).forEach(FleetReader::goOffline);
        writers.forEach(FleetWriter::close);
        truth.close();
        leaves++;
        leaving = false;
        away = true;
        awayUntilNs = System.nanoTime()
                + TimeUnit.MILLISECONDS.toNanos(AWAY_MS_MIN + plan.random().nextInt(AWAY_MS_SPREAD));
    }

    private void comeBack() {
        away = false;
        truth.come(contextOfTruth());
        for (int i = 0; i < writers.size(); i++) {
            writers.get(i).come(contextOfWriter(i));
        }
    }

    /** Rarely enough that most of the time is spent following. */
    private void act(final FleetReader reader, final int i) {
        if (!reader.isOnline()) {
            if (ending || truth.sequence() >= backAt[i]) {
                reader.goOnline();
            }
            return;
        }
        if (ending) {
            return;
        }
        final Random random = plan.random();
        final int chance = random.nextInt(1_000);
        if (chance < 4) {
            reader.changeFilters(truth);
        }
        if (chance == 4) {
            reader.subscribeAnew();
        }
        // A change of filters may be in flight: then it is lost with the connection.
        if (chance == 3 || chance == 5) {
            tally.add(FleetEvent.OFFLINE);
            reader.goOffline();
            backAt[i] = truth.sequence() + span(random);
        }
    }

    private static long span(final Random random) {
        final int mean = OFFLINE_SPAN_MEAN * (random.nextInt(LONG_SPANS_ONE_IN) == 0 ? LONG_SPAN_TIMES : 1);
        return (long) (-Math.log(1 - random.nextDouble()) * mean);
    }

    /** Whether nobody writes any more, and everybody has everything and knows all of its part. */
    boolean isSettled() {
        if (!ending || away || !writers.stream().allMatch(FleetWriter::isIdle)) {
            return false;
        }
        boolean settled = true;
        for (final FleetReader reader : readers) {
            final boolean has = reader.isOnline() && reader.hasAll(truth);
            if (has && !reader.verdict().isWhole()) {
                reader.verdict().compare(truth);
                reader.startFromState();
            }
            settled &= has && reader.verdict().isWhole();
        }
        if (settled && tally.deliveries() < deliveriesMin) {
            endAt = deliveriesMin;
            ending = false;
        }
        return settled && ending;
    }

    /** Each replica, and the log itself, against the node. */
    void assertEqualStates(final String address) {
        for (final FleetReader reader : readers) {
            reader.verdict().compare(truth);
        }
        for (final FleetWriter writer : writers) {
            writer.check(truth);
            writer.checkAll(truth);
        }
        try (BlockingClient client = BlockingClient.connect(new ClientContext().addresses(address))) {
            client.openDatabase(DatabaseOptions.existing(plan.database()));
            final Replica state = client.readState();
            final FleetRows rows = new FleetRows();
            rows.load(state.cells());
            final String difference = truth.rows().difference(rows, row -> true);
            if (difference != null || state.cursor().sequence() != truth.sequence() || rows.isEmpty()) {
                throw plan.failure("the log makes another state than the node's: sequence=" + truth.sequence()
                        + ", cursor=" + state.cursor() + ", difference=" + difference);
            }
        }
    }

    FleetTally tally() {
        return tally;
    }

    FleetPlan plan() {
        return plan;
    }

    FleetTruth truth() {
        return truth;
    }

    /** How far it is, for who waits. */
    String describe() {
        final List<FleetReader> behind = readers.stream()
                .filter(reader -> !reader.isOnline() || !reader.hasAll(truth))
                .toList();
        final boolean idle = writers.stream().allMatch(FleetWriter::isIdle);
        return plan + " sequence=" + truth.sequence() + " ending=" + ending + " idle=" + idle + " behind=" + behind;
    }

    void close() {
        truth.close();
        writers.forEach(FleetWriter::close);
        readers.forEach(FleetReader::close);
    }
}
