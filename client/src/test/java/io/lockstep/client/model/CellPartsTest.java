package io.lockstep.client.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class CellPartsTest {
    private static final Value VALUE = Value.ofText("0123456789");
    private static final byte[] BYTES = VALUE.toBytes();

    private final CellParts parts = new CellParts();

    private static CellPart part(final String column, final int counter, final int from, final int to) {
        return new CellPart(
                "main",
                "t",
                Key.ofInteger(7),
                column,
                new Hlc(1_000, counter, new Site(1, 2), 3),
                from,
                BYTES.length,
                Arrays.copyOfRange(BYTES, from, to));
    }

    @Test
    void shouldPutPartsTogether() {
        assertNull(parts.add(part("c", 0, 0, 4)));
        assertTrue(parts.isOpen());
        assertNull(parts.add(part("c", 0, 4, 5)));
        final Cell cell = parts.add(part("c", 0, 5, BYTES.length));
        assertEquals(new Cell("main", "t", Key.ofInteger(7), "c", new Hlc(1_000, 0, new Site(1, 2), 3), VALUE), cell);
        assertFalse(parts.isOpen());
    }

    @Test
    void shouldTakeAValueThatComesInOnePart() {
        assertEquals(VALUE, parts.add(part("c", 0, 0, BYTES.length)).value());
    }

    @Test
    void shouldDropAValueThatWasReplacedMeanwhile() {
        assertNull(parts.add(part("c", 0, 0, 4)));
        assertNull(parts.add(part("c", 1, 4, BYTES.length)), "the rest of another value");
        assertFalse(parts.isOpen());
        assertNull(parts.add(part("c", 0, 0, 4)));
        assertNull(parts.add(part("d", 0, 4, BYTES.length)), "another cell");
        assertNull(parts.add(part("c", 0, 0, 4)));
        assertNull(parts.add(part("c", 0, 5, BYTES.length)), "a gap");
        assertNull(parts.add(part("c", 0, 0, 4)));
        assertNull(parts.add(part("d", 0, 0, 6)), "another one begins");
        assertEquals("d", parts.add(part("d", 0, 6, BYTES.length)).column());
    }

    @Test
    void shouldRefuseAPartBeyondItsValue() {
        final CellPart beyond = new CellPart(
                "main", "t", Key.ofInteger(7), "c", new Hlc(1_000, 0, new Site(1, 2), 3), 8, 10, new byte[3]);
        assertThrows(IllegalArgumentException.class, () -> parts.add(beyond));
    }
}
