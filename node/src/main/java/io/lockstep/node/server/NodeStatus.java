package io.lockstep.node.server;

import static io.lockstep.node.server.StatusValues.Kind.COUNTER;
import static io.lockstep.node.server.StatusValues.Kind.GAUGE;

import io.lockstep.engine.Engine;
import io.lockstep.engine.stage.PruneAgent;
import io.lockstep.engine.stage.ResidencyStage;
import io.lockstep.gateway.limits.GatewayCounter;
import io.lockstep.gateway.limits.GatewayCounters;
import io.lockstep.gateway.limits.StalledSession;
import io.lockstep.gateway.session.StatusReport;
import io.lockstep.gateway.session.StatusSource;
import io.lockstep.journal.ChronicleJournal;
import io.lockstep.journal.snapshot.SnapshotWriter;
import io.lockstep.node.config.NodeConfig;
import io.lockstep.node.config.Settings;
import java.util.List;
import java.util.Locale;

/** How the node is: one list of values behind the status command and the Prometheus endpoint. Any thread. */
final class NodeStatus implements StatusSource {
    private static final long NS_PER_MS = 1_000_000;

    private final NodeIdentityText identity;
    private final NodeConfig config;
    private final ChronicleJournal journal;
    private final Engine engine;
    private final CountingEgress egress;
    private final GatewayCounters gateway;
    private final MappedCrumb crumb;
    private final SnapshotWriter snapshots;
    private final long startNs = System.nanoTime();
    private final Rates setRate;
    private final Rates deliveryRate;
    private final Rates byteInRate;
    private final Rates byteOutRate;

    /**
     * What does not change while a node runs.
     *
     * @param version of the node
     * @param incarnation of the journal
     * @param epoch in force
     */
    record NodeIdentityText(String version, String incarnation, long epoch) {}

    NodeStatus(
            final NodeIdentityText identity,
            final NodeConfig config,
            final ChronicleJournal journal,
            final Engine engine,
            final CountingEgress egress,
            final GatewayCounters gateway,
            final MappedCrumb crumb,
            final SnapshotWriter snapshots) {
        this.identity = identity;
        this.config = config;
        this.journal = journal;
        this.engine = engine;
        this.egress = egress;
        this.gateway = gateway;
        this.crumb = crumb;
        this.snapshots = snapshots;
        setRate = new Rates(egress::sets);
        deliveryRate = new Rates(() ->
                gateway.value(GatewayCounter.DELIVERIES_LIVE) + gateway.value(GatewayCounter.DELIVERIES_CATCH_UP));
        byteInRate = new Rates(() -> gateway.value(GatewayCounter.BYTES_IN));
        byteOutRate = new Rates(() -> gateway.value(GatewayCounter.BYTES_OUT));
    }

    /**
     * Measures rates; once a second, by one thread.
     *
     * @param nowNs monotonic time
     */
    void sample(final long nowNs) {
        for (final Rates rate : List.of(setRate, deliveryRate, byteInRate, byteOutRate)) {
            rate.sample(nowNs);
        }
    }

    /**
     * Shows everything.
     *
     * @param values takes it
     */
    void show(final StatusValues values) {
        values.text("role", "single");
        values.text("version", identity.version());
        values.text("incarnation", identity.incarnation());
        values.number("epoch", GAUGE, "epoch in force", identity.epoch());
        values.text("durability", config.text(Settings.DURABILITY));
        values.number("uptime_ms", GAUGE, "milliseconds since the start", (System.nanoTime() - startNs) / NS_PER_MS);
        values.number("position_written", GAUGE, "last journal position appended", journal.writtenPosition());
        values.number("position_durable", GAUGE, "last position on stable storage", journal.durablePosition());
        values.number("position_committed", GAUGE, "last position that may leave", engine.committedPosition());
        values.number("journal_first_position", GAUGE, "position at which the journal begins", journal.firstPosition());
        values.number("journal_bytes", GAUGE, "bytes of records in the journal's files", journal.bytesAfter(0));
        values.number("memory_heap_bytes", GAUGE, "Java heap in use, garbage included", ProcessMemory.heapBytes());
        values.number("memory_own_bytes", GAUGE, "memory of the process, files excluded", ProcessMemory.ownBytes());
        values.number("databases", GAUGE, "databases made so far", egress.databases());
        showRates(values);
        showEngine(values);
        showResidency(values);
        showSnapshots(values);
        showPruning(values);
        values.text("space_level", journal.spaceLevel().name().toLowerCase(Locale.ROOT));
        values.number("space_free_bytes", GAUGE, "free bytes of the journal's file system", journal.freeBytes());
        for (final GatewayCounter counter : GatewayCounter.values()) {
            final StatusValues.Kind kind = counter.isGauge() ? GAUGE : COUNTER;
            values.number(counter.label(), kind, counter.help(), gateway.value(counter));
            if (counter == GatewayCounter.UPLOADS_BYTES) {
                final long max = config.number(Settings.byKey("uploads-bytes-max"));
                values.number("uploads_bytes_max", GAUGE, "most that uploads_bytes may be", max);
            }
        }
        gateway.refusals().forEach((name, count) -> values.number(name, COUNTER, "times that it was answered", count));
    }

    private void showRates(final StatusValues values) {
        values.number("sets_per_second", GAUGE, "change sets decided a second", setRate.perSecond());
        values.number("deliveries_per_second", GAUGE, "deliveries a second", deliveryRate.perSecond());
        values.number("bytes_in_per_second", GAUGE, "bytes received a second", byteInRate.perSecond());
        values.number("bytes_out_per_second", GAUGE, "bytes sent a second", byteOutRate.perSecond());
        values.number("sets_total", COUNTER, "change sets decided since the start", egress.sets());
        values.number("sets_with_effect_total", COUNTER, "of them with an effect", egress.setsWithEffect());
    }

    private void showResidency(final StatusValues values) {
        final ResidencyStage residency = engine.counters().residency();
        values.number("databases_resident", GAUGE, "databases in memory", residency.resident());
        values.number("state_resident_bytes", GAUGE, "memory of their state", residency.usedBytes());
        values.number("evictions_total", COUNTER, "databases that left memory", residency.evictions());
        values.number("loads_total", COUNTER, "databases that were brought back", residency.loads());
        values.number("load_ns_total", COUNTER, "how long all of that took", residency.loadNsSum());
        values.number("load_ns_max", GAUGE, "the longest of them", residency.loadNsMax());
        values.number("residency_slices_total", COUNTER, "slices of it between commands", residency.slices());
        values.number(
                "residency_slices_slow_total", COUNTER, "of them longer than a millisecond", residency.slowSlices());
        values.number("residency_slice_ns_max", GAUGE, "the longest of them", residency.sliceNsMax());
    }

    private void showSnapshots(final StatusValues values) {
        values.number(
                "snapshots_total",
                COUNTER,
                "snapshots written since the start",
                snapshots.tally().published());
        values.number(
                "snapshot_failures_total",
                COUNTER,
                "snapshots given up since the start",
                snapshots.tally().failures());
        final long writtenBytes = snapshots.tally().writtenBytes();
        values.number("snapshot_in_progress", GAUGE, "1: one is being written", writtenBytes < 0 ? 0 : 1);
        values.number("snapshot_in_progress_bytes", GAUGE, "how much of it is written", Math.max(0, writtenBytes));
        values.number(
                "snapshot_age_ms",
                GAUGE,
                "age of the newest, -1: none",
                snapshots.tally().ageMs());
        values.number("snapshot_position", GAUGE, "position of the newest snapshot", snapshots.position());
        values.number("snapshot_bytes", GAUGE, "size of the newest snapshot", snapshots.bytes());
        final var counters = engine.counters();
        values.number("snapshot_slices_total", COUNTER, "walks between commands", counters.snapshotSlices());
        values.number(
                "snapshot_slices_slow_total",
                COUNTER,
                "of them longer than a millisecond",
                counters.snapshotSlowSlices());
        values.number("snapshot_slice_ns_max", GAUGE, "the longest of them", counters.snapshotSliceNsMax());
    }

    private void showPruning(final StatusValues values) {
        final PruneAgent prune = egress.prune();
        values.number("prune_visits_total", COUNTER, "databases looked at for deletes to forget", prune.visits());
        values.number("prunes_total", COUNTER, "of them with something to forget", prune.prunes());
        values.number("tombstones_pruned_total", COUNTER, "deletes forgotten by the node itself", prune.pruned());
    }

    private void showEngine(final StatusValues values) {
        final var counters = engine.counters();
        values.number("ring_free_slots", GAUGE, "free slots of the ring", counters.ringFreeSlots());
        values.number("ring_command_bytes", GAUGE, "bytes of commands in flight", counters.commandBytesInFlight());
        values.number("ring_record_bytes", GAUGE, "bytes of records in flight", counters.recordBytesInFlight());
        values.number("ring_refusals_total", COUNTER, "commands not taken, ring full", counters.ringFullRefusals());
        values.number("poison_sets", GAUGE, "change sets refused until cleared", crumb.refusedCount());
        values.number("poison_refusals_total", COUNTER, "times one of them was refused", counters.poisonRefusals());
        values.number(
                "look_ahead_failures_total",
                COUNTER,
                "exceptions while looking ahead at a batch: a bug",
                counters.lookAheadFailures());
        values.number(
                "clock_step_alarm",
                GAUGE,
                "1: the wall clock jumped",
                engine.clock().stepAlarm() ? 1 : 0);
    }

    /** Subscribers that do not move, the worst first. */
    List<StalledSession> stalled() {
        return gateway.stalled();
    }

    @Override
    public void fill(final StatusReport report) {
        show(new StatusValues() {
            @Override
            public void number(final String name, final Kind kind, final String help, final long value) {
                report.value(name, value);
            }

            @Override
            public void text(final String name, final String text) {
                report.text(name, text);
            }
        });
        int place = 0;
        for (final StalledSession each : stalled()) {
            place++;
            report.text("stalled_subscriber_" + place, each.toString());
        }
    }
}
