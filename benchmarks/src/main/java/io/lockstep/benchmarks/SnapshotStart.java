package io.lockstep.benchmarks;

import io.lockstep.codec.ChangeOp;
import io.lockstep.codec.Durability;
import io.lockstep.codec.KeyForm;
import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.OpenDatabaseEncoder;
import io.lockstep.codec.RowPolicy;
import io.lockstep.codec.message.ChangeSetWriter;
import io.lockstep.codec.value.ValueWriter;
import io.lockstep.engine.Engine;
import io.lockstep.engine.EngineContext;
import io.lockstep.engine.EngineCounters;
import io.lockstep.engine.arbitration.Arbiter;
import io.lockstep.engine.arbitration.ArbiterContext;
import io.lockstep.engine.arbitration.DatabaseView;
import io.lockstep.engine.command.CommandKind;
import io.lockstep.engine.command.IngressCommand;
import io.lockstep.engine.port.CommittedSlot;
import io.lockstep.engine.port.EgressPort;
import io.lockstep.engine.record.Incarnation;
import io.lockstep.engine.recovery.JournalBootstrap;
import io.lockstep.engine.recovery.RecoveredState;
import io.lockstep.engine.recovery.ReplayProgress;
import io.lockstep.engine.ring.IngressClock;
import io.lockstep.engine.stage.SnapshotStage;
import io.lockstep.journal.ChronicleJournal;
import io.lockstep.journal.JournalContext;
import io.lockstep.journal.snapshot.SnapshotContext;
import io.lockstep.journal.snapshot.SnapshotFile;
import io.lockstep.journal.snapshot.SnapshotFolder;
import io.lockstep.journal.snapshot.SnapshotWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * How long a start from a snapshot takes, and what the state takes in memory: makes a data folder with a snapshot of a
 * large database and records after it, and starts on it as a node does. {@code benchmarks/snapshots} runs it.
 */
public final class SnapshotStart {
    private static final int COLUMNS = 5;
    private static final long SLICE_NS = 100_000;
    private static final int ROWS_A_SET = 100;
    private static final int VALUE_BYTES = 16;
    private static final long START_MS = 1_700_000_000_000L;
    private static final Incarnation INCARNATION = new Incarnation(1, 2);
    private static final byte[] SCHEMA = "main".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TABLE = "orders".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NOTHING = {};

    private final Path dataFolder;
    private final int rows;
    private final int records;
    private final byte[] key = new byte[9];
    private final byte[] value = new byte[VALUE_BYTES + ValueWriter.PREFIX_LENGTH];
    private final UnsafeBuffer body = new UnsafeBuffer(new byte[1 << 18]);
    private final ChangeSetWriter writer = new ChangeSetWriter();
    private final IngressCommand command = new IngressCommand();
    private long wall = START_MS;
    private long spins;
    private long slowSpins;
    private long spinNsMax;

    private SnapshotStart(final Path dataFolder, final int rows, final int records) {
        this.dataFolder = dataFolder;
        this.rows = rows;
        this.records = records;
    }

    /**
     * Runs it.
     *
     * @param args make or start, a data folder; for make, rows and records after the snapshot
     * @throws IOException if the folder cannot be used
     */
    public static void main(final String[] args) throws IOException {
        final Path folder = Path.of(args[1]);
        if ("make".equals(args[0])) {
            new SnapshotStart(folder, Integer.parseInt(args[2]), Integer.parseInt(args[3])).make();
        } else {
            new SnapshotStart(folder, 0, 0).start("snapshot".equals(args[0]));
        }
    }

    /** Makes the folder: the state, a snapshot while half of the records come, and the others. */
    private void make() throws IOException {
        Files.createDirectories(dataFolder);
        try (ChronicleJournal journal = open(0);
                Arbiter arbiter = arbiter()) {
            JournalBootstrap.incarnation(journal, INCARNATION, 1, TimeUnit.MINUTES.toNanos(1));
            final RecoveredState recovered =
                    JournalBootstrap.recover(journal, INCARNATION, arbiter, ReplayProgress.NONE);
            final Engine[] made = new Engine[1];
            try (SnapshotWriter snapshots = new SnapshotWriter(new SnapshotContext()
                            .dataFolder(dataFolder)
                            .journal(journal)
                            .commit(() -> made[0].committedPosition())
                            .blockBytes(arbiter.snapshotBlockBytes())
                            .journalBytes(1L << 50)
                            .conclude());
                    Engine engine = engine(journal, arbiter, recovered, snapshots)) {
                made[0] = engine;
                fill(engine);
                settle(engine);
                final long startNs = System.nanoTime();
                snapshots.start();
                snapshots.want();
                final Random random = new Random(1);
                int updates = 0;
                while (snapshots.tally().published() == 0) {
                    // Under load, so that its walk has records to go with.
                    if (updates < records / 2) {
                        update(engine, random);
                        updates++;
                    }
                    engine.doWork();
                    spin();
                }
                report("snapshot", startNs, "bytes=%d recordsMeanwhile=%d", snapshots.bytes(), updates);
                report(engine.counters());
                for (; updates < records; updates++) {
                    update(engine, random);
                }
                settle(engine);
            }
        }
    }

    private void start(final boolean fromSnapshot) throws IOException {
        final long rssBefore = rssAnonBytes();
        long startNs = System.nanoTime();
        try (ChronicleJournal journal = open(0);
                Arbiter arbiter = arbiter()) {
            report("journal opened", startNs, "records=%d", journal.writtenPosition());
            final SnapshotFile file =
                    new SnapshotFolder(dataFolder).newestFirst().get(0);
            startNs = System.nanoTime();
            file.read((buffer, offset, length) -> checkLength(length));
            report("snapshot read, checksums alone", startNs, "bytes=%d", Files.size(file.path()));
            startNs = System.nanoTime();
            final long startedNs = startNs;
            final RecoveredState state = fromSnapshot
                    ? JournalBootstrap.recover(
                            journal,
                            INCARNATION,
                            arbiter,
                            handler -> {
                                file.read(handler);
                                report("snapshot into the arbiter", startedNs, "");
                            },
                            ReplayProgress.NONE)
                    : JournalBootstrap.recover(journal, INCARNATION, arbiter, ReplayProgress.NONE);
            report(
                    fromSnapshot ? "snapshot and journal after it" : "whole journal",
                    startNs,
                    "positions=%d",
                    state.lastPosition());
            final DatabaseView database = arbiter.database(1);
            System.out.printf(
                    Locale.ROOT,
                    "cells=%d bytes=%d bytesPerCell=%.1f rssAnonPerCell=%.1f digest=%x-%x%n",
                    database.cells(),
                    database.bytes(),
                    (double) database.bytes() / database.cells(),
                    (double) (rssAnonBytes() - rssBefore) / database.cells(),
                    database.liveDigestHigh(),
                    database.liveDigestLow());
        }
    }

    private static void checkLength(final int length) {
        if (length < 0) {
            throw new IllegalStateException("length=" + length);
        }
    }

    private void fill(final Engine engine) {
        final OpenDatabaseEncoder open = new OpenDatabaseEncoder();
        open.wrapAndApplyHeader(body, 0, new MessageHeaderEncoder())
                .requestId(1)
                .rowPolicy(RowPolicy.LAST_WRITER_WINS)
                .keyForm(KeyForm.TYPED)
                .maxDriftMs(0)
                .name("large");
        open.flags().clear().create(true);
        command.set(CommandKind.OPEN_DATABASE, 1, 1, 0, IngressCommand.FLAG_MAY_CREATE, 0);
        publish(engine, MessageHeaderEncoder.ENCODED_LENGTH + open.encodedLength());
        command.set(CommandKind.CHANGE_SET, 1, 1, 1, IngressCommand.FLAG_SITE_AUTHORISED, 0);
        for (int row = 0; row < rows; row += ROWS_A_SET) {
            writer.wrap(body, 0).header(1, 7, 7, wall++, 0, false, 0, ROWS_A_SET * COLUMNS);
            for (int i = 0; i < ROWS_A_SET * COLUMNS; i++) {
                write(i, row + i / COLUMNS, i % COLUMNS, row);
            }
            publish(engine, writer.length());
        }
    }

    private void update(final Engine engine, final Random random) {
        writer.wrap(body, 0).header(1, 7, random.nextInt(64), wall++, 0, false, 0, 1);
        write(0, random.nextInt(rows), random.nextInt(COLUMNS), random.nextLong());
        publish(engine, writer.length());
    }

    private void write(final int opSeq, final long row, final int column, final long content) {
        ValueWriter.putInteger(new UnsafeBuffer(key), 0, row);
        ValueWriter.putText(new UnsafeBuffer(value), 0, String.format("%016x", content));
        writer.beginChange(opSeq, ChangeOp.WRITE, false)
                .schemaName(SCHEMA)
                .tableName(TABLE)
                .key(key)
                .columnName(new byte[] {(byte) ('a' + column)})
                .value(value)
                .before(NOTHING);
    }

    private void publish(final Engine engine, final int length) {
        engine.clock().set(wall);
        while (!engine.ingress().tryPublish(command, body, 0, length)) {
            engine.doWork();
        }
    }

    private static void settle(final Engine engine) {
        while (!engine.drained()) {
            engine.doWork();
        }
    }

    private ChronicleJournal open(final long fromPosition) {
        return ChronicleJournal.open(
                new JournalContext().dataFolder(dataFolder).lazySync(true).conclude(), fromPosition);
    }

    private static Arbiter arbiter() {
        return new Arbiter(new ArbiterContext()
                .incarnation(INCARNATION.high(), INCARNATION.low())
                .hashSeed(3, 4)
                .databaseBytesMax(ArbiterContext.ARENA_BYTES_MAX_DEFAULT)
                .conclude());
    }

    private static Engine engine(
            final ChronicleJournal journal,
            final Arbiter arbiter,
            final RecoveredState recovered,
            final SnapshotWriter snapshots) {
        return new Engine(new EngineContext()
                .arbiter(arbiter)
                .journal(journal)
                .recovered(recovered)
                .egress(new Nobody())
                .snapshots(snapshots)
                .fatalHandler((component, cause) -> {
                    throw new IllegalStateException(component, cause);
                })
                .durability(Durability.JOURNALED)
                .clock(IngressClock.manual(START_MS))
                .conclude());
    }

    private static void report(final String what, final long startNs, final String format, final Object... values) {
        System.out.printf(
                Locale.ROOT,
                "%-32s %6d ms, processor so far %6d ms  %s%n",
                what,
                (System.nanoTime() - startNs) / 1_000_000,
                ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1_000_000,
                String.format(Locale.ROOT, format, values));
    }

    /** As long as a slice and does nothing: what delays it is the machine. */
    private void spin() {
        final long startNs = System.nanoTime();
        long elapsedNs = 0;
        while (elapsedNs < SLICE_NS) {
            elapsedNs = System.nanoTime() - startNs;
        }
        spins++;
        slowSpins += elapsedNs > SnapshotStage.SLOW_SLICE_NS ? 1 : 0;
        spinNsMax = Math.max(spinNsMax, elapsedNs);
    }

    private void report(final EngineCounters counters) {
        System.out.printf(
                Locale.ROOT,
                "slices=%d longerThanAMillisecond=%d longestUs=%d%n"
                        + "spins of the same length between them=%d longerThanAMillisecond=%d longestUs=%d%n",
                counters.snapshotSlices(),
                counters.snapshotSlowSlices(),
                counters.snapshotSliceNsMax() / 1_000,
                spins,
                slowSpins,
                spinNsMax / 1_000);
    }

    private static long rssAnonBytes() throws IOException {
        final Path status = Path.of("/proc/self/status");
        if (Files.exists(status)) {
            for (final String line : Files.readAllLines(status)) {
                if (line.startsWith("RssAnon:")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) << 10;
                }
            }
        }
        return 0;
    }

    private static final class Nobody implements EgressPort {
        private long answers;

        @Override
        public void onCommitted(final CommittedSlot slot) {
            answers++;
        }

        @Override
        public void onBatchEnd() {
            if (answers < 0) {
                throw new IllegalStateException("answers=" + answers);
            }
        }
    }
}
