package io.lockstep.journal;

import io.lockstep.engine.port.JournalFailedException;
import io.lockstep.engine.port.JournalPort;
import io.lockstep.engine.port.JournalReader;
import io.lockstep.engine.port.SpaceLevel;
import org.agrona.DirectBuffer;

/** The journal on Chronicle Queue. Threading as in {@link JournalPort}. */
public final class ChronicleJournal implements JournalPort {
    private final JournalContext context;

    private ChronicleJournal(final JournalContext context) {
        this.context = context;
    }

    /**
     * Takes the folder, reads everything that is there, cuts a torn tail, and is ready to append.
     *
     * @param context concluded
     * @return an open journal
     * @throws JournalFailedException LOCKED if another process holds the folder, DAMAGE if something at or below the
     *     durable position is bad, IO if the operating system refuses, FORMAT if it was written by another version
     */
    public static ChronicleJournal open(final JournalContext context) {
        return new ChronicleJournal(context);
    }

    @Override
    public void append(final DirectBuffer buffer, final int offset, final int length) {
        throw new UnsupportedOperationException("dataFolder=" + context.dataFolder());
    }

    @Override
    public void batchAppended() {}

    @Override
    public long writtenPosition() {
        return 0;
    }

    @Override
    public long durablePosition() {
        return 0;
    }

    @Override
    public SpaceLevel spaceLevel() {
        return SpaceLevel.NORMAL;
    }

    @Override
    public long freeBytes() {
        return 0;
    }

    @Override
    public JournalFailedException failure() {
        return null;
    }

    @Override
    public JournalReader openReader() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
