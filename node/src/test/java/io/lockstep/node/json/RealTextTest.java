package io.lockstep.node.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RealTextTest {
    @ParameterizedTest
    @CsvSource({
        "0.5, 0.5",
        "30, 30.0",
        "-0.0, -0.0",
        "0, 0.0",
        "1e300, 1e+300",
        "-1.25, -1.25",
        "4.9e-324, 5e-324",
        "2.2250738585072014e-308, 2.2250738585072014e-308",
        "1.7976931348623157e308, 1.7976931348623157e+308",
        "1e16, 1e+16",
        "123456789012345680, 1.2345678901234568e+17",
        "9007199254740993, 9007199254740992.0",
        "0.0001, 0.0001",
        "0.00001, 1e-05",
        "2e23, 2e+23",
        "5.684341886080802e-14, 5.684341886080802e-14",
        "9.5367431640625e-07, 9.5367431640625e-07",
        "NaN, NaN",
        "-Infinity, -Infinity"
    })
    void shouldWriteFewestDigitsInPythonsLayout(final double value, final String text) {
        assertEquals(text, RealText.format(value));
    }

    @Test
    void shouldReadBackTheSameBitsForAnyReal() {
        final SplittableRandom random = new SplittableRandom(4711);
        for (int i = 0; i < 50_000; i++) {
            final double value = Double.longBitsToDouble(random.nextLong());
            final String text = RealText.format(value);
            assertEquals(
                    Double.doubleToLongBits(value),
                    Double.doubleToLongBits(RealText.parse(text)),
                    () -> "seed=4711, text=" + text);
        }
    }

    @ParameterizedTest
    @CsvSource({"0x1p3", "1.0f", "1d", "''", "1e400", "abc", "1_000"})
    void shouldRefuseWhatIsNoReal(final String text) {
        assertThrows(NumberFormatException.class, () -> RealText.parse(text));
    }
}
