package io.lockstep.journal;

import static io.lockstep.engine.record.RecordDescriptor.COVERED_OFFSET;
import static io.lockstep.engine.record.RecordDescriptor.CRC_OFFSET;
import static io.lockstep.engine.record.RecordDescriptor.LENGTH_MIN;

import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;

/**
 * Tells a record with one changed bit from a record of which a part never arrived. Both fail their CRC, and both may hold
 * zeros where a sector begins or ends; but only the first becomes sound again when one bit is turned back. A CRC is
 * linear: what a flipped bit does to it depends on the bit's place alone, so all places are tried in one pass.
 */
final class BitRot {
    private static final int POLYNOMIAL = 0x82F6_3B78;
    private static final int[] TABLE = new int[256];

    static {
        for (int i = 0; i < TABLE.length; i++) {
            int value = i;
            for (int bit = 0; bit < 8; bit++) {
                value = (value & 1) == 0 ? value >>> 1 : (value >>> 1) ^ POLYNOMIAL;
            }
            TABLE[i] = value;
        }
    }

    private BitRot() {}

    /**
     * Whether turning one bit would make the CRC of a record match: a bit that it covers, one of its own, or one of what
     * it does not cover.
     *
     * @param buffer holds the record
     * @param offset of its SBE header
     * @param length that it should have
     * @param limit where the buffer's content ends
     * @return true if one changed bit explains everything
     */
    static boolean isOneBitAway(final DirectBuffer buffer, final int offset, final int length, final int limit) {
        if (length < LENGTH_MIN || offset > limit - length) {
            return false;
        }
        final int covered = length - COVERED_OFFSET;
        final byte[] bytes = new byte[covered];
        buffer.getBytes(offset + COVERED_OFFSET, bytes);
        final CRC32C crc = new CRC32C();
        crc.update(bytes);
        final int difference = (int) crc.getValue() ^ buffer.getInt(offset + CRC_OFFSET, ByteOrder.LITTLE_ENDIAN);
        return Integer.bitCount(difference) <= 1 || isOfOneBit(difference, covered);
    }

    private static boolean isOfOneBit(final int difference, final int length) {
        final int[] effects = new int[8];
        for (int bit = 0; bit < 8; bit++) {
            effects[bit] = TABLE[1 << bit];
        }
        for (int remaining = length; remaining > 0; remaining--) {
            for (int bit = 0; bit < 8; bit++) {
                final int effect = effects[bit];
                if (effect == difference) {
                    return true;
                }
                effects[bit] = (effect >>> 8) ^ TABLE[effect & 0xFF];
            }
        }
        return false;
    }
}
