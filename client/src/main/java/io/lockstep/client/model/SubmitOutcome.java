package io.lockstep.client.model;

import io.lockstep.codec.SubmitResultDecoder;
import io.lockstep.codec.SubmitStatus;
import io.lockstep.codec.WinnerKind;
import io.lockstep.codec.value.HlcDescriptor;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What became of a change set, decoded. Immutable.
 *
 * @param status accepted, no effect, or why not
 * @param reason with INVALID and REFUSED an ErrorCode of the protocol, otherwise 0
 * @param sequence its sequence if accepted, otherwise 0
 * @param databaseSequence the database's sequence as of the decision
 * @param epoch of the decision
 * @param migrationOutcomes one a migration, in order; empty unless arbitrated
 * @param outcomes one a change, in order; empty unless arbitrated
 * @param winners if asked for, one for each change that did not apply
 * @param limit that was met, if it is not settled
 */
public record SubmitOutcome(
        SubmitStatus status,
        int reason,
        long sequence,
        long databaseSequence,
        long epoch,
        List<ChangeOutcome> migrationOutcomes,
        List<ChangeOutcome> outcomes,
        List<Winner> winners,
        MetLimit limit) {
    /** Copies the lists. */
    public SubmitOutcome {
        migrationOutcomes = List.copyOf(migrationOutcomes);
        outcomes = List.copyOf(outcomes);
        winners = List.copyOf(winners);
    }

    /** One that met no limit. */
    public SubmitOutcome(
            final SubmitStatus status,
            final int reason,
            final long sequence,
            final long databaseSequence,
            final long epoch,
            final List<ChangeOutcome> migrationOutcomes,
            final List<ChangeOutcome> outcomes,
            final List<Winner> winners) {
        this(status, reason, sequence, databaseSequence, epoch, migrationOutcomes, outcomes, winners, MetLimit.NONE);
    }

    /**
     * Decodes a message.
     *
     * @param decoder wrapped around a validated message; its groups are walked
     * @return the outcome
     * @throws IllegalArgumentException if a value is not in canonical form
     */
    public static SubmitOutcome decode(final SubmitResultDecoder decoder) {
        decoder.sbeRewind();
        final MetLimit limit =
                new MetLimit(decoder.limitValue(), decoder.actualValue(), Math.max(-1, decoder.change()));
        final List<Winner> winners = new ArrayList<>();
        for (final SubmitResultDecoder.WinnersDecoder winner : decoder.winners()) {
            winners.add(winner(winner));
        }
        final byte[] migrationCodes = new byte[decoder.migrationOutcomesLength()];
        decoder.getMigrationOutcomes(migrationCodes, 0, migrationCodes.length);
        final byte[] codes = new byte[decoder.outcomesLength()];
        decoder.getOutcomes(codes, 0, codes.length);
        return new SubmitOutcome(
                decoder.status(),
                decoder.reason(),
                decoder.sequence(),
                decoder.databaseSequence(),
                decoder.epoch(),
                outcomes(migrationCodes),
                outcomes(codes),
                winners,
                limit);
    }

    /**
     * Whether the set stands: accepted, or everything in it was settled before.
     *
     * @return false if it was refused or rejected
     */
    public boolean isSettled() {
        return status == SubmitStatus.ACCEPTED || status == SubmitStatus.NO_EFFECT;
    }

    private static Winner winner(final SubmitResultDecoder.WinnersDecoder decoder) {
        final byte[] clock = new byte[HlcDescriptor.LENGTH];
        decoder.getHlc(clock, 0, clock.length);
        final int change = decoder.change();
        final WinnerKind kind = decoder.kind();
        final boolean omitted = decoder.omitted() != 0;
        final byte[] value = new byte[decoder.valueLength()];
        decoder.getValue(value, 0, value.length);
        return new Winner(
                change,
                kind,
                Hlc.decode(new UnsafeBuffer(clock), 0),
                value.length == 0 ? null : Value.decode(value),
                omitted);
    }

    private static List<ChangeOutcome> outcomes(final byte[] codes) {
        final List<ChangeOutcome> outcomes = new ArrayList<>(codes.length);
        for (final byte code : codes) {
            outcomes.add(ChangeOutcome.of(code));
        }
        return outcomes;
    }
}
