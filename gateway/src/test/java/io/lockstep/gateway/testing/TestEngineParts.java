package io.lockstep.gateway.testing;

import io.lockstep.codec.Durability;
import io.lockstep.codec.frame.FrameLimits;
import io.lockstep.engine.Engine;
import io.lockstep.engine.EngineContext;
import io.lockstep.engine.arbitration.Arbiter;
import io.lockstep.engine.arbitration.ArbiterContext;
import io.lockstep.engine.memory.MemoryJournal;
import io.lockstep.engine.port.CommittedSlot;
import io.lockstep.engine.port.EgressPort;
import io.lockstep.engine.record.Incarnation;
import io.lockstep.engine.recovery.JournalBootstrap;
import io.lockstep.engine.recovery.ReplayProgress;
import io.lockstep.engine.ring.IngressClock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The real engine over a journal in memory, for a gateway to stand before. */
public final class TestEngineParts implements AutoCloseable {
    public static final Incarnation INCARNATION = new Incarnation(0xA1, 0xB2);
    public static final FrameLimits FRAME_LIMITS = new FrameLimits(64 * 1024, 1_024, 255, 4_096, 32, 64 * 1024);

    private final MemoryJournal journal;
    private final Arbiter arbiter;
    private final Engine engine;
    private final List<String> fatal = new ArrayList<>();
    private EgressPort egress;

    public TestEngineParts(final MemoryJournal journal, final Consumer<EngineContext> settings) {
        this.journal = journal;
        JournalBootstrap.incarnation(journal, INCARNATION, 1, TimeUnit.MINUTES.toNanos(1));
        arbiter = new Arbiter(new ArbiterContext()
                .incarnation(INCARNATION.high(), INCARNATION.low())
                .hashSeed(1, 2)
                .limits(FRAME_LIMITS)
                .databasesMax(64)
                .databaseBytesMax(256 << 20)
                .arenaBytesMax(1L << 30)
                .conclude());
        final EngineContext context = new EngineContext()
                .arbiter(arbiter)
                .journal(journal)
                .recovered(JournalBootstrap.recover(journal, INCARNATION, arbiter, ReplayProgress.NONE))
                .egress(new EgressPort() {
                    @Override
                    public void onCommitted(final CommittedSlot slot) {
                        egress.onCommitted(slot);
                    }

                    @Override
                    public void onBatchEnd() {
                        egress.onBatchEnd();
                    }
                })
                .fatalHandler((component, cause) -> fatal.add(component + ": " + cause))
                .clock(IngressClock.manual(1_750_000_000_000L))
                .durability(Durability.JOURNALED)
                .ringSlots(256)
                .commandBytesMax(FRAME_LIMITS.frameBytesMax())
                .commandRingBytes(1 << 20)
                .recordRingBytes(1 << 22);
        settings.accept(context);
        engine = new Engine(context.conclude());
    }

    public void egress(final EgressPort port) {
        egress = port;
    }

    public MemoryJournal journal() {
        return journal;
    }

    public Engine engine() {
        return engine;
    }

    public List<String> fatal() {
        return fatal;
    }

    @Override
    public void close() {
        engine.close();
        arbiter.close();
        journal.close();
    }
}
