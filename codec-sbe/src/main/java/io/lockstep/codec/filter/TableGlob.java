package io.lockstep.codec.filter;

import org.agrona.DirectBuffer;

/**
 * Matches a table against a glob: {@code *} stands for any characters, none included, and {@code ?} for exactly one. The
 * glob must match the table's name as a whole, or the schema's name, a dot and the table's. Nothing escapes: a name with
 * one of the two characters in it is matched by {@code ?} in its place.
 */
public final class TableGlob {
    private static final byte ANY = '*';
    private static final byte ONE = '?';
    private static final byte DOT = '.';

    private TableGlob() {}

    /**
     * Whether it stands for more than one name.
     *
     * @param glob holds it
     * @param offset of its first byte
     * @param length bytes
     * @return true if there is a wildcard in it
     */
    public static boolean isWild(final DirectBuffer glob, final int offset, final int length) {
        for (int i = 0; i < length; i++) {
            final byte character = glob.getByte(offset + i);
            if (character == ANY || character == ONE) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether a table matches. Costs at most the product of the two lengths.
     *
     * @param glob holds the glob, UTF-8
     * @param globOffset of its first byte
     * @param globLength bytes
     * @param names holds both names, UTF-8
     * @param schema offset of the schema's name
     * @param schemaLength bytes
     * @param table offset of the table's name
     * @param tableLength bytes
     * @return true if the table's name or schema.table matches as a whole
     */
    public static boolean matches(
            final DirectBuffer glob,
            final int globOffset,
            final int globLength,
            final DirectBuffer names,
            final int schema,
            final int schemaLength,
            final int table,
            final int tableLength) {
        final int end = schemaLength + 1 + tableLength;
        return matches(glob, globOffset, globLength, names, schema, schemaLength, table, schemaLength + 1, end)
                || matches(glob, globOffset, globLength, names, schema, schemaLength, table, 0, end);
    }

    /** Names are one text, schema, dot, table, of which the glob must match from a place to the end. */
    private static boolean matches(
            final DirectBuffer glob,
            final int globOffset,
            final int globLength,
            final DirectBuffer names,
            final int schema,
            final int schemaLength,
            final int table,
            final int from,
            final int end) {
        int at = from;
        int inGlob = 0;
        int star = -1;
        int starAt = from;
        while (at < end) {
            final byte character = inGlob < globLength ? glob.getByte(globOffset + inGlob) : 0;
            final byte actual = character(names, schema, schemaLength, table, at);
            if (inGlob < globLength && character == ANY) {
                star = inGlob++;
                starAt = at;
            } else if (inGlob < globLength && character == ONE) {
                inGlob++;
                at = next(names, schema, schemaLength, table, at, end);
            } else if (inGlob < globLength && character == actual) {
                inGlob++;
                at++;
            } else if (star >= 0) {
                inGlob = star + 1;
                starAt = next(names, schema, schemaLength, table, starAt, end);
                at = starAt;
            } else {
                return false;
            }
        }
        while (inGlob < globLength && glob.getByte(globOffset + inGlob) == ANY) {
            inGlob++;
        }
        return inGlob == globLength;
    }

    /** Behind the character at a place: it may have several bytes. */
    private static int next(
            final DirectBuffer names,
            final int schema,
            final int schemaLength,
            final int table,
            final int at,
            final int end) {
        int next = at + 1;
        while (next < end && (character(names, schema, schemaLength, table, next) & 0xC0) == 0x80) {
            next++;
        }
        return next;
    }

    private static byte character(
            final DirectBuffer names, final int schema, final int schemaLength, final int table, final int at) {
        if (at < schemaLength) {
            return names.getByte(schema + at);
        }
        return at == schemaLength ? DOT : names.getByte(table + at - schemaLength - 1);
    }
}
