package io.lockstep.engine.ring;

import com.lmax.disruptor.RingBuffer;
import io.lockstep.engine.command.IngressCommand;
import io.lockstep.engine.command.StagedSets;
import io.lockstep.engine.port.IngressPort;
import java.util.function.LongSupplier;
import org.agrona.DirectBuffer;

/**
 * The one producer of the ring: stamps a command's time, copies it and publishes it, or says that the ring is full. One
 * thread. Never blocks, allocates nothing.
 */
public final class IngressPublisher implements IngressPort {
    private final RingBuffer<CommandSlot> ring;
    private final ByteRing commands;
    private final IngressClock clock;
    private final LongSupplier loads;
    private final StagedSets staged;
    private long lastStampMs;
    private long refused;

    /**
     * The producer of a ring.
     *
     * @param commandRing its ring; no other producer may exist
     * @param clock ticked by the same thread
     * @param lastStampMs the last time stamped in the journal: no stamp goes below it
     * @param loads tells how many databases were brought back into memory
     * @param staged large change sets, as arbitration looks for them
     */
    public IngressPublisher(
            final CommandRing commandRing,
            final IngressClock clock,
            final long lastStampMs,
            final LongSupplier loads,
            final StagedSets staged) {
        this.loads = loads;
        this.staged = staged;
        this.ring = commandRing.slots();
        this.commands = commandRing.commands();
        this.clock = clock;
        this.lastStampMs = lastStampMs;
    }

    @Override
    public boolean tryPublish(
            final IngressCommand command, final DirectBuffer body, final int offset, final int length) {
        if (!ring.hasAvailableCapacity(1)) {
            refused++;
            return false;
        }
        final int claimed = commands.tryClaim(length);
        if (claimed == ByteRing.FULL) {
            refused++;
            return false;
        }
        final long slotNumber = ring.next();
        final CommandSlot slot = ring.get(slotNumber);
        commands.buffer().putBytes(claimed, body, offset, length);
        slot.command()
                .set(
                        command.kind(),
                        command.sessionId(),
                        command.principalId(),
                        command.databaseId(),
                        command.flags(),
                        stamp());
        slot.published(claimed, length, commands.claimedPosition());
        ring.publish(slotNumber);
        return true;
    }

    @Override
    public StagedSets stagedSets() {
        return staged;
    }

    @Override
    public long stampedTimeMs() {
        return Math.max(lastStampMs, clock.timeMs());
    }

    @Override
    public long loads() {
        return loads.getAsLong();
    }

    private long stamp() {
        lastStampMs = Math.max(lastStampMs, clock.timeMs());
        return lastStampMs;
    }

    /**
     * Commands that were refused because the ring was full. Publisher's thread.
     *
     * @return a count since the start
     */
    public long refused() {
        return refused;
    }
}
