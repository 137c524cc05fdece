package io.lockstep.node.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class LineReaderTest {
    @Test
    void shouldReadPlainLinesAndCountBlankOnes() throws IOException {
        try (LineReader reader = reader("a\n\n \r\nb".getBytes(StandardCharsets.UTF_8))) {
            assertEquals("a", text(reader.next()));
            assertEquals("b", text(reader.next()));
            assertEquals(4, reader.lineNumber());
            assertNull(reader.next());
        }
    }

    @Test
    void shouldReadGzipWithoutBeingTold() throws IOException {
        try (LineReader reader = reader(zipped("first\nsecond\n"))) {
            assertEquals("first", text(reader.next()));
            assertEquals("second", text(reader.next()));
            assertNull(reader.next());
        }
    }

    @Test
    void shouldSayThatAGzipStreamIsCutShort() throws IOException {
        final byte[] whole = zipped("x".repeat(1_000_000));
        try (LineReader reader = reader(Arrays.copyOf(whole, whole.length - 20))) {
            final BadInputException failure = assertThrows(BadInputException.class, reader::next);
            assertTrue(failure.getMessage().contains("damaged or cut short"), failure.getMessage());
        }
    }

    @Test
    void shouldSayThatAFileIsMissing() {
        final BadInputException failure =
                assertThrows(BadInputException.class, () -> LineReader.open("no-such-folder/none.jsonl"));
        assertTrue(failure.getMessage().contains("there is no file no-such-folder/none.jsonl"), failure.getMessage());
    }

    private static LineReader reader(final byte[] bytes) throws IOException {
        return new LineReader(new ByteArrayInputStream(bytes), "test");
    }

    private static byte[] zipped(final String text) throws IOException {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream stream = new GZIPOutputStream(bytes)) {
            stream.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private static String text(final byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
