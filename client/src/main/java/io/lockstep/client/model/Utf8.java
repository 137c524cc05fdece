package io.lockstep.client.model;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Text to bytes and back, refusing what is not Unicode instead of replacing it. */
final class Utf8 {
    private Utf8() {}

    static byte[] encode(final String field, final String text) {
        if (text == null) {
            throw new IllegalArgumentException(field + "=null");
        }
        try {
            final ByteBuffer bytes = StandardCharsets.UTF_8
                    .newEncoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .encode(CharBuffer.wrap(text));
            final byte[] result = new byte[bytes.remaining()];
            bytes.get(result);
            return result;
        } catch (final CharacterCodingException e) {
            throw new IllegalArgumentException(field + " has an unpaired surrogate and cannot be written as UTF-8", e);
        }
    }

    static byte[] encodeName(final String field, final String name, final int bytesMax) {
        final byte[] bytes = encode(field, name);
        if (bytes.length == 0 || bytes.length > bytesMax) {
            throw new IllegalArgumentException(
                    field + " needs 1 to " + bytesMax + " bytes of UTF-8: bytes=" + bytes.length);
        }
        return bytes;
    }
}
