package io.lockstep.engine.stage;

import io.lockstep.engine.arbitration.Arbiter;
import io.lockstep.engine.arbitration.DatabaseView;
import io.lockstep.engine.arbitration.Decision;
import io.lockstep.engine.command.IngressCommand;
import io.lockstep.engine.command.StagedSets;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** Arbitration as the arbitrate stage sees it. Called by that stage's thread alone. */
public interface Decider {
    /**
     * Decides one command; see {@link Arbiter#decide}.
     *
     * @param command the envelope
     * @param body holds the SBE message
     * @param offset of its first byte
     * @param length bytes
     * @param out where record and answer go
     * @param outOffset from here on, {@link #outBytesMax()} bytes of room
     * @param decision is told where they are
     */
    void decide(
            IngressCommand command,
            DirectBuffer body,
            int offset,
            int length,
            MutableDirectBuffer out,
            int outOffset,
            Decision decision);

    /**
     * Says that a change set will be decided soon; see {@link Arbiter#expect}.
     *
     * @param databaseId the database
     * @param body holds the SBE message
     * @param offset of its first byte
     */
    default void expect(final int databaseId, final DirectBuffer body, final int offset) {}

    /** Gets ready for what is expected; see {@link Arbiter#prefetch}. */
    default void prefetch() {}

    /**
     * Where large change sets lie.
     *
     * @return empty if none are taken
     */
    default StagedSets stagedSets() {
        return new StagedSets();
    }

    /**
     * The most that a decision writes.
     *
     * @return bytes
     */
    int outBytesMax();

    /**
     * The epoch in force.
     *
     * @return 0 before the first
     */
    long epoch();

    /**
     * A database's sequence.
     *
     * @param databaseId of the database
     * @return 0 if there is none
     */
    long sequence(int databaseId);

    /**
     * The arbiter itself.
     *
     * @param arbiter owned by the arbitrate stage from now on
     * @return a view of it
     */
    static Decider of(final Arbiter arbiter) {
        return new Decider() {
            @Override
            public void decide(
                    final IngressCommand command,
                    final DirectBuffer body,
                    final int offset,
                    final int length,
                    final MutableDirectBuffer out,
                    final int outOffset,
                    final Decision decision) {
                arbiter.decide(command, body, offset, length, out, outOffset, decision);
            }

            @Override
            public void expect(final int databaseId, final DirectBuffer body, final int offset) {
                arbiter.expect(databaseId, body, offset);
            }

            @Override
            public void prefetch() {
                arbiter.prefetch();
            }

            @Override
            public StagedSets stagedSets() {
                return arbiter.stagedSets();
            }

            @Override
            public int outBytesMax() {
                return arbiter.outBytesMax();
            }

            @Override
            public long epoch() {
                return arbiter.epoch();
            }

            @Override
            public long sequence(final int databaseId) {
                final DatabaseView database = arbiter.database(databaseId);
                return database == null ? 0 : database.sequence();
            }
        };
    }
}
