package io.lockstep.engine.arbitration;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.UnsafeApi;

/** Between buffers, whose bounds are checked, and blocks of the arena, whose bounds the caller knows. */
final class NativeBytes {
    private NativeBytes() {}

    static boolean equal(final DirectBuffer buffer, final int offset, final int length, final long address) {
        buffer.boundsCheck(offset, length);
        final byte[] base = buffer.byteArray();
        final long start = buffer.addressOffset() + offset;
        int i = 0;
        for (; i + Long.BYTES <= length; i += Long.BYTES) {
            if (UnsafeApi.getLong(base, start + i) != UnsafeApi.getLong(address + i)) {
                return false;
            }
        }
        for (; i < length; i++) {
            if (UnsafeApi.getByte(base, start + i) != UnsafeApi.getByte(address + i)) {
                return false;
            }
        }
        return true;
    }

    static void read(final DirectBuffer buffer, final int offset, final int length, final long address) {
        buffer.boundsCheck(offset, length);
        UnsafeApi.copyMemory(buffer.byteArray(), buffer.addressOffset() + offset, null, address, length);
    }

    static void write(final long address, final int length, final MutableDirectBuffer buffer, final int offset) {
        buffer.boundsCheck(offset, length);
        UnsafeApi.copyMemory(null, address, buffer.byteArray(), buffer.addressOffset() + offset, length);
    }

    /** Unsigned order of bytes, a prefix first. */
    static int compare(final long a, final int aLength, final long b, final int bLength) {
        final int common = Math.min(aLength, bLength);
        for (int i = 0; i < common; i++) {
            final int order = Byte.compareUnsigned(UnsafeApi.getByte(a + i), UnsafeApi.getByte(b + i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(aLength, bLength);
    }
}
