package io.lockstep.client.model;

import java.util.List;
import java.util.Objects;

/**
 * Puts the parts of large values together, in the order in which pages bring them. A value that does not go on where it
 * ended was replaced or removed in the meantime, and is dropped: what replaced it is delivered. Holds one value. One thread.
 */
public final class CellParts {
    private CellPart last;
    private byte[] value;

    /**
     * Takes the parts of the next page.
     *
     * @param page in order
     * @return the cells whose values are whole now
     * @throws IllegalArgumentException if a value is not in canonical form, or longer than it says
     */
    public List<Cell> addAll(final List<CellPart> page) {
        return page.stream().map(this::add).filter(Objects::nonNull).toList();
    }

    /**
     * Takes the next part.
     *
     * @param part in the order of pages
     * @return the cell, if its value is whole now; otherwise null
     * @throws IllegalArgumentException if the value is not in canonical form, or longer than it says
     */
    public Cell add(final CellPart part) {
        if (part.offset() < 0 || part.end() > part.of()) {
            throw new IllegalArgumentException(
                    "a part beyond its value: offset=" + part.offset() + ", end=" + part.end() + ", of=" + part.of());
        }
        if (part.offset() == 0) {
            value = new byte[part.of()];
        } else if (last == null || last.end() != part.offset() || !last.isOfSameValue(part)) {
            drop();
            return null;
        }
        part.copyTo(value);
        last = part;
        if (part.end() < part.of()) {
            return null;
        }
        final Cell cell =
                new Cell(part.schema(), part.table(), part.key(), part.column(), part.hlc(), Value.decode(value));
        drop();
        return cell;
    }

    /**
     * Whether a value has begun and is not whole.
     *
     * @return false at the end of a page with no part
     */
    public boolean isOpen() {
        return last != null;
    }

    private void drop() {
        last = null;
        value = null;
    }
}
