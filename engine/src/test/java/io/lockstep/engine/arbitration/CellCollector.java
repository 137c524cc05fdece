package io.lockstep.engine.arbitration;

import io.lockstep.codec.value.ValuePart;
import java.util.HexFormat;
import java.util.TreeMap;
import org.agrona.concurrent.UnsafeBuffer;

/** Cells of pages, by name, with the values of those that come in parts put together. */
final class CellCollector {
    private static final HexFormat HEX = HexFormat.of();

    private final TreeMap<String, String> cells;
    private final StringBuilder open = new StringBuilder();
    private String openCell;
    private int parts;

    CellCollector(final TreeMap<String, String> cells) {
        this.cells = cells;
    }

    void add(final String name, final byte[] value, final String hlc) {
        final UnsafeBuffer buffer = new UnsafeBuffer(value);
        if (!ValuePart.isPart(buffer, 0, value.length)) {
            put(name, HEX.formatHex(value), hlc);
            return;
        }
        parts++;
        final int offset = ValuePart.offset(buffer, 0);
        if (offset == 0) {
            open.setLength(0);
            openCell = name + hlc;
        } else if (!(name + hlc).equals(openCell) || open.length() / 2 != offset) {
            throw new AssertionError("a part does not follow: cell=" + name + " offset=" + offset);
        }
        open.append(HEX.formatHex(value, ValuePart.HEADER_LENGTH, value.length));
        if (open.length() / 2 == ValuePart.of(buffer, 0)) {
            openCell = null;
            put(name, open.toString(), hlc);
        }
    }

    private void put(final String name, final String value, final String hlc) {
        if (openCell != null) {
            throw new AssertionError("a value has no end: " + openCell);
        }
        if (cells.put(name, value + " " + hlc) != null) {
            throw new AssertionError("a cell comes twice: " + name);
        }
    }

    /** Whether a value has begun, and not ended. */
    boolean isOpen() {
        return openCell != null;
    }

    /** How many values came in parts, counted by part. */
    int parts() {
        return parts;
    }
}
