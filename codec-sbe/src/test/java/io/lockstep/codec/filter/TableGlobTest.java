package io.lockstep.codec.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.regex.Pattern;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class TableGlobTest {
    @Test
    void shouldMatchTheTableAloneOrWithItsSchema() {
        assertTrue(matches("orders", "main", "orders"));
        assertTrue(matches("main.orders", "main", "orders"));
        assertTrue(matches("main.*", "main", "orders"));
        assertTrue(matches("*", "main", "orders"));
        assertTrue(matches("ord?rs", "main", "orders"));
        assertTrue(matches("a.b", "main", "a.b"));
    }

    @Test
    void shouldNotMatchAPart() {
        assertFalse(matches("order", "main", "orders"));
        assertFalse(matches("rders", "main", "orders"));
        assertFalse(matches("main", "main", "orders"));
        assertFalse(matches("main.", "main", "orders"));
        assertFalse(matches("ain.orders", "main", "orders"));
        assertFalse(matches("Orders", "main", "orders"));
    }

    @Test
    void shouldTakeOneCharacterOfSeveralBytesForOne() {
        assertTrue(matches("caf?", "m", "caf\u00e9"));
        assertTrue(matches("?", "m", "\ud83d\ude00"));
        assertFalse(matches("caf??", "m", "caf\u00e9"));
        assertTrue(matches("*?\u00e9", "m", "caf\u00e9"));
    }

    @Test
    void shouldAgreeWithARegularExpression() {
        final Random random = new Random(20_261_123L);
        int matched = 0;
        for (int i = 0; i < 50_000; i++) {
            final String glob = text(random, "ab\u00e9.*?", 6);
            final String schema = text(random, "ab\u00e9", 2) + "a";
            final String table = text(random, "ab\u00e9.", 5) + "b";
            final StringBuilder regex = new StringBuilder();
            glob.chars().forEach(c -> regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote("" + (char) c)));
            final boolean expected =
                    table.matches(regex.toString()) || (schema + "." + table).matches(regex.toString());
            assertEquals(expected, matches(glob, schema, table), () -> glob + " against " + schema + " " + table);
            matched += expected ? 1 : 0;
        }
        assertTrue(matched > 1_000, "matches should be frequent: " + matched);
    }

    @Test
    void shouldCostNoMoreThanTheProductOfBothLengths() {
        // Exponential matchers do not come back from this.
        assertFalse(matches("*a".repeat(250) + "b", "m", "a".repeat(255)));
    }

    private static String text(final Random random, final String alphabet, final int lengthMax) {
        final StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(lengthMax + 1); i > 0; i--) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    private static boolean matches(final String glob, final String schema, final String table) {
        final byte[] bytes = glob.getBytes(StandardCharsets.UTF_8);
        final byte[] schemaBytes = schema.getBytes(StandardCharsets.UTF_8);
        final byte[] tableBytes = table.getBytes(StandardCharsets.UTF_8);
        final UnsafeBuffer names = new UnsafeBuffer(new byte[schemaBytes.length + tableBytes.length + 3]);
        names.putBytes(1, schemaBytes);
        names.putBytes(schemaBytes.length + 2, tableBytes);
        return TableGlob.matches(
                new UnsafeBuffer(bytes),
                0,
                bytes.length,
                names,
                1,
                schemaBytes.length,
                schemaBytes.length + 2,
                tableBytes.length);
    }
}
