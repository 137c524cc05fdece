package io.lockstep.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.codec.frame.FrameDescriptor;
import io.lockstep.codec.frame.FrameLimits;
import io.lockstep.codec.frame.FrameValidator;
import io.lockstep.codec.hash.StateDigest;
import io.lockstep.codec.message.ChangeSetWriter;
import io.lockstep.codec.value.ValueWriter;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Keeps docs/protocol.md true: its bytes are those of the code, and it names everything that the schema has. */
class ProtocolDocumentTest {
    private static final Pattern MESSAGE = Pattern.compile("<sbe:message name=\"(\\w+)\" id=\"(\\d+)\"");
    private static final Pattern FIELD = Pattern.compile("<(?:field|group|data) name=\"(\\w+)\"");
    private static final List<String> TYPES =
            List.of("null", "boolean", "integer", "decimal", "real", "text", "blob", "json");
    private static final Pattern HEX = Pattern.compile("^((?:[0-9a-f]{2} )*[0-9a-f]{2})(?: {2,}.*)?$");

    private final String document = read(Path.of("..", "docs", "protocol.md"));
    private final String schema =
            read(Path.of("src", "main", "resources", "io", "lockstep", "codec", "lockstep-schema.xml"));
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1_024]);

    @Test
    void shouldShowAChangeSetAsItIsOnTheWire() {
        final int key = ValueWriter.putInteger(buffer, 0, 7);
        final byte[] keyBytes = Arrays.copyOf(buffer.byteArray(), key);
        final int value = ValueWriter.putText(buffer, 0, "caf\u00e9");
        final byte[] valueBytes = Arrays.copyOf(buffer.byteArray(), value);
        final ChangeSetWriter writer = new ChangeSetWriter()
                .wrap(buffer, FrameDescriptor.HEADER_LENGTH)
                .header(1, 0x0123_4567_89AB_CDEFL, 0x1122_3344_5566_7788L, 1_700_000_000_000L, 2, false, 0, 1)
                .write(0, utf8("main"), utf8("dish"), keyBytes, utf8("name"), valueBytes);
        FrameDescriptor.putHeader(buffer, 0, writer.length());
        assertTrue(new FrameValidator(FrameLimits.DEFAULT)
                .validateClientMessage(buffer, FrameDescriptor.HEADER_LENGTH, writer.length()));
        assertEquals(
                hex(FrameDescriptor.HEADER_LENGTH + writer.length()),
                bytesAfter("<!-- checked: change set -->"),
                "docs/protocol.md shows other bytes");
    }

    @Test
    void shouldShowEachValueAsItIsEncoded() {
        final List<String> examples = new ArrayList<>();
        examples.add(hex(ValueWriter.putNull(buffer, 0)));
        examples.add(hex(ValueWriter.putBoolean(buffer, 0, true)));
        examples.add(hex(ValueWriter.putInteger(buffer, 0, -2)));
        examples.add(hex(ValueWriter.putNumber(buffer, 0, new BigInteger("9223372036854775808"))));
        examples.add(hex(ValueWriter.putReal(buffer, 0, 0.5)));
        examples.add(hex(ValueWriter.putText(buffer, 0, "caf\u00e9")));
        examples.add(hex(ValueWriter.putBlob(buffer, 0, new byte[] {0, -1})));
        examples.add(hex(ValueWriter.putJson(buffer, 0, "{}")));
        for (int code = 0; code < examples.size(); code++) {
            final String row = line("| " + code + " | " + TYPES.get(code) + " |");
            assertTrue(row.contains("`" + examples.get(code) + "`"), row + " must show " + examples.get(code));
        }
    }

    @Test
    void shouldShowTheDigestOfACell() {
        final StateDigest digest = new StateDigest(0x0011_2233_4455_6677L, 0x8899_AABB_CCDD_EEFFL);
        final UnsafeBuffer names = new UnsafeBuffer(utf8("maindishname"));
        final UnsafeBuffer key = new UnsafeBuffer(new byte[16]);
        final int keyLength = ValueWriter.putInteger(key, 0, 7);
        final int valueLength = ValueWriter.putText(buffer, 0, "caf\u00e9");
        final long row = digest.rowHash(names, 0, 4, names, 4, 4, key, 0, keyLength);
        final long column = digest.columnHash(names, 8, 4);
        digest.cell(
                row,
                column,
                StateDigest.wallCounter(1_700_000_000_000L, 2),
                0x0123_4567_89AB_CDEFL,
                0x1122_3344_5566_7788L,
                0,
                buffer,
                0,
                valueLength);
        assertShows(String.format("rowHash64    = %016x", row));
        assertShows(String.format("columnHash64 = %016x", column));
        assertShows(String.format("cell128      = %016x%016x", digest.high(), digest.low()));
    }

    @Test
    void shouldNameEveryMessageWithItsFields() {
        final Matcher messages = MESSAGE.matcher(schema);
        int count = 0;
        while (messages.find()) {
            final int id = Integer.parseInt(messages.group(2));
            if (id < 200) {
                final String row = line("| " + id + " | " + messages.group(1) + " |");
                final String body = schema.substring(messages.end(), schema.indexOf("</sbe:message>", messages.end()));
                final Matcher fields = FIELD.matcher(body);
                while (fields.find()) {
                    assertTrue(row.contains(fields.group(1)), messages.group(1) + " lacks " + fields.group(1));
                }
                count++;
            }
        }
        assertEquals(38, count);
    }

    @Test
    void shouldNameEveryErrorCode() {
        for (final ErrorCode code : ErrorCode.values()) {
            if (code != ErrorCode.NULL_VAL) {
                line("| " + code.value() + " | " + code.name() + " |");
            }
        }
    }

    @Test
    void shouldNameTheLimits() {
        assertShows("`frameBytesMax` | " + number(FrameLimits.DEFAULT.frameBytesMax()) + " ");
        assertShows("`changesMax` | " + number(FrameLimits.DEFAULT.changesMax()) + " ");
        assertShows("`nameBytesMax` | " + number(FrameLimits.DEFAULT.nameBytesMax()) + " ");
        assertShows("`keyBytesMax` | " + number(FrameLimits.DEFAULT.keyBytesMax()) + " ");
        assertShows("`keyPartsMax` | " + number(FrameLimits.DEFAULT.keyPartsMax()) + " ");
        assertShows("`ddlBytesMax` | " + number(FrameLimits.DEFAULT.ddlBytesMax()) + " ");
        assertShows(number(FrameLimits.UNAUTHENTICATED_FRAME_BYTES_MAX) + " bytes");
    }

    private void assertShows(final String text) {
        assertTrue(document.contains(text), "docs/protocol.md must show: " + text);
    }

    private String line(final String start) {
        return document.lines()
                .filter(line -> line.startsWith(start))
                .findFirst()
                .orElseThrow(() -> new AssertionError("docs/protocol.md must have a line: " + start));
    }

    private String bytesAfter(final String marker) {
        final StringBuilder hex = new StringBuilder();
        document.substring(document.indexOf(marker))
                .lines()
                .skip(2)
                .takeWhile(line -> !line.startsWith("```"))
                .forEach(line -> {
                    final Matcher matcher = HEX.matcher(line);
                    assertTrue(matcher.matches(), line);
                    hex.append(matcher.group(1)).append(' ');
                });
        return hex.toString().trim();
    }

    private String hex(final int length) {
        return HexFormat.ofDelimiter(" ").formatHex(buffer.byteArray(), 0, length);
    }

    private static String number(final int value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    private static byte[] utf8(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String read(final Path path) {
        try {
            return Files.readString(path);
        } catch (final IOException e) {
            throw new AssertionError(path.toAbsolutePath().toString(), e);
        }
    }
}
