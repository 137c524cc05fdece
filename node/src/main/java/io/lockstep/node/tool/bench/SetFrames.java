package io.lockstep.node.tool.bench;

import io.lockstep.codec.ChangeOp;
import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.SubmitChangeSetEncoder;
import io.lockstep.codec.frame.FrameDescriptor;
import io.lockstep.codec.message.ChangeSetWriter;
import io.lockstep.codec.value.ValueType;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Makes change-set frames by copying one template and patching request, clock, rows, columns and values in place. One
 * thread; allocates nothing after construction.
 *
 * <p>Clocks rise from set to set, so that nearly every write wins: rows are picked at random, and a set loses only where
 * one that was made after it reaches the same cell first.
 */
public final class SetFrames {
    private static final int COUNTER_MAX = 0xFFFF;
    private static final int COLUMN_DIGITS = 4;
    private static final int VALUE_HEADER_LENGTH = 5;
    private static final int HEADERS_LENGTH = FrameDescriptor.HEADER_LENGTH + MessageHeaderEncoder.ENCODED_LENGTH;
    private static final int REQUEST_ID_OFFSET = HEADERS_LENGTH + SubmitChangeSetEncoder.requestIdEncodingOffset();
    private static final int SITE_OFFSET = HEADERS_LENGTH + SubmitChangeSetEncoder.siteEncodingOffset();
    private static final int WALL_OFFSET = HEADERS_LENGTH + SubmitChangeSetEncoder.wallEncodingOffset();
    private static final int COUNTER_OFFSET = HEADERS_LENGTH + SubmitChangeSetEncoder.counterEncodingOffset();

    /** Eight letters from '@' on: any eight nibbles over it are ASCII. */
    private static final long LETTERS = 0x4040_4040_4040_4040L;

    private static final long NIBBLES = 0x0F0F_0F0F_0F0F_0F0FL;

    private final UnsafeBuffer template;
    private final int[] rowOffsets;
    private final int[] columnOffsets;
    private final int[] valueOffsets;
    private final byte[][] columnDigits;
    private final int rows;
    private final int valueBytes;
    private long random;
    private long wall;
    private int counter;

    /**
     * Makes the template.
     *
     * @param plan gives shape and sizes
     * @param seed of rows, columns and values; any
     */
    public SetFrames(final BenchPlan plan, final long seed) {
        rows = plan.rows();
        valueBytes = plan.valueBytes();
        random = seed == 0 ? 1 : seed;
        columnDigits = new byte[plan.columns()][];
        for (int i = 0; i < columnDigits.length; i++) {
            columnDigits[i] = ascii(String.format("%04d", i));
        }
        final int changes = plan.changesPerSet();
        rowOffsets = new int[changes];
        columnOffsets = new int[changes];
        valueOffsets = new int[changes];
        template = encodeTemplate(changes);
    }

    /**
     * Bytes of each frame.
     *
     * @return framing header included
     */
    public int frameLength() {
        return template.capacity();
    }

    /**
     * Moves the clock on. Call it once before a batch of frames.
     *
     * @param nowMs milliseconds since 1970; smaller than before is taken as equal
     */
    public void time(final long nowMs) {
        if (nowMs > wall) {
            wall = nowMs;
            counter = 0;
        }
    }

    /**
     * Writes a frame with the next clock.
     *
     * @param buffer to write into
     * @param offset of the framing header
     * @param requestId at least 0
     * @param site the low half of the author's site; the high half is 0
     */
    public void put(final MutableDirectBuffer buffer, final int offset, final long requestId, final long site) {
        buffer.putBytes(offset, template, 0, template.capacity());
        buffer.putLong(offset + REQUEST_ID_OFFSET, requestId, ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(offset + SITE_OFFSET + Long.BYTES, site, ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(offset + WALL_OFFSET, wall, ByteOrder.LITTLE_ENDIAN);
        buffer.putShort(offset + COUNTER_OFFSET, (short) counter, ByteOrder.LITTLE_ENDIAN);
        if (counter++ == COUNTER_MAX) {
            counter = 0;
            wall++;
        }
        for (int i = 0; i < rowOffsets.length; i++) {
            final long bits = nextRandom();
            buffer.putLong(offset + rowOffsets[i], pick(bits >>> 32, rows), ByteOrder.LITTLE_ENDIAN);
            buffer.putBytes(
                    offset + columnOffsets[i], columnDigits[(int) pick(bits & 0xFFFF_FFFFL, columnDigits.length)]);
            if (valueBytes >= Long.BYTES) {
                buffer.putLong(offset + valueOffsets[i], LETTERS | (bits & NIBBLES), ByteOrder.LITTLE_ENDIAN);
            }
        }
    }

    /** Spreads 32 random bits over 0 to count - 1. */
    private static long pick(final long bits, final int count) {
        return (bits * count) >>> 32;
    }

    private long nextRandom() {
        random ^= random << 13;
        random ^= random >>> 7;
        random ^= random << 17;
        return random * 0x2545_F491_4F6C_DD1DL;
    }

    private UnsafeBuffer encodeTemplate(final int changes) {
        final byte[] schema = ascii("main");
        final byte[] table = ascii("bench");
        final byte[] key = new byte[1 + Long.BYTES];
        key[0] = ValueType.INTEGER;
        final byte[] column = ascii("c" + "0".repeat(COLUMN_DIGITS));
        final UnsafeBuffer value = new UnsafeBuffer(new byte[VALUE_HEADER_LENGTH + valueBytes]);
        value.setMemory(0, value.capacity(), (byte) 'v');
        value.putByte(0, (byte) ValueType.TEXT);
        value.putInt(1, valueBytes, ByteOrder.LITTLE_ENDIAN);
        final int spare = 256;
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[spare + changes * (spare + valueBytes)]);
        final ChangeSetWriter writer = new ChangeSetWriter().wrap(buffer, FrameDescriptor.HEADER_LENGTH);
        writer.header(0, 0, 0, 0, 0, false, 0, changes);
        for (int i = 0; i < changes; i++) {
            writer.beginChange(i, ChangeOp.WRITE, false).schemaName(schema).tableName(table);
            writer.key(key);
            rowOffsets[i] = FrameDescriptor.HEADER_LENGTH + writer.length() - Long.BYTES;
            writer.columnName(column);
            columnOffsets[i] = FrameDescriptor.HEADER_LENGTH + writer.length() - COLUMN_DIGITS;
            writer.value(value, 0, value.capacity());
            valueOffsets[i] = FrameDescriptor.HEADER_LENGTH + writer.length() - valueBytes;
            writer.before(new byte[0]);
        }
        FrameDescriptor.putHeader(buffer, 0, writer.length());
        final byte[] frame = new byte[FrameDescriptor.HEADER_LENGTH + writer.length()];
        buffer.getBytes(0, frame);
        final UnsafeBuffer made = new UnsafeBuffer(java.nio.ByteBuffer.allocateDirect(frame.length));
        made.putBytes(0, frame);
        return made;
    }

    private static byte[] ascii(final String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
