package io.lockstep.node.config;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Units in which numbers may be written. The first factor that divides a value without remainder prints it. */
public enum Unit {
    /** A plain number. */
    COUNT(Map.of()),
    /** Bytes, or KiB, MiB, GiB, TiB. */
    BYTES(ordered("tib", 1L << 40, "gib", 1L << 30, "mib", 1L << 20, "kib", 1L << 10)),
    /** Milliseconds, or s, min, h, d. */
    MILLIS(ordered("d", 86_400_000L, "h", 3_600_000L, "min", 60_000L, "s", 1_000L, "ms", 1L));

    private static final Map<String, String> SPELLING = Map.of("tib", "TiB", "gib", "GiB", "mib", "MiB", "kib", "KiB");

    @SuppressWarnings("ImmutableEnumChecker") // never written after construction
    private final Map<String, Long> factors;

    Unit(final Map<String, Long> factors) {
        this.factors = factors;
    }

    private static Map<String, Long> ordered(final Object... namesAndFactors) {
        final Map<String, Long> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndFactors.length; i += 2) {
            map.put((String) namesAndFactors[i], (Long) namesAndFactors[i + 1]);
        }
        return map;
    }

    /**
     * Reads a number with an optional unit.
     *
     * @param text for example 64MiB, 5s, 1024
     * @return bytes, milliseconds or the count
     * @throws IllegalArgumentException says what would be right
     */
    public long parse(final String text) {
        final String lower = text.strip().toLowerCase(Locale.ROOT);
        int digits = 0;
        while (digits < lower.length() && (Character.isDigit(lower.charAt(digits)) || lower.charAt(digits) == '_')) {
            digits++;
        }
        final String suffix = lower.substring(digits).strip();
        final Long factor = suffix.isEmpty() ? Long.valueOf(1) : factors.get(suffix);
        if (digits == 0 || factor == null) {
            throw new IllegalArgumentException("'" + text + "' is not " + description());
        }
        try {
            return Math.multiplyExact(Long.parseLong(lower.substring(0, digits).replace("_", "")), factor);
        } catch (final ArithmeticException | NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is not a number below 2^63", e);
        }
    }

    /**
     * Prints a number with the largest unit that divides it.
     *
     * @param value bytes, milliseconds or the count
     * @return for example 64MiB
     */
    public String format(final long value) {
        for (final Map.Entry<String, Long> factor : factors.entrySet()) {
            if (value != 0 && value % factor.getValue() == 0) {
                return value / factor.getValue() + SPELLING.getOrDefault(factor.getKey(), factor.getKey());
            }
        }
        return Long.toString(value);
    }

    private String description() {
        return switch (this) {
            case BYTES -> "a number of bytes, for example 1048576, 512KiB, 64MiB or 1GiB";
            case MILLIS -> "a time, for example 500ms, 5s, 2min, 1h or 400d";
            default -> "a whole number";
        };
    }
}
