package io.lockstep.journal.snapshot;

import io.lockstep.codec.Durability;
import io.lockstep.codec.KeyForm;
import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.OpenDatabaseEncoder;
import io.lockstep.codec.PruneEncoder;
import io.lockstep.codec.RowPolicy;
import io.lockstep.engine.Engine;
import io.lockstep.engine.EngineContext;
import io.lockstep.engine.arbitration.Arbiter;
import io.lockstep.engine.arbitration.ModelSet;
import io.lockstep.engine.arbitration.ModelSets;
import io.lockstep.engine.arbitration.ModelValue;
import io.lockstep.engine.command.CommandKind;
import io.lockstep.engine.command.IngressCommand;
import io.lockstep.engine.port.CommittedSlot;
import io.lockstep.engine.port.EgressPort;
import io.lockstep.engine.recovery.RecoveredState;
import io.lockstep.engine.ring.IngressClock;
import io.lockstep.engine.stage.SealPolicy;
import io.lockstep.journal.ChronicleJournal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.agrona.ExpandableArrayBuffer;

/**
 * One life of a node without its gateway: a real journal, a real writer of snapshots, an engine, all in lock-step on one
 * thread, under a load of a few databases that meets itself often. A slice of a walk is one step.
 */
final class SnapshotLife implements AutoCloseable {
    private static final int DATABASES_MAX = 5;
    private static final int ROWS = 120;
    private static final long SLICE_NS = 200_000;
    private static final int COMMAND_BYTES_MAX = 64 << 10;

    private final Random random;
    private final ModelSets sets;
    private final Arbiter arbiter;
    private final SnapshotWriter writer;
    private final Engine engine;
    private final IngressClock clock;
    private final ExpandableArrayBuffer body = new ExpandableArrayBuffer(1 << 16);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final IngressCommand command = new IngressCommand();
    private long nowNs;
    private long nowMs;
    private Throwable fatal;

    SnapshotLife(
            final Path dataFolder,
            final ChronicleJournal journal,
            final Arbiter arbiter,
            final RecoveredState recovered,
            final ModelSets sets,
            final long nowMs)
            throws IOException {
        this.sets = sets;
        this.arbiter = arbiter;
        this.nowMs = nowMs;
        random = sets.random();
        clock = IngressClock.manual(nowMs);
        writer = new SnapshotWriter(
                new SnapshotContext()
                        .dataFolder(dataFolder)
                        .journal(journal)
                        .commit(this::committedPosition)
                        .blockBytes(arbiter.snapshotBlockBytes())
                        .journalBytes(1L << 40)
                        .bytesPerSecond(1L << 40)
                        .conclude(),
                () -> nowNs,
                () -> 0);
        engine = new Engine(new EngineContext()
                .arbiter(arbiter)
                .journal(journal)
                .recovered(recovered)
                .egress(new Nobody())
                .fatalHandler((component, cause) -> fatal = cause)
                .snapshots(writer)
                .clock(clock)
                .nanoClock(() -> nowNs += SLICE_NS)
                .durability(random.nextInt(4) == 0 ? Durability.SYNCED : Durability.JOURNALED)
                .sealPolicy(new SealPolicy(1 + random.nextInt(40), TimeUnit.DAYS.toNanos(1)))
                .ringSlots(64)
                .batchSlots(1 + random.nextInt(16))
                .commandBytesMax(COMMAND_BYTES_MAX)
                .commandRingBytes(4 * COMMAND_BYTES_MAX)
                .recordRingBytes(8 << 20)
                .conclude());
    }

    private long committedPosition() {
        return engine.committedPosition();
    }

    /** Does so many random things. */
    void live(final int steps) {
        for (int step = 0; step < steps; step++) {
            switch (random.nextInt(16)) {
                case 0, 1, 2, 3 -> act();
                case 4 -> {
                    nowNs += TimeUnit.SECONDS.toNanos(random.nextInt(2));
                    writer.want();
                }
                case 5, 6, 7 -> writer.doWork();
                default -> engine.doWork();
            }
            if (fatal != null) {
                throw new AssertionError("the engine stopped", fatal);
            }
        }
    }

    /** Works off what is in the ring, and no more of a snapshot than that takes. */
    void drain() {
        while (!engine.drained()) {
            engine.doWork();
            if (fatal != null) {
                throw new AssertionError("the engine stopped", fatal);
            }
        }
    }

    long published() {
        return writer.tally().published();
    }

    Arbiter arbiter() {
        return arbiter;
    }

    long nowMs() {
        return nowMs;
    }

    private void act() {
        nowMs += random.nextInt(20);
        clock.set(nowMs);
        final int databases = arbiter.databaseCount();
        final int chance = random.nextInt(40);
        if (databases == 0 || (databases < DATABASES_MAX && chance == 0)) {
            publish(CommandKind.OPEN_DATABASE, 0, IngressCommand.FLAG_MAY_CREATE, open("d" + databases));
            return;
        }
        final int database = 1 + random.nextInt(databases);
        if (chance < 4) {
            publish(CommandKind.PRUNE, database, 0, prune(random.nextInt(400)));
            return;
        }
        final int flags = random.nextInt(6) > 0 ? IngressCommand.FLAG_SITE_AUTHORISED : 0;
        publish(
                CommandKind.CHANGE_SET,
                database,
                flags,
                spread(sets.next(nowMs)).encode(body, 0, 1, false));
    }

    private void publish(final CommandKind kind, final int databaseId, final int flags, final int length) {
        command.set(kind, 7, 9, databaseId, flags, 0);
        while (!engine.ingress().tryPublish(command, body, 0, length)) {
            engine.doWork();
        }
    }

    private int open(final String name) {
        final OpenDatabaseEncoder encoder = new OpenDatabaseEncoder();
        encoder.wrapAndApplyHeader(body, 0, header)
                .requestId(1)
                .rowPolicy(random.nextBoolean() ? RowPolicy.LAST_WRITER_WINS : RowPolicy.DELETE_WINS)
                .keyForm(random.nextBoolean() ? KeyForm.TYPED : KeyForm.QUEREUS)
                .maxDriftMs(0)
                .name(name);
        encoder.flags().clear().create(true);
        return MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
    }

    private int prune(final long horizonMs) {
        final PruneEncoder encoder = new PruneEncoder();
        encoder.wrapAndApplyHeader(body, 0, header).requestId(1).horizonMs(horizonMs);
        return MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
    }

    /** More rows than the model makes, so that a walk takes a while, and new names of tables and columns now and then. */
    private ModelSet spread(final ModelSet set) {
        final List<ModelSet.Change> changes = new ArrayList<>();
        for (final ModelSet.Change change : set.changes()) {
            final boolean elsewhere = random.nextInt(3) > 0;
            changes.add(new ModelSet.Change(
                    change.opSeq(),
                    change.schema(),
                    random.nextInt(200) == 0 ? "t" + random.nextInt(20) : change.table(),
                    elsewhere ? List.of(ModelValue.of(random.nextInt(ROWS))) : change.key(),
                    change.isDelete() || random.nextInt(100) > 0 ? change.column() : "c" + random.nextInt(400),
                    change.value()));
        }
        return new ModelSet(set.site(), set.wall(), set.counter(), set.migrations(), changes);
    }

    /** After the folder was copied: what is done here is what a killed process does not do. */
    @Override
    public void close() {
        engine.close();
        writer.close();
    }

    private static final class Nobody implements EgressPort {
        private long answers;

        @Override
        public void onCommitted(final CommittedSlot slot) {
            answers += slot.answerLength() > 0 ? 1 : 0;
        }

        @Override
        public void onBatchEnd() {
            if (answers < 0) {
                throw new IllegalStateException("answers=" + answers);
            }
        }
    }
}
