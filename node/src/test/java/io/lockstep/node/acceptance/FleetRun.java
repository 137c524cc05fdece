package io.lockstep.node.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lockstep.client.BlockingClient;
import io.lockstep.client.ClientContext;
import io.lockstep.node.LockstepCommand;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Some seeds on one node: each a database with its clients. */
final class FleetRun {
    private static final long STUCK_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long CUT_EVERY_NS = TimeUnit.MILLISECONDS.toNanos(400);

    private final long firstSeed;
    private final int seeds;
    private final long deliveriesEach;
    private final int killCount;
    private final Path folder;
    private final Random random;
    private final FleetTally tally = new FleetTally();
    private final List<FleetTenant> tenants = new ArrayList<>();
    private long killAt;
    private int kills;
    private long cutNs = System.nanoTime();
    private boolean onTestClasses;

    FleetRun(final long firstSeed, final int seeds, final long deliveriesEach, final int killCount, final Path folder) {
        this.firstSeed = firstSeed;
        this.seeds = seeds;
        this.deliveriesEach = deliveriesEach;
        this.killCount = killCount;
        this.folder = folder;
        random = new Random(firstSeed);
    }

    /** Runs the node from the classes under test, and builds nothing. */
    FleetRun onTestClasses() {
        onTestClasses = true;
        return this;
    }

    FleetTally tally() {
        return tally;
    }

    void run() throws IOException {
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
        try (NodeProcess node = node(data, args).start();
                FleetRelay relay = new FleetRelay(node.port(), firstSeed)) {
            for (int i = 0; i < seeds; i++) {
                tenants.add(new FleetTenant(firstSeed + i, node.address(), relay.address(), deliveriesEach));
            }
            nextKill();
            follow(node, relay);
            for (final FleetTenant tenant : tenants) {
                tenant.assertEqualStates(node.address());
            }
            count(node);
            tenants.forEach(FleetTenant::close);
            assertEquals(0, node.stop());
            if (onTestClasses) {
                assertEquals(0, LockstepCommand.commandLine().execute("verify", "--data", data.toString()));
            } else {
                Scenario.verify(folder, data);
            }
        }
        tenants.forEach(tenant -> tally.addAll(tenant.tally()));
    }

    private NodeProcess node(final Path data, final String... args) {
        final NodeProcess node = new NodeProcess(folder, data, args);
        return onTestClasses ? node.onTestClasses() : node;
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
        if (kills < killCount && deliveries() >= killAt) {
            count(node);
            node.kill();
            node.start();
            kills++;
            tally.add(FleetEvent.KILL);
            nextKill();
        }
        if (kills < killCount && System.nanoTime() - cutNs > CUT_EVERY_NS) {
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
        final long step = seeds * deliveriesEach / (killCount + 1);
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
