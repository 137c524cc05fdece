package io.lockstep.gateway.session;

import io.lockstep.codec.filter.TableGlob;
import io.lockstep.codec.hash.SipHash;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Bytes as the key of a map: names and key prefixes that clients choose, so the hash is keyed, and content decides. One that
 * only looks up is set again and again; one that is in a map is a copy. One thread.
 */
final class RouteKey {
    private static final int ROOM = 64;

    private byte[] bytes;
    private int length;
    private int hash;

    /** One to look up with. */
    RouteKey() {
        bytes = new byte[ROOM];
    }

    private RouteKey(final RouteKey other) {
        bytes = Arrays.copyOf(other.bytes, other.length);
        length = other.length;
        hash = other.hash;
    }

    RouteKey copy() {
        return new RouteKey(this);
    }

    RouteKey set(final DirectBuffer buffer, final int offset, final int newLength, final Seed seed) {
        length = 0;
        return append(buffer, offset, newLength).hashed(seed);
    }

    RouteKey start() {
        length = 0;
        return this;
    }

    RouteKey append(final DirectBuffer buffer, final int offset, final int newLength) {
        room(newLength);
        buffer.getBytes(offset, bytes, length, newLength);
        length += newLength;
        return this;
    }

    RouteKey append(final char character) {
        room(1);
        bytes[length++] = (byte) character;
        return this;
    }

    RouteKey hashed(final Seed seed) {
        hash = seed.hash(bytes, length);
        return this;
    }

    /** These bytes are a glob. */
    boolean matchesAsGlob(final DirectBuffer names, final int schemaField, final int tableField) {
        return TableGlob.matches(
                new UnsafeBuffer(bytes),
                0,
                length,
                names,
                schemaField + Short.BYTES,
                names.getShort(schemaField, ByteOrder.LITTLE_ENDIAN) & 0xFFFF,
                tableField + Short.BYTES,
                names.getShort(tableField, ByteOrder.LITTLE_ENDIAN) & 0xFFFF);
    }

    private void room(final int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, 2 * bytes.length));
        }
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof RouteKey key
                && hash == key.hash
                && Arrays.equals(bytes, 0, length, key.bytes, 0, key.length);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** What clients must not know of the hash. */
    static final class Seed {
        private final long k0;
        private final long k1;
        private final UnsafeBuffer view = new UnsafeBuffer(0, 0);

        Seed(final long k0, final long k1) {
            this.k0 = k0;
            this.k1 = k1;
        }

        private int hash(final byte[] bytes, final int length) {
            view.wrap(bytes);
            final long hash = SipHash.hash13(k0, k1, view, 0, length);
            return (int) (hash ^ hash >>> 32);
        }
    }
}
