package io.lockstep.engine.arbitration;

import io.lockstep.engine.command.IngressCommand;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * The state machine: takes commands one by one, decides by the rules of arbitration, keeps the state of all databases.
 *
 * <p>Deterministic: what it writes follows from the commands and their order alone. Not thread-safe; one thread owns
 * it. Total: for a body that the frame validator accepts no call throws, so an exception is a bug and must stop the
 * node. Steady state allocates nothing on the heap.
 */
public final class Arbiter implements AutoCloseable {
    /** The rules in force, as records name them. */
    public static final int RULES_VERSION = 1;

    private final ArbiterContext context;

    /**
     * An arbiter without databases, at epoch 0.
     *
     * @param context concluded
     */
    public Arbiter(final ArbiterContext context) {
        context.requireConcluded();
        this.context = context;
    }

    /**
     * Decides one command. Writes the unsealed journal record first, if the state changed, and then the answer.
     *
     * @param command the envelope
     * @param body holds the SBE message that the kind names, with its header; validated
     * @param offset of its first byte
     * @param length bytes
     * @param out where record and answer go
     * @param outOffset with {@link #outBytesMax()} bytes of room from here on
     * @param decision is told where record and answer are
     */
    public void decide(
            final IngressCommand command,
            final DirectBuffer body,
            final int offset,
            final int length,
            final MutableDirectBuffer out,
            final int outOffset,
            final Decision decision) {
        decision.clear();
    }

    /**
     * Decides a command out of the journal: like {@link #decide}, but limits that may have been lowered since are not
     * applied, and a record that creates a database is taken as CreateDatabaseCommand under OPEN_DATABASE.
     *
     * @param command the envelope as the record names it
     * @param body holds the record's command field
     * @param offset of its first byte
     * @param length bytes
     * @param out where record and answer go
     * @param outOffset with {@link #outBytesMax()} bytes of room from here on, and never less than twice the record
     * @param decision is told where record and answer are
     */
    public void replay(
            final IngressCommand command,
            final DirectBuffer body,
            final int offset,
            final int length,
            final MutableDirectBuffer out,
            final int outOffset,
            final Decision decision) {
        decision.clear();
    }

    /**
     * The most that a call of {@link #decide} writes.
     *
     * @return bytes
     */
    public int outBytesMax() {
        return context.recordBytesMax() + context.answerBytesMax() + Long.BYTES;
    }

    /**
     * The epoch in force.
     *
     * @return 0 before the first epoch command
     */
    public long epoch() {
        return 0;
    }

    /**
     * The time of the last command.
     *
     * @return milliseconds since 1970
     */
    public long lastStampedTimeMs() {
        return 0;
    }

    /**
     * Databases made so far.
     *
     * @return a count; they are numbered from 1 to this
     */
    public int databaseCount() {
        return 0;
    }

    /**
     * A database by its number.
     *
     * @param databaseId 1 to {@link #databaseCount()}
     * @return null if there is none
     */
    public DatabaseView database(final int databaseId) {
        return null;
    }

    /**
     * A database by its name.
     *
     * @param name compared exactly
     * @return null if there is none
     */
    public DatabaseView database(final String name) {
        return null;
    }

    /** Gives all memory back. Nothing may be called after it. */
    @Override
    public void close() {}
}
