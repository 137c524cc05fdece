package io.lockstep.engine.record;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;

/** CRC32C of a range of any buffer. One thread; allocates only when it first meets a ByteBuffer. */
final class Crc32c {
    private final CRC32C crc = new CRC32C();
    private final byte[] staging = new byte[4096];
    private ByteBuffer source;
    private ByteBuffer view;

    int of(final DirectBuffer buffer, final int offset, final int length) {
        crc.reset();
        buffer.boundsCheck(offset, length);
        if (buffer.byteArray() != null) {
            crc.update(buffer.byteArray(), buffer.wrapAdjustment() + offset, length);
        } else if (buffer.byteBuffer() != null) {
            final ByteBuffer direct = viewOf(buffer.byteBuffer());
            final int start = buffer.wrapAdjustment() + offset;
            direct.limit(start + length).position(start);
            crc.update(direct);
        } else {
            ofMemory(buffer, offset, length);
        }
        return (int) crc.getValue();
    }

    @SuppressWarnings("ReferenceEquality") // the same memory is meant, not the same content
    private ByteBuffer viewOf(final ByteBuffer byteBuffer) {
        if (source != byteBuffer) {
            source = byteBuffer;
            view = byteBuffer.duplicate();
        }
        return view.clear();
    }

    private void ofMemory(final DirectBuffer buffer, final int offset, final int length) {
        for (int done = 0; done < length; ) {
            final int part = Math.min(staging.length, length - done);
            buffer.getBytes(offset + done, staging, 0, part);
            crc.update(staging, 0, part);
            done += part;
        }
    }
}
