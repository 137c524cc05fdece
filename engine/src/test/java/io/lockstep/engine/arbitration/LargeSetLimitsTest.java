package io.lockstep.engine.arbitration;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lockstep.codec.value.HlcDescriptor;
import org.junit.jupiter.api.Test;

class LargeSetLimitsTest {
    private static final int ENCODED = 1 + 4 + (16 << 20);

    @Test
    void shouldCountWhatAValueHoldsAndNotItsEncoding() {
        assertEquals(LargeSetLimits.VALUE_BYTES_MAX, LargeSetLimits.valueBytes(ENCODED, 0, false));
        assertEquals(LargeSetLimits.VALUE_BYTES_MAX + 1, LargeSetLimits.valueBytes(ENCODED + 1, 0, false));
    }

    @Test
    void shouldNotCountTheClockOfABeforeImage() {
        assertEquals(
                LargeSetLimits.VALUE_BYTES_MAX, LargeSetLimits.valueBytes(1, HlcDescriptor.LENGTH + ENCODED, false));
        assertEquals(LargeSetLimits.VALUE_BYTES_MAX, LargeSetLimits.valueBytes(0, ENCODED, true));
        assertEquals(0, LargeSetLimits.valueBytes(0, 0, true));
    }
}
