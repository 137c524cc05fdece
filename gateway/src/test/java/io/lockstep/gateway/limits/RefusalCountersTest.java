package io.lockstep.gateway.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.ErrorEncoder;
import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.SubmitResultEncoder;
import io.lockstep.codec.SubmitStatus;
import java.util.HashMap;
import java.util.Map;
import org.agrona.ExpandableArrayBuffer;
import org.junit.jupiter.api.Test;

class RefusalCountersTest {
    private static final int OFFSET = 16;

    private final RefusalCounters counters = new RefusalCounters();
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();

    private void answers(final SubmitStatus status, final int reason) {
        new SubmitResultEncoder()
                .wrapAndApplyHeader(buffer, OFFSET, new MessageHeaderEncoder())
                .status(status)
                .reason(reason);
        counters.onAnswer(buffer, OFFSET);
    }

    private void assertCounted(final Map<String, Long> expected) {
        final Map<String, Long> counted = new HashMap<>();
        counters.forEach((name, count) -> {
            if (count > 0) {
                counted.put(name, count);
            }
        });
        assertEquals(expected, counted);
    }

    @Test
    void shouldCountChangeSetsThatMetALimitAndNoOthers() {
        answers(SubmitStatus.ACCEPTED, 0);
        answers(SubmitStatus.NO_EFFECT, 0);
        answers(SubmitStatus.REFUSED, ErrorCode.EFFECT_TOO_LARGE.value());
        answers(SubmitStatus.REFUSED, ErrorCode.QUOTA_EXCEEDED.value());
        answers(SubmitStatus.REFUSED, ErrorCode.QUOTA_EXCEEDED.value());
        answers(SubmitStatus.REJECTED_DRIFT, 0);
        assertCounted(Map.of(
                "refused_effect_too_large_total", 1L, "refused_quota_exceeded_total", 2L, "refused_drift_total", 1L));
    }

    @Test
    void shouldCountErrorsWhoeverSendsThem() {
        new ErrorEncoder()
                .wrapAndApplyHeader(buffer, OFFSET, new MessageHeaderEncoder())
                .code(ErrorCode.RESOURCE_EXHAUSTED);
        counters.onAnswer(buffer, OFFSET);
        counters.onRefused(ErrorCode.BUSY);
        assertCounted(Map.of("refused_resource_exhausted_total", 1L, "refused_busy_total", 1L));
    }
}
