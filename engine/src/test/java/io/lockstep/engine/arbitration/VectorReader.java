package io.lockstep.engine.arbitration;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.lockstep.codec.MigrationKind;
import io.lockstep.codec.value.ValueType;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;

/** Reads conformance vectors: JSON as maps, lists, strings, longs and booleans, and change sets out of them. */
public final class VectorReader {
    private VectorReader() {}

    /** The file of vectors, or null where it is not. */
    public static Path find() {
        final String named = System.getenv("LOCKSTEP_SHARED");
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            final Path file = folder.resolveSibling("shared").resolve("vectors/arbitration.jsonl.gz");
            if (Files.exists(file)) {
                return file;
            }
        }
        final Path file = named == null ? null : Path.of(named, "vectors/arbitration.jsonl.gz");
        return file != null && Files.exists(file) ? file : null;
    }

    /** Gives each scenario to a consumer. */
    public static void read(final Path file, final Consumer<Map<String, Object>> consumer) throws IOException {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file));
                JsonParser parser = new JsonFactory().createParser(in)) {
            while (parser.nextToken() == JsonToken.START_OBJECT) {
                consumer.accept(object(parser));
            }
        }
    }

    /** The change set of a step. */
    public static ModelSet set(final Map<String, Object> step) {
        final List<ModelSet.Migration> migrations = new ArrayList<>();
        for (final Map<String, Object> migration : list(step, "migrations")) {
            migrations.add(new ModelSet.Migration(
                    number(migration, "opSeq"),
                    MigrationKind.valueOf(migration.get("kind").toString().toUpperCase(Locale.ROOT)),
                    migration.get("schema").toString(),
                    migration.get("object").toString(),
                    "",
                    number(migration, "version"),
                    migration.get("ddl").toString()));
        }
        final List<ModelSet.Change> changes = new ArrayList<>();
        for (final Map<String, Object> change : list(step, "changes")) {
            final boolean write = change.get("op").equals("write");
            changes.add(new ModelSet.Change(
                    number(change, "opSeq"),
                    change.get("schema").toString(),
                    change.get("table").toString(),
                    key(change),
                    write ? change.get("column").toString() : null,
                    write ? value(child(change, "value")) : null));
        }
        return new ModelSet(
                step.get("site").toString(), number(step, "wall"), (int) number(step, "counter"), migrations, changes);
    }

    /** The pk of a change or cell. */
    public static List<ModelValue> key(final Map<String, Object> holder) {
        return list(holder, "pk").stream().map(VectorReader::value).toList();
    }

    /** A value. */
    public static ModelValue value(final Map<String, Object> value) {
        final String type = value.keySet().iterator().next();
        final String content = value.get(type).toString();
        return switch (type) {
            case "null" -> ModelValue.ofNull();
            case "boolean" -> ModelValue.of(Boolean.parseBoolean(content));
            case "integer", "decimal" ->
                new ModelValue(type.equals("integer") ? ValueType.INTEGER : ValueType.DECIMAL, new BigInteger(content));
            case "real" -> ModelValue.real(Double.parseDouble(content.replace("nan", "NaN")));
            case "text" -> ModelValue.text(content);
            case "blob" -> ModelValue.blob(content);
            case "json" -> ModelValue.json(content);
            default -> throw new AssertionError("unknown type " + type);
        };
    }

    /** A member that is an object. */
    @SuppressWarnings("unchecked")
    public static Map<String, Object> child(final Map<String, Object> object, final String name) {
        return (Map<String, Object>) object.get(name);
    }

    /** A member that is a list of objects. */
    @SuppressWarnings("unchecked")
    public static List<Map<String, Object>> list(final Map<String, Object> object, final String name) {
        return (List<Map<String, Object>>) object.get(name);
    }

    /** A member that is a list of strings. */
    @SuppressWarnings("unchecked")
    public static List<String> strings(final Map<String, Object> object, final String name) {
        return (List<String>) object.get(name);
    }

    /** A member that is a number. */
    public static long number(final Map<String, Object> object, final String name) {
        return (Long) object.get(name);
    }

    private static Map<String, Object> object(final JsonParser parser) {
        try {
            final Map<String, Object> result = new LinkedHashMap<>();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                final String name = parser.currentName();
                parser.nextToken();
                result.put(name, any(parser));
            }
            return result;
        } catch (final IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Object any(final JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> {
                final List<Object> result = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    result.add(any(parser));
                }
                yield result;
            }
            case VALUE_NUMBER_INT -> parser.getLongValue();
            case VALUE_TRUE, VALUE_FALSE -> parser.getBooleanValue();
            case VALUE_NULL -> null;
            default -> parser.getText();
        };
    }
}
