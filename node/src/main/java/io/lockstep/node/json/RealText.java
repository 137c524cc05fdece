package io.lockstep.node.json;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/**
 * Reals as text: the fewest digits that read back as the same binary64, laid out as Python lays them out ({@code 0.5},
 * {@code 30.0}, {@code -0.0}, {@code 1e+300}), so that equal reals are equal strings whatever wrote them. NaN and the
 * infinities are {@code NaN}, {@code Infinity} and {@code -Infinity}, which both Python and Java read. Stateless.
 */
public final class RealText {
    /** Any decimal of up to this many digits survives the way through a normal binary64 and back. */
    private static final int SAFE_DIGITS = 15;

    private static final int DIGITS_MAX = 17;
    private static final RoundingMode[] NEAREST_FIRST = {RoundingMode.HALF_EVEN, RoundingMode.UP, RoundingMode.DOWN};

    private RealText() {}

    /**
     * Writes a real.
     *
     * @param value any
     * @return its text
     */
    public static String format(final double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return Double.toString(value);
        }
        final String sign = Double.doubleToRawLongBits(value) < 0 ? "-" : "";
        final double magnitude = Math.abs(value);
        if (magnitude == 0.0) {
            return sign + "0.0";
        }
        final BigDecimal shortest = shortest(magnitude).stripTrailingZeros();
        final String digits = shortest.unscaledValue().toString();
        final int exponent = digits.length() - 1 - shortest.scale();
        return sign + layOut(digits, exponent);
    }

    /**
     * Reads a real: Java's and Python's decimal forms, and the names of NaN and the infinities in any case.
     *
     * @param text to read
     * @return the nearest binary64
     * @throws NumberFormatException when it is none, or is too large to be one
     */
    public static double parse(final String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "nan" -> Double.NaN;
            case "infinity", "inf" -> Double.POSITIVE_INFINITY;
            case "-infinity", "-inf" -> Double.NEGATIVE_INFINITY;
            default -> parseFinite(text);
        };
    }

    private static double parseFinite(final String text) {
        for (int i = 0; i < text.length(); i++) {
            final char c = text.charAt(i);
            if ((c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E') {
                throw new NumberFormatException("not a real: " + text);
            }
        }
        final double value = Double.parseDouble(text);
        if (Double.isInfinite(value)) {
            throw new NumberFormatException("outside binary64: " + text);
        }
        return value;
    }

    private static BigDecimal shortest(final double magnitude) {
        final BigDecimal exact = new BigDecimal(magnitude);
        for (int digits = magnitude < Double.MIN_NORMAL ? 1 : SAFE_DIGITS; digits < DIGITS_MAX; digits++) {
            for (final RoundingMode rounding : NEAREST_FIRST) {
                final BigDecimal rounded = exact.round(new MathContext(digits, rounding));
                if (rounded.doubleValue() == magnitude) {
                    return rounded;
                }
            }
        }
        return exact.round(new MathContext(DIGITS_MAX, RoundingMode.HALF_EVEN));
    }

    private static String layOut(final String digits, final int exponent) {
        if (exponent < -4 || exponent >= 16) {
            final String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
            final int size = Math.abs(exponent);
            return mantissa + (exponent < 0 ? "e-" : "e+") + (size < 10 ? "0" : "") + size;
        }
        if (exponent < 0) {
            return "0." + "0".repeat(-exponent - 1) + digits;
        }
        if (digits.length() <= exponent + 1) {
            return digits + "0".repeat(exponent + 1 - digits.length()) + ".0";
        }
        return digits.substring(0, exponent + 1) + "." + digits.substring(exponent + 1);
    }
}
