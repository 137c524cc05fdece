package io.lockstep.node.tool.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lockstep.client.model.MetLimit;
import io.lockstep.client.model.SubmitOutcome;
import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.SubmitResultDecoder;
import io.lockstep.codec.SubmitResultEncoder;
import io.lockstep.codec.SubmitStatus;
import org.agrona.ExpandableArrayBuffer;
import org.junit.jupiter.api.Test;

class OutcomeTextTest {
    private static SubmitOutcome received(
            final SubmitStatus status, final int reason, final long limitValue, final long actualValue) {
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
                .winnersCount(0)
                .resetCountToIndex();
        return SubmitOutcome.decode(
                new SubmitResultDecoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderDecoder()));
    }

    @Test
    void shouldSayHowFarTheClockIsAhead() {
        final SubmitOutcome outcome = received(SubmitStatus.REJECTED_DRIFT, 0, 60_000, 73_000);
        assertEquals(new MetLimit(60_000, 73_000), outcome.limit());
        assertEquals("REJECTED_DRIFT, clock ahead by 73000 ms, limit 60000", OutcomeText.of(outcome));
    }

    @Test
    void shouldNameTheOpSeqThatIsOutOfOrder() {
        assertEquals(
                "INVALID INVALID_CHANGE_SET, opSeq or wall 3, limit 5",
                OutcomeText.of(received(SubmitStatus.INVALID, ErrorCode.INVALID_CHANGE_SET.value(), 5, 3)));
    }

    @Test
    void shouldNameNoValuesWhereThereAreNone() {
        assertEquals(
                "REFUSED REFUSED_POISON",
                OutcomeText.of(received(SubmitStatus.REFUSED, ErrorCode.REFUSED_POISON.value(), -1, -1)));
    }
}
