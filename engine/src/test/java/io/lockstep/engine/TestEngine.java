package io.lockstep.engine;

import io.lockstep.codec.Durability;
import io.lockstep.engine.command.CommandKind;
import io.lockstep.engine.command.IngressCommand;
import io.lockstep.engine.memory.MemoryJournal;
import io.lockstep.engine.port.JournalReader;
import io.lockstep.engine.record.Incarnation;
import io.lockstep.engine.recovery.JournalBootstrap;
import io.lockstep.engine.recovery.RecoveredState;
import io.lockstep.engine.recovery.Replay;
import io.lockstep.engine.recovery.ReplayProgress;
import io.lockstep.engine.ring.IngressClock;
import io.lockstep.engine.stage.Decider;
import io.lockstep.engine.stage.LedgerDecider;
import io.lockstep.engine.stage.RecordingEgress;
import io.lockstep.engine.stage.TestCommands;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** An engine over a journal in memory, driven in lock-step unless it is given threads. */
final class TestEngine implements AutoCloseable {
    static final Incarnation INCARNATION = new Incarnation(0x1234, 0x5678);

    final MemoryJournal journal;
    final RecordingEgress egress = new RecordingEgress();
    final List<String> fatal = new ArrayList<>();
    final IngressClock clock = IngressClock.manual(1_000);
    final RecoveredState recovered;
    final Engine engine;
    private final TestCommands commands = new TestCommands();
    private final IngressCommand envelope = new IngressCommand();

    TestEngine(final MemoryJournal journal, final Decider decider, final Consumer<EngineContext> settings) {
        this.journal = journal;
        if (journal.writtenPosition() == 0) {
            JournalBootstrap.incarnation(journal, INCARNATION, 1, TimeUnit.MINUTES.toNanos(1));
        }
        try (JournalReader reader = journal.openReader()) {
            recovered = new Replay(INCARNATION, decider::decide, decider.outBytesMax())
                    .run(reader, journal.writtenPosition(), ReplayProgress.NONE);
        }
        final EngineContext context = new EngineContext()
                .decider(decider)
                .journal(journal)
                .recovered(recovered)
                .egress(egress)
                .fatalHandler((component, cause) -> fatal.add(component + ": " + cause.getMessage()))
                .clock(clock)
                .durability(Durability.JOURNALED)
                .ringSlots(64)
                .commandBytesMax(4_096)
                .commandRingBytes(8_192)
                .recordRingBytes(16_384);
        settings.accept(context);
        engine = new Engine(context.conclude());
        egress.committed(engine::committedPosition);
    }

    static TestEngine journaled() {
        return new TestEngine(MemoryJournal.selfSyncing(), new LedgerDecider(), context -> {});
    }

    /** Durable is what the test says; the genesis is. */
    static TestEngine synced() {
        return synced(context -> {});
    }

    static TestEngine synced(final Consumer<EngineContext> settings) {
        final MemoryJournal journal = MemoryJournal.manuallySynced();
        final MemoryJournal begun = MemoryJournal.selfSyncing();
        JournalBootstrap.incarnation(begun, INCARNATION, 1, TimeUnit.MINUTES.toNanos(1));
        try (JournalReader reader = begun.openReader()) {
            reader.poll(
                    (buffer, offset, length) -> {
                        journal.append(buffer, offset, length);
                        return true;
                    },
                    1,
                    1);
        }
        journal.sync();
        return new TestEngine(
                journal,
                new LedgerDecider(),
                ((Consumer<EngineContext>) context -> context.durability(Durability.SYNCED)).andThen(settings));
    }

    boolean submit(final long requestId, final long wall) {
        return submit(requestId, wall, 0);
    }

    boolean submit(final long requestId, final long wall, final int padding) {
        commands.changeSet(requestId, 7, wall, 1, padding);
        envelope.set(CommandKind.CHANGE_SET, 1, 1, 1, IngressCommand.FLAG_SITE_AUTHORISED, 0);
        return engine.ingress().tryPublish(envelope, commands.buffer(), 0, commands.length());
    }

    boolean epoch(final long epoch) {
        commands.epoch(epoch);
        envelope.set(CommandKind.EPOCH, 0, 0, 0, 0, 0);
        return engine.ingress().tryPublish(envelope, commands.buffer(), 0, commands.length());
    }

    boolean read(final long requestId) {
        commands.readState(requestId);
        envelope.set(CommandKind.READ_STATE, 1, 1, 1, 0, 0);
        return engine.ingress().tryPublish(envelope, commands.buffer(), 0, commands.length());
    }

    /** Duty cycles until nothing can go on. */
    void settle() {
        while (engine.doWork() > 0) {
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        engine.close();
    }
}
