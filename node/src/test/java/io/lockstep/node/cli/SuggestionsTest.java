package io.lockstep.node.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuggestionsTest {
    @ParameterizedTest
    @CsvSource({"'', '', 0", "--data, --data, 0", "--dta, --data, 1", "--daat, --data, 2", "'', abc, 3", "xabc, abc, 1"
    })
    void shouldCountTheLettersThatDiffer(final String a, final String b, final int distance) {
        assertEquals(distance, Suggestions.distance(a, b));
    }
}
