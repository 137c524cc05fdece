package io.lockstep.client.model;

import io.lockstep.codec.frame.FrameLimits;
import io.lockstep.codec.value.QuereusKeyForm;
import io.lockstep.codec.value.ValueReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A primary key: its parts in the value encoding, one after another. Immutable; two keys are the same row when their
 * bytes are equal. Ordered by bytes, which means nothing but is stable.
 */
public final class Key implements Comparable<Key> {
    static {
        // Change sets are often made before a client is; none is made without a key.
        JvmAccess.check();
    }

    private final byte[] encoded;

    private Key(final byte[] encoded) {
        this.encoded = encoded;
    }

    /**
     * A key of parts.
     *
     * @param parts 1 to 32, no NaN and no -0.0 among them, up to 4,096 bytes encoded
     * @return the key
     * @throws IllegalArgumentException otherwise, naming limit and value
     */
    public static Key of(final Value... parts) {
        return of(Arrays.asList(parts));
    }

    /**
     * A key of parts.
     *
     * @param parts 1 to 32, no NaN and no -0.0 among them, up to 4,096 bytes encoded
     * @return the key
     * @throws IllegalArgumentException otherwise, naming limit and value
     */
    public static Key of(final List<Value> parts) {
        check(parts);
        int length = 0;
        for (final Value part : parts) {
            length += part.encodedLength();
        }
        if (length > FrameLimits.DEFAULT.keyBytesMax()) {
            throw new IllegalArgumentException(
                    "key too long: keyBytesMax=" + FrameLimits.DEFAULT.keyBytesMax() + ", bytes=" + length);
        }
        final byte[] encoded = new byte[length];
        int at = 0;
        for (final Value part : parts) {
            System.arraycopy(part.bytes(), 0, encoded, at, part.encodedLength());
            at += part.encodedLength();
        }
        return new Key(encoded);
    }

    /**
     * A key of one integer.
     *
     * @param part its only part
     * @return the key
     */
    public static Key ofInteger(final long part) {
        return of(Value.ofInteger(part));
    }

    /**
     * A key of one text.
     *
     * @param part its only part
     * @return the key
     */
    public static Key ofText(final String part) {
        return of(Value.ofText(part));
    }

    /**
     * Reads a key that fills its bytes.
     *
     * @param buffer to read from
     * @param offset of the first part
     * @param length bytes of all parts
     * @return the key
     * @throws IllegalArgumentException if the bytes are not a key in canonical form
     */
    public static Key decode(final DirectBuffer buffer, final int offset, final int length) {
        final byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        return decode(bytes);
    }

    /** Reads a key that fills its bytes; the bytes become its own. */
    static Key decode(final byte[] bytes) {
        final int parts = ValueReader.keyParts(new UnsafeBuffer(bytes), 0, bytes.length);
        if (parts <= 0) {
            throw new IllegalArgumentException(
                    "a key " + (parts == 0 ? "without parts" : "with a part that " + ValueReader.describe(parts)));
        }
        return new Key(bytes);
    }

    /**
     * The parts.
     *
     * @return at least one, immutable
     */
    public List<Value> parts() {
        final List<Value> parts = new ArrayList<>();
        int at = 0;
        while (at < encoded.length) {
            final Value part = Value.decodeAt(encoded, at);
            parts.add(part);
            at += part.encodedLength();
        }
        return List.copyOf(parts);
    }

    /**
     * The key in the quereus key form: booleans and integral reals as the integer that they equal. A database of that
     * form keeps and delivers its keys so.
     *
     * @return this or the folded key
     */
    public Key folded() {
        final UnsafeBuffer source = new UnsafeBuffer(encoded);
        if (!QuereusKeyForm.needsFolding(source, 0, encoded.length)) {
            return this;
        }
        final byte[] folded = new byte[QuereusKeyForm.foldedLengthMax(encoded.length)];
        final int length = QuereusKeyForm.fold(source, 0, encoded.length, new UnsafeBuffer(folded), 0);
        return new Key(Arrays.copyOf(folded, length));
    }

    /**
     * A copy of the encoding.
     *
     * @return it
     */
    public byte[] toBytes() {
        return encoded.clone();
    }

    /**
     * Bytes of the encoding.
     *
     * @return at least 1
     */
    public int encodedLength() {
        return encoded.length;
    }

    /** The encoding itself: whoever takes it must not write to it. */
    byte[] bytes() {
        return encoded;
    }

    @Override
    public int compareTo(final Key other) {
        return Arrays.compareUnsigned(encoded, other.encoded);
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof Key key && Arrays.equals(encoded, key.encoded);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(encoded);
    }

    @Override
    public String toString() {
        return parts().toString();
    }

    private static void check(final List<Value> parts) {
        final int partsMax = FrameLimits.DEFAULT.keyPartsMax();
        if (parts.isEmpty() || parts.size() > partsMax) {
            throw new IllegalArgumentException("a key has 1 to " + partsMax + " parts: parts=" + parts.size());
        }
        for (final Value part : parts) {
            if (!part.isAllowedInKey()) {
                throw new IllegalArgumentException("neither NaN nor -0.0 in a key: part=" + part);
            }
        }
    }
}
