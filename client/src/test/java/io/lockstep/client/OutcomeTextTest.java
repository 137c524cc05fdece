package io.lockstep.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.model.Key;
import io.lockstep.client.model.MetLimit;
import io.lockstep.client.model.Site;
import io.lockstep.client.model.SubmitOutcome;
import io.lockstep.client.model.Value;
import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.SubmitResultDecoder;
import io.lockstep.codec.SubmitResultEncoder;
import io.lockstep.codec.SubmitStatus;
import org.agrona.ExpandableArrayBuffer;
import org.junit.jupiter.api.Test;

class OutcomeTextTest {
    private static final ChangeSet SET = ChangeSet.builder(new Site(0, 1), 1, 0)
            .write("main", "notes", Key.ofInteger(7), "text", Value.ofText("a"))
            .delete("main", "notes", Key.ofInteger(8))
            .build();

    private static SubmitOutcome received(
            final SubmitStatus status, final int reason, final long limitValue, final long actualValue) {
        return received(status, reason, limitValue, actualValue, -1);
    }

    private static SubmitOutcome received(
            final SubmitStatus status,
            final int reason,
            final long limitValue,
            final long actualValue,
            final int change) {
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        new SubmitResultEncoder()
                .wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
                .requestId(1)
                .status(status)
                .reason(reason)
                .sequence(0)
                .databaseSequence(7)
                .epoch(1)
                .limitValue(limitValue)
                .actualValue(actualValue)
                .change(change)
                .winnersCount(0)
                .resetCountToIndex();
        return SubmitOutcome.decode(
                new SubmitResultDecoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderDecoder()));
    }

    @Test
    void shouldSayHowFarTheClockIsAhead() {
        final SubmitOutcome outcome = received(SubmitStatus.REJECTED_DRIFT, 0, 60_000, 73_000);
        assertEquals(new MetLimit(60_000, 73_000), outcome.limit());
        assertEquals("REJECTED_DRIFT, clock ahead by 73000 ms, limit 60000", OutcomeText.of(SET, outcome));
    }

    @Test
    void shouldNameTheOpSeqThatIsOutOfOrder() {
        assertEquals(
                "INVALID INVALID_CHANGE_SET, opSeq or wall 3, limit 5",
                OutcomeText.of(SET, received(SubmitStatus.INVALID, ErrorCode.INVALID_CHANGE_SET.value(), 5, 3)));
    }

    @Test
    void shouldNameTheChangeThatWasTooLarge() {
        final int tooLarge = ErrorCode.EFFECT_TOO_LARGE.value();
        assertEquals(
                "REFUSED EFFECT_TOO_LARGE, value 20, limit 16, at change 0: write of main.notes, key "
                        + Key.ofInteger(7) + ", column text",
                OutcomeText.of(SET, received(SubmitStatus.REFUSED, tooLarge, 16, 20, 0)));
        assertEquals(
                "REFUSED EFFECT_TOO_LARGE, value 20, limit 16, at change 1: delete of main.notes, key "
                        + Key.ofInteger(8),
                OutcomeText.of(SET, received(SubmitStatus.REFUSED, tooLarge, 16, 20, 1)));
        assertEquals(
                "REFUSED EFFECT_TOO_LARGE, value 20, limit 16",
                OutcomeText.of(SET, received(SubmitStatus.REFUSED, tooLarge, 16, 20)));
    }

    @Test
    void shouldNameNoValuesWhereThereAreNone() {
        assertEquals(
                "REFUSED REFUSED_POISON",
                OutcomeText.of(SET, received(SubmitStatus.REFUSED, ErrorCode.REFUSED_POISON.value(), -1, -1)));
    }
}
