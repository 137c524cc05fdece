package io.lockstep.node.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.client.BlockingClient;
import io.lockstep.client.ClientContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Fleets of clients whose filters change in flight, that go offline for random spans, lose connections and start over, on a
 * node that is killed again and again and gives up its history: everybody gets each of its sequences once, in order, none
 * missing, and ends with the coordinator's projection.
 *
 * <p>One seed is one database with its clients; some run at once on one node. To repeat one: {@code -Dlockstep.seed=SEED
 * -Dlockstep.acceptance.fleetSeeds=1}.
 */
@Tag("long")
class FleetTest {
    private static final int SEEDS = Integer.getInteger("lockstep.acceptance.fleetSeeds", 100);
    private static final int SEEDS_AT_ONCE = Integer.getInteger("lockstep.acceptance.fleetSeedsAtOnce", 10);
    private static final long DELIVERIES = Long.getLong("lockstep.acceptance.fleetDeliveries", 100_000);
    private static final int KILLS = Integer.getInteger("lockstep.acceptance.fleetKills", 8);
    /** Fewer seeds, to repeat one say, need not show everything. */
    private static final int COMPLETE_FROM = 20;

    private static final long STUCK_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long CUT_EVERY_NS = TimeUnit.MILLISECONDS.toNanos(400);

    @TempDir
    private Path folder;

    @Test
    void shouldDeliverEachSequenceOnceToEverybody() throws Exception {
        final long firstSeed = Long.getLong("lockstep.seed", System.nanoTime());
        Scenario.report("fleet: seeds=%d from seed=%d, at once=%d", SEEDS, firstSeed, SEEDS_AT_ONCE);
        final FleetTally sum = new FleetTally();
        final long startNs = System.nanoTime();
        for (int done = 0; done < SEEDS; done += SEEDS_AT_ONCE) {
            final int count = Math.min(SEEDS_AT_ONCE, SEEDS - done);
            final Batch batch = new Batch(firstSeed + done, count, folder.resolve("batch-" + done));
            batch.run();
            sum.addAll(batch.tally);
            delete(batch.folder);
            Scenario.report(
                    "fleet: seeds=%d of %d, seconds=%.0f, %s",
                    done + count, SEEDS, (System.nanoTime() - startNs) / 1e9, sum);
        }
        assertTrue(sum.deliveries() >= SEEDS * DELIVERIES, () -> sum.toString());
        if (SEEDS >= COMPLETE_FROM) {
            sum.assertComplete();
        }
    }

    private static void delete(final Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (final Path each :
                    all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    /** Some seeds on one node. */
    private static final class Batch {
        private final long firstSeed;
        private final int seeds;
        private final Path folder;
        private final Random random;
        private final FleetTally tally = new FleetTally();
        private final List<FleetTenant> tenants = new ArrayList<>();
        private long killAt;
        private int kills;
        private long cutNs = System.nanoTime();

        Batch(final long firstSeed, final int seeds, final Path folder) {
            this.firstSeed = firstSeed;
            this.seeds = seeds;
            this.folder = folder;
            random = new Random(firstSeed);
        }

        void run() throws Exception {
            final String durability = random.nextBoolean() ? "synced" : "journaled";
            // With little room most deliveries come from the journal, with much most are live.
            final String[] kib = {"16KiB", "64KiB", "256KiB", "1MiB"};
            final String[] args = {
                "--durability", durability,
                "--journal-file-bytes", "4MiB",
                "--record-ring-bytes", "1MiB",
                "--frame-bytes-max", "64KiB",
                "--snapshot-journal-bytes", "1MiB",
                "--space-soft-bytes", "64MiB",
                "--space-hard-bytes", "32MiB",
                "--retention-ms", "0",
                "--retention-records", "1000",
                "--recent-delivery-bytes", kib[random.nextInt(kib.length)],
                "--outbound-bytes-max", kib[random.nextInt(kib.length)],
                "--databases-resident-max", random.nextInt(4) == 0 ? "20000" : Integer.toString(Math.max(1, seeds / 2)),
                "--progress-interval-ms", "100ms",
                "--unauthenticated-per-address-max", "10000",
                "--unauthenticated-max", "10000"
            };
            final Path data = folder.resolve("data");
            try (NodeProcess node = new NodeProcess(folder, data, args).start();
                    FleetRelay relay = new FleetRelay(node.port(), firstSeed)) {
                for (int i = 0; i < seeds; i++) {
                    tenants.add(new FleetTenant(firstSeed + i, node.address(), relay.address(), DELIVERIES));
                }
                nextKill();
                follow(node, relay);
                for (final FleetTenant tenant : tenants) {
                    tenant.assertEqualStates(node.address());
                }
                count(node);
                tenants.forEach(FleetTenant::close);
                assertEquals(0, node.stop());
                Scenario.verify(folder, data);
            }
            tenants.forEach(tenant -> tally.addAll(tenant.tally()));
        }

        private void follow(final NodeProcess node, final FleetRelay relay) {
            long progressNs = System.nanoTime();
            long before = -1;
            while (tenants.stream().filter(FleetTenant::isSettled).count() < tenants.size()) {
                relay.check();
                int work = 0;
                for (final FleetTenant tenant : tenants) {
                    work += tenant.poll();
                }
                disturb(node, relay);
                if (work == 0) {
                    java.util.concurrent.locks.LockSupport.parkNanos(100_000);
                }
                final long now = deliveries();
                if (now != before) {
                    before = now;
                    progressNs = System.nanoTime();
                } else if (System.nanoTime() - progressNs > STUCK_NS) {
                    throw new AssertionError("nobody gets anything any more: "
                            + tenants.stream().map(FleetTenant::describe).toList() + node.err());
                }
            }
        }

        private void disturb(final NodeProcess node, final FleetRelay relay) {
            if (kills < KILLS && deliveries() >= killAt) {
                count(node);
                node.kill();
                node.start();
                kills++;
                tally.add(FleetEvent.KILL);
                nextKill();
            }
            if (kills < KILLS && System.nanoTime() - cutNs > CUT_EVERY_NS) {
                cutNs = System.nanoTime();
                if (random.nextBoolean()) {
                    relay.cut(4);
                    tally.add(FleetEvent.CUT);
                } else {
                    relay.stall(4, random.nextInt(600));
                    tally.add(FleetEvent.STALL);
                }
            }
        }

        private void nextKill() {
            final long step = seeds * DELIVERIES / (KILLS + 1);
            killAt = kills * step + step / 2 + (long) (random.nextDouble() * step);
        }

        /** What the node counted since its start. */
        private void count(final NodeProcess node) {
            try (BlockingClient client = BlockingClient.connect(new ClientContext().addresses(node.address()))) {
                final Map<String, Object> status = client.status();
                tally.add(FleetEvent.CAUGHT_UP_FROM_THE_JOURNAL, (Long) status.get("deliveries_catch_up_total"));
                tally.add(FleetEvent.EVICTED, (Long) status.get("evictions_total"));
                tally.add(FleetEvent.LOADED_BACK, (Long) status.get("loads_total"));
                tally.add(FleetEvent.LIVE, (Long) status.get("deliveries_live_total"));
            }
        }

        private long deliveries() {
            long sum = 0;
            for (final FleetTenant tenant : tenants) {
                sum += tenant.tally().deliveries();
            }
            return sum;
        }
    }
}
