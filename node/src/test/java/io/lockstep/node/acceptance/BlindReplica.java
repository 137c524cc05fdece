package io.lockstep.node.acceptance;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A client without any conflict logic: applies the lines of {@code watch} in order, a delete but for its survivors. */
final class BlindReplica {
    private static final JsonFactory JSON = new JsonFactory();

    private final Map<String, TreeMap<String, String>> rows = new LinkedHashMap<>();

    private BlindReplica() {}

    /** Writes the state that the lines end in, as {@code dump} would. */
    static Path stateOf(final Path watched, final Path target) {
        final BlindReplica replica = new BlindReplica();
        try (BufferedReader reader = Files.newBufferedReader(watched)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                replica.apply(asMap(parse(line)));
            }
            final List<String> lines = new ArrayList<>();
            replica.rows.forEach((row, cells) -> cells.forEach((column, value) ->
                    lines.add("{" + row + ",\"column\":" + text(column) + ",\"value\":" + value + "}")));
            return Files.write(target, lines);
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    private void apply(final Map<String, Object> delivery) {
        for (final Object each : asList(delivery.get("changes"))) {
            final Map<String, Object> change = asMap(each);
            final String row = "\"schema\":" + text(change.get("schema")) + ",\"table\":" + text(change.get("table"))
                    + ",\"pk\":" + render(change.get("pk"));
            if ("write".equals(change.get("op"))) {
                rows.computeIfAbsent(row, key -> new TreeMap<>())
                        .put((String) change.get("column"), render(change.get("value")));
            } else if (rows.containsKey(row)) {
                final Object survivors = change.get("survivors");
                rows.get(row).keySet().retainAll(survivors == null ? List.of() : asList(survivors));
            }
        }
    }

    private static Object parse(final String line) throws IOException {
        try (JsonParser parser = JSON.createParser(line)) {
            parser.nextToken();
            return value(parser);
        }
    }

    private static Object value(final JsonParser parser) throws IOException {
        switch (parser.currentToken()) {
            case START_OBJECT:
                final Map<String, Object> map = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    final String name = parser.currentName();
                    parser.nextToken();
                    map.put(name, value(parser));
                }
                return map;
            case START_ARRAY:
                final List<Object> list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(parser));
                }
                return list;
            case VALUE_STRING:
                return parser.getText();
            case VALUE_TRUE:
            case VALUE_FALSE:
                return parser.getBooleanValue();
            case VALUE_NULL:
                return "null";
            default:
                return parser.getLongValue();
        }
    }

    private static String render(final Object value) {
        if (value instanceof Map<?, ?> map) {
            final StringBuilder out = new StringBuilder("{");
            map.forEach((name, each) -> out.append(out.length() > 1 ? "," : "")
                    .append(text(name))
                    .append(':')
                    .append(render(each)));
            return out.append('}').toString();
        }
        if (value instanceof List<?> list) {
            final StringBuilder out = new StringBuilder("[");
            list.forEach(each -> out.append(out.length() > 1 ? "," : "").append(render(each)));
            return out.append(']').toString();
        }
        return value instanceof String ? text(value) : String.valueOf(value);
    }

    private static String text(final Object value) {
        final char[] quoted =
                com.fasterxml.jackson.core.io.JsonStringEncoder.getInstance().quoteAsString((String) value);
        return '"' + new String(quoted) + '"';
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> asMap(final Object value) {
        return (Map<String, Object>) value;
    }

    @SuppressWarnings("unchecked")
    private static List<Object> asList(final Object value) {
        return (List<Object>) value;
    }
}
