package io.lockstep.gateway.session;

import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.UploadChangeSetEncoder;
import io.lockstep.codec.UploadPartEncoder;
import io.lockstep.codec.message.ChangeSetWriter;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32C;
import org.agrona.concurrent.UnsafeBuffer;

/** What a client says that uploads a change set. */
final class UploadMessages {
    /** Bytes of a part. */
    static final int PART = 20_000;

    private static final byte[] TABLE = "t".getBytes(StandardCharsets.UTF_8);

    private final UnsafeBuffer scratch = new UnsafeBuffer(new byte[PART + 256]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();

    /** A SubmitChangeSet of so many rows, with values that do not repeat. */
    static byte[] set(final long wall, final int rows) {
        return set(wall, rows, new byte[0]);
    }

    /** Of rows whose keys begin so. */
    static byte[] set(final long wall, final int rows, final byte[] keyPrefix) {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1_300 * rows + 256]);
        final ChangeSetWriter writer = new ChangeSetWriter().wrap(buffer, 0).header(77, 0, 9, wall, 0, false, 0, rows);
        final Random random = new Random(wall);
        for (int row = 0; row < rows; row++) {
            writer.write(row, TABLE, TABLE, key(keyPrefix, row), TABLE, blob(random));
        }
        return Arrays.copyOf(buffer.byteArray(), writer.length());
    }

    private static byte[] key(final byte[] prefix, final int row) {
        final byte[] key = Arrays.copyOf(prefix, prefix.length + 9);
        System.arraycopy(integer(row), 0, key, prefix.length, 9);
        return key;
    }

    private static byte[] integer(final int value) {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[9]);
        buffer.putByte(0, (byte) 2);
        buffer.putLong(1, value, ByteOrder.LITTLE_ENDIAN);
        return buffer.byteArray();
    }

    private static byte[] blob(final Random random) {
        final byte[] content = new byte[1_200];
        random.nextBytes(content);
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[5 + content.length]);
        buffer.putByte(0, (byte) 6);
        buffer.putInt(1, content.length, ByteOrder.LITTLE_ENDIAN);
        buffer.putBytes(5, content);
        return buffer.byteArray();
    }

    byte[] begin(final long requestId, final long wall, final byte[] set) {
        final CRC32C crc = new CRC32C();
        crc.update(set);
        return begin(requestId, wall, set.length, (int) crc.getValue());
    }

    byte[] begin(final long requestId, final long wall, final int totalBytes, final int crc) {
        final UploadChangeSetEncoder encoder = new UploadChangeSetEncoder();
        encoder.wrapAndApplyHeader(scratch, 0, header)
                .requestId(requestId)
                .wall(wall)
                .counter(0)
                .totalBytes(totalBytes)
                .crc(crc & 0xFFFF_FFFFL);
        encoder.site().high(0).low(9);
        return Arrays.copyOf(scratch.byteArray(), MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength());
    }

    byte[] part(final long requestId, final byte[] set, final int from) {
        final UploadPartEncoder encoder = new UploadPartEncoder();
        encoder.wrapAndApplyHeader(scratch, 0, header)
                .requestId(requestId)
                .partOffset(from)
                .putBytes(set, from, Math.min(PART, set.length - from));
        return Arrays.copyOf(scratch.byteArray(), MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength());
    }
}
