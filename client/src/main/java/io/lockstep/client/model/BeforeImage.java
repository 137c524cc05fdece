package io.lockstep.client.model;

import io.lockstep.codec.value.HlcDescriptor;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What a change replaced at its origin. It is kept and delivered, and decides nothing. Immutable.
 *
 * @param hlc of a write: the clock of the value replaced; of a delete: null
 * @param values of a write: exactly the value replaced; of a delete: the row's values
 */
public record BeforeImage(Hlc hlc, List<Value> values) {
    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if a write has not exactly one value
     */
    public BeforeImage {
        values = List.copyOf(values);
        if (hlc != null && values.size() != 1) {
            throw new IllegalArgumentException("the before-image of a write has one value: values=" + values.size());
        }
    }

    /**
     * Of a write.
     *
     * @param hlc clock of the value replaced
     * @param value the value replaced
     * @return the image
     */
    public static BeforeImage ofWrite(final Hlc hlc, final Value value) {
        if (hlc == null) {
            throw new IllegalArgumentException("hlc=null");
        }
        return new BeforeImage(hlc, List.of(value));
    }

    /**
     * Of a delete.
     *
     * @param row the row's values
     * @return the image
     */
    public static BeforeImage ofDelete(final List<Value> row) {
        return new BeforeImage(null, row);
    }

    byte[] toBytes() {
        int length = hlc == null ? 0 : HlcDescriptor.LENGTH;
        for (final Value value : values) {
            length += value.encodedLength();
        }
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[length]);
        int at = 0;
        if (hlc != null) {
            hlc.encode(buffer, 0);
            at = HlcDescriptor.LENGTH;
        }
        for (final Value value : values) {
            at += value.encode(buffer, at);
        }
        return buffer.byteArray();
    }

    static BeforeImage decode(final boolean ofWrite, final byte[] bytes) {
        int at = 0;
        Hlc clock = null;
        if (ofWrite) {
            if (bytes.length < HlcDescriptor.LENGTH) {
                throw new IllegalArgumentException("a before-image cut short: bytes=" + bytes.length);
            }
            clock = Hlc.decode(new UnsafeBuffer(bytes), 0);
            at = HlcDescriptor.LENGTH;
        }
        final List<Value> values = new ArrayList<>();
        while (at < bytes.length) {
            final Value value = Value.decodeAt(bytes, at);
            values.add(value);
            at += value.encodedLength();
        }
        return new BeforeImage(clock, values);
    }
}
