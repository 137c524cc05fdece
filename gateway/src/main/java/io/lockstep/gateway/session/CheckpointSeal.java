package io.lockstep.gateway.session;

import io.lockstep.codec.filter.ChangeFilters;
import io.lockstep.engine.bootstrap.CheckpointWriter;
import io.lockstep.engine.bootstrap.SnapshotPlace;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Signs places in snapshots, and believes none that it did not sign for the same journal, holder and filters. A checkpoint
 * may be kept by a client for as long as the snapshot is.
 *
 * <pre>
 *   0         1                9                13            21        25       29
 *  +---------+----------------+----------------+-------------+---------+--------+------------------------------+
 *  | version | snapshot int64 | database int32 | block int64 | entry   | part   | HMAC-SHA256, first 16 bytes  |
 *  +---------+----------------+----------------+-------------+---------+--------+------------------------------+
 * </pre>
 *
 * Little-endian. One thread.
 */
final class CheckpointSeal implements CheckpointWriter {
    private static final String ALGORITHM = "HmacSHA256";
    private static final byte VERSION = 1;
    private static final int SNAPSHOT_OFFSET = 1;
    private static final int DATABASE_OFFSET = 9;
    private static final int BLOCK_OFFSET = 13;
    private static final int ENTRY_OFFSET = 21;
    private static final int PART_OFFSET = 25;
    private static final int MAC_OFFSET = 29;
    private static final int MAC_BYTES = 16;
    private static final int LENGTH = MAC_OFFSET + MAC_BYTES;

    private final Mac mac;
    private final byte[] bytes = new byte[LENGTH];
    private final UnsafeBuffer view = new UnsafeBuffer(bytes);
    private final UnsafeBuffer number = new UnsafeBuffer(new byte[Long.BYTES]);
    private final NodeIdentity identity;
    private CheckpointHolder holder;
    private ChangeFilters filters;

    CheckpointSeal(final byte[] key, final NodeIdentity identity) {
        this.identity = identity;
        try {
            mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
        } catch (final GeneralSecurityException e) {
            throw new IllegalStateException("the runtime has no " + ALGORITHM, e);
        }
    }

    /** Says whose the next ones are. */
    void bind(final CheckpointHolder newHolder, final ChangeFilters newFilters) {
        holder = newHolder;
        filters = newFilters;
    }

    @Override
    public int write(final SnapshotPlace place, final MutableDirectBuffer out, final int offset) {
        view.putByte(0, VERSION);
        view.putLong(SNAPSHOT_OFFSET, place.snapshot(), ByteOrder.LITTLE_ENDIAN);
        view.putInt(DATABASE_OFFSET, place.databaseId(), ByteOrder.LITTLE_ENDIAN);
        view.putLong(BLOCK_OFFSET, place.block(), ByteOrder.LITTLE_ENDIAN);
        view.putInt(ENTRY_OFFSET, place.entry(), ByteOrder.LITTLE_ENDIAN);
        view.putInt(PART_OFFSET, place.part(), ByteOrder.LITTLE_ENDIAN);
        view.putBytes(MAC_OFFSET, sign(), 0, MAC_BYTES);
        out.putBytes(offset, bytes, 0, LENGTH);
        return LENGTH;
    }

    /** False if it was not signed for the same. */
    boolean read(final byte[] checkpoint, final int databaseId, final SnapshotPlace place) {
        if (checkpoint.length != LENGTH || checkpoint[0] != VERSION) {
            return false;
        }
        view.putBytes(0, checkpoint);
        final byte[] given = Arrays.copyOfRange(checkpoint, MAC_OFFSET, LENGTH);
        final byte[] signed = Arrays.copyOf(sign(), MAC_BYTES);
        if (!MessageDigest.isEqual(given, signed)
                || view.getInt(DATABASE_OFFSET, ByteOrder.LITTLE_ENDIAN) != databaseId) {
            return false;
        }
        place.set(
                view.getLong(SNAPSHOT_OFFSET, ByteOrder.LITTLE_ENDIAN),
                databaseId,
                view.getLong(BLOCK_OFFSET, ByteOrder.LITTLE_ENDIAN),
                view.getInt(ENTRY_OFFSET, ByteOrder.LITTLE_ENDIAN),
                view.getInt(PART_OFFSET, ByteOrder.LITTLE_ENDIAN));
        return true;
    }

    private byte[] sign() {
        mac.update(bytes, 0, MAC_OFFSET);
        sign(identity.incarnationHigh());
        sign(identity.incarnationLow());
        sign(holder.siteHigh());
        sign(holder.siteLow());
        final byte[] principal = holder.principal().getBytes(StandardCharsets.UTF_8);
        sign(principal.length);
        mac.update(principal);
        sign(filters.count());
        for (int i = 0; i < filters.count(); i++) {
            sign(filters.tableOffset(i), filters.tableLength(i));
            sign(filters.prefixOffset(i), filters.prefixLength(i));
        }
        return mac.doFinal();
    }

    private void sign(final long value) {
        number.putLong(0, value, ByteOrder.LITTLE_ENDIAN);
        mac.update(number.byteArray());
    }

    /** Each with its length before, so that no two lists of filters are the same bytes. */
    private void sign(final int offset, final int length) {
        sign((long) length);
        final byte[] part = new byte[length];
        filters.buffer().getBytes(offset, part);
        mac.update(part);
    }
}
