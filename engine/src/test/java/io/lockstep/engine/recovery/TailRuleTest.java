package io.lockstep.engine.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TailRuleTest {
    @ParameterizedTest
    @CsvSource({
        // bad, highest durable, only whole zero sectors missing, torn
        "10, 10, true, false",
        "10, 10, false, false",
        "10, 11, true, false",
        "10, 11, false, false",
        "10, 9, true, true",
        "10, 9, false, false",
        "1, 0, true, true",
        "1, 0, false, false",
    })
    void shouldCallTornOnlyMissingSectorsAboveTheDurablePosition(
            final long bad, final long durable, final boolean onlyZeroSectors, final boolean torn) {
        final TailVerdict verdict = TailRule.judge(bad, durable, onlyZeroSectors);
        assertEquals(torn, verdict.torn(), verdict.rule());
        assertTrue(verdict.rule().startsWith(torn ? "torn tail" : "damage"), verdict.rule());
        assertTrue(
                verdict.rule().endsWith("badPosition=" + bad + ", highestDurablePosition=" + durable), verdict.rule());
    }
}
