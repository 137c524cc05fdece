package io.lockstep.node.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Supplier;

/**
 * Walks the one JSON value of a line, token by token, and says exactly where something is not as it should be. One
 * thread, one line.
 */
final class LineCursor {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            // How large a value may be is for the node to say.
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(LineReader.LINE_BYTES_MAX)
                    .build())
            .build();

    private final String where;
    private final JsonParser parser;

    /**
     * Stands before the first token.
     *
     * @param line UTF-8
     * @param where names the line in errors, such as {@code line=7}
     */
    LineCursor(final byte[] line, final String where) {
        this.where = where;
        try {
            parser = FACTORY.createParser(line);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    JsonToken next() {
        try {
            return parser.nextToken();
        } catch (final JsonProcessingException e) {
            throw new BadInputException(where + ", field=" + path() + ": not JSON: " + e.getOriginalMessage(), e);
        } catch (final IOException e) {
            throw new BadInputException(where + ", field=" + path() + ": not UTF-8: " + e.getMessage(), e);
        }
    }

    JsonToken current() {
        return parser.currentToken();
    }

    /** Moves to the start of an object. */
    void enterObject() {
        next();
        require(JsonToken.START_OBJECT, "an object");
    }

    /** Moves to the start of an array. */
    void enterArray() {
        next();
        require(JsonToken.START_ARRAY, "an array");
    }

    /** Moves to the next field of the object entered, and answers its name, or null after the last. */
    String nextField() {
        return next() == JsonToken.FIELD_NAME ? text() : null;
    }

    /** Moves to the next element, which must be an object, and answers false after the last. */
    boolean nextObject() {
        if (next() == JsonToken.END_ARRAY) {
            return false;
        }
        require(JsonToken.START_OBJECT, "an object");
        return true;
    }

    /** Moves to the next value, a string. */
    String string(final String rightOne) {
        next();
        require(JsonToken.VALUE_STRING, rightOne);
        return text();
    }

    /** Moves to the next value, an integer; one outside the range cannot be sent. */
    long integer(final long min, final long max) {
        next();
        return currentInteger(min, max);
    }

    /** Moves to the next value, an integer or null. */
    long integerOrNull(final long min, final long max, final long ifNull) {
        return next() == JsonToken.VALUE_NULL ? ifNull : currentInteger(min, max);
    }

    private long currentInteger(final long min, final long max) {
        require(JsonToken.VALUE_NUMBER_INT, "an integer from " + min + " to " + max);
        long value = -1;
        boolean fits = true;
        try {
            value = parser.getLongValue();
        } catch (final InputCoercionException e) {
            fits = false;
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!fits || value < min || value > max) {
            throw new UnsendableException(here() + ": value=" + text() + " is outside " + min + " to " + max, null);
        }
        return value;
    }

    /** Passes over the next value, whatever it is. */
    void skip() {
        next();
        int depth = 0;
        do {
            if (current() == null) {
                throw wrong("a value");
            }
            depth += current().isStructStart() ? 1 : current().isStructEnd() ? -1 : 0;
        } while (depth > 0 && (next() != null || depth > 0));
    }

    /** Nothing may follow. */
    void end() {
        if (next() != null) {
            throw new BadInputException(where + ": more than one JSON value on the line; write one change set a line");
        }
    }

    void require(final JsonToken token, final String rightOne) {
        if (current() != token) {
            throw wrong(rightOne);
        }
    }

    String text() {
        try {
            return parser.getText();
        } catch (final JsonProcessingException e) {
            throw new BadInputException(here() + ": not JSON: " + e.getOriginalMessage(), e);
        } catch (final IOException e) {
            throw new BadInputException(here() + ": not UTF-8: " + e.getMessage(), e);
        }
    }

    /** Makes something of what was read; what the protocol cannot carry is unsendable. */
    <T> T carry(final Supplier<T> make) {
        try {
            return make.get();
        } catch (final IllegalArgumentException e) {
            throw new UnsendableException(here() + ": " + e.getMessage(), e);
        }
    }

    <T> T given(final T value, final String field) {
        if (value == null) {
            throw new BadInputException(here() + " lacks field=" + field);
        }
        return value;
    }

    BadInputException unknownField(final String name, final String known) {
        return new BadInputException(here() + " is not known; known are " + known + " (found " + name + ")");
    }

    BadInputException cellOfAState() {
        return new BadInputException(
                where + ": a cell of a state, as dump and snapshot write it, and no change set, which "
                        + "tells who wrote what: site, wall, counter, changes; 'watch --since 0' writes such lines");
    }

    BadInputException wrong(final String rightOne) {
        final String found = current() == null ? "the end of the line" : shortened(text());
        return new BadInputException(here() + ": found " + found + ", right would be " + rightOne);
    }

    String here() {
        return where + ", field=" + path();
    }

    private String path() {
        final String pointer = parser.getParsingContext().pathAsPointer().toString();
        return pointer.isEmpty() ? "(whole line)" : pointer.substring(1);
    }

    private static String shortened(final String text) {
        final int shown = 40;
        return text.length() <= shown ? text : text.substring(0, shown) + "…";
    }
}
