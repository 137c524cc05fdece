package io.lockstep.node.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonToken;
import io.lockstep.client.model.Key;
import io.lockstep.client.model.Value;
import io.lockstep.codec.value.ValueType;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/** Values and keys as JSON: an object with one member that names the type, {@code {"integer": "-5"}}. Stateless. */
public final class ValueJson {
    private static final String FORMS = "one of {\"null\": true}, {\"boolean\": true}, {\"integer\": \"-5\"},"
            + " {\"decimal\": \"9223372036854775809\"}, {\"real\": \"0.5\"}, {\"text\": \"a\"}, {\"blob\": \"00ff\"},"
            + " {\"json\": \"{}\"}";
    private static final Pattern CANONICAL_INTEGER = Pattern.compile("0|-?[1-9][0-9]*");
    private static final HexFormat HEX = HexFormat.of();

    private ValueJson() {}

    /**
     * Writes a value.
     *
     * @param out to write to
     * @param value to write
     * @throws IOException from below
     */
    public static void write(final JsonGenerator out, final Value value) throws IOException {
        out.writeStartObject();
        switch (value.type()) {
            case ValueType.NULL -> out.writeBooleanField("null", true);
            case ValueType.BOOLEAN -> out.writeBooleanField("boolean", value.asBoolean());
            case ValueType.INTEGER -> out.writeStringField("integer", Long.toString(value.asInteger()));
            case ValueType.DECIMAL ->
                out.writeStringField("decimal", value.asDecimal().toString());
            case ValueType.REAL -> out.writeStringField("real", RealText.format(value.asReal()));
            case ValueType.TEXT -> out.writeStringField("text", value.asText());
            case ValueType.BLOB -> out.writeStringField("blob", HEX.formatHex(value.asBlob()));
            case ValueType.JSON -> out.writeStringField("json", value.asJson());
            default -> throw new IllegalArgumentException("no such value type: type=" + value.type());
        }
        out.writeEndObject();
    }

    /**
     * Writes a key as the array of its parts.
     *
     * @param out to write to
     * @param key to write
     * @throws IOException from below
     */
    public static void writeKey(final JsonGenerator out, final Key key) throws IOException {
        out.writeStartArray();
        for (final Value part : key.parts()) {
            write(out, part);
        }
        out.writeEndArray();
    }

    /**
     * Reads a key from the array of its parts.
     *
     * @param json the array and nothing else
     * @param where names it in errors
     * @return the key
     * @throws BadInputException if it is none
     */
    public static Key parseKey(final String json, final String where) {
        final LineCursor in = new LineCursor(json.getBytes(StandardCharsets.UTF_8), where);
        final Key key = readKey(in);
        in.end();
        return key;
    }

    /** Reads the array of parts that comes next. */
    static Key readKey(final LineCursor in) {
        final List<Value> parts = new ArrayList<>();
        in.enterArray();
        while (in.nextObject()) {
            parts.add(readEntered(in));
        }
        return in.carry(() -> Key.of(parts));
    }

    /** Reads the value that comes next. */
    static Value read(final LineCursor in) {
        in.next();
        in.require(JsonToken.START_OBJECT, FORMS);
        return readEntered(in);
    }

    /** Reads the value whose object was entered. */
    static Value readEntered(final LineCursor in) {
        final String type = in.nextField();
        if (type == null) {
            throw in.wrong(FORMS);
        }
        final Value value =
                switch (type) {
                    case "null" -> readNull(in);
                    case "boolean" -> readBoolean(in);
                    case "integer" -> readInteger(in);
                    case "decimal" -> readDecimal(in);
                    case "real" -> readReal(in);
                    case "text" -> readText(in);
                    case "blob" -> readBlob(in);
                    case "json" -> readJson(in);
                    default -> throw in.wrong(FORMS);
                };
        if (in.nextField() != null) {
            throw in.wrong("an object with one member only, " + FORMS);
        }
        return value;
    }

    private static Value readNull(final LineCursor in) {
        in.next();
        in.require(JsonToken.VALUE_TRUE, "{\"null\": true}");
        return Value.NULL;
    }

    private static Value readBoolean(final LineCursor in) {
        final JsonToken token = in.next();
        if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
            throw in.wrong("true or false");
        }
        return Value.ofBoolean(token == JsonToken.VALUE_TRUE);
    }

    private static Value readInteger(final LineCursor in) {
        final String right = "a string of digits without leading zeros that fits signed 64 bits";
        final String digits = digits(in, right);
        try {
            return Value.ofInteger(Long.parseLong(digits));
        } catch (final NumberFormatException e) {
            throw in.wrong(right + "; larger ones are {\"decimal\": …}");
        }
    }

    private static Value readDecimal(final LineCursor in) {
        final String digits = digits(in, "a string of digits without leading zeros");
        return in.carry(() -> Value.ofDecimal(new BigInteger(digits)));
    }

    private static String digits(final LineCursor in, final String right) {
        final String digits = in.string(right);
        if (!CANONICAL_INTEGER.matcher(digits).matches()) {
            throw in.wrong(right);
        }
        return digits;
    }

    private static Value readReal(final LineCursor in) {
        final String right = "a string that reads as a binary64, such as \"0.5\" or \"1e+300\"";
        final String text = in.string(right);
        try {
            return Value.ofReal(RealText.parse(text));
        } catch (final NumberFormatException e) {
            throw in.wrong(right);
        }
    }

    private static Value readText(final LineCursor in) {
        final String text = in.string("a string");
        return in.carry(() -> Value.ofText(text));
    }

    private static Value readBlob(final LineCursor in) {
        final String right = "a string of hexadecimal digits, two a byte";
        final String digits = in.string(right);
        try {
            return Value.ofBlob(HEX.parseHex(digits));
        } catch (final IllegalArgumentException e) {
            throw in.wrong(right);
        }
    }

    private static Value readJson(final LineCursor in) {
        final String text = in.string("a string that holds JSON");
        return in.carry(() -> Value.ofJson(text));
    }
}
