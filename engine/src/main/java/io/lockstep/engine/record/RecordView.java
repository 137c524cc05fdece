package io.lockstep.engine.record;

import static io.lockstep.engine.record.RecordDescriptor.DATA_LENGTH_LENGTH;
import static io.lockstep.engine.record.RecordDescriptor.GROUP_HEADER_LENGTH;

import io.lockstep.codec.RecordKind;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * A flyweight over one whole, checked record; reads where the bytes are and copies nothing. One thread. Use it only on
 * records that {@link RecordCheck} has passed, or that this node has just made.
 */
public final class RecordView {
    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;

    private DirectBuffer buffer;
    private int offset;
    private int length;
    private int commandOffset;
    private int outcomesOffset;

    /**
     * Looks at a record.
     *
     * @param recordBuffer holds it
     * @param recordOffset of its first byte
     * @param recordLength bytes
     * @return this
     */
    public RecordView wrap(final DirectBuffer recordBuffer, final int recordOffset, final int recordLength) {
        buffer = recordBuffer;
        offset = recordOffset;
        length = recordLength;
        int next = recordOffset + RecordDescriptor.SURVIVORS_OFFSET;
        final int blockLength = recordBuffer.getShort(next, LE) & 0xFFFF;
        final int count = recordBuffer.getShort(next + 2, LE) & 0xFFFF;
        next += GROUP_HEADER_LENGTH;
        for (int i = 0; i < count; i++) {
            next += blockLength;
            next += 2 + (recordBuffer.getShort(next, LE) & 0xFFFF);
        }
        commandOffset = next + DATA_LENGTH_LENGTH;
        outcomesOffset = commandOffset + recordBuffer.getInt(next, LE) + DATA_LENGTH_LENGTH;
        return this;
    }

    /**
     * Whether records of a kind are change sets that took a sequence.
     *
     * @param kind of a record
     * @return true for small ones and large ones
     */
    public static boolean hasSequence(final RecordKind kind) {
        return kind == RecordKind.CHANGE_SET || kind == RecordKind.LARGE_CHANGE_SET;
    }

    /**
     * Holds the record.
     *
     * @return the buffer
     */
    public DirectBuffer buffer() {
        return buffer;
    }

    /**
     * Where the record starts.
     *
     * @return an offset into {@link #buffer()}
     */
    public int offset() {
        return offset;
    }

    /**
     * Bytes of the record.
     *
     * @return bytes
     */
    public int length() {
        return length;
    }

    /**
     * What the command is.
     *
     * @return its kind, NULL_VAL if this version does not know it
     */
    public RecordKind kind() {
        return RecordKind.get((short) (buffer.getByte(offset + RecordDescriptor.KIND_OFFSET) & 0xFF));
    }

    /**
     * The rules that decided it.
     *
     * @return their version
     */
    public int rulesVersion() {
        return buffer.getShort(offset + RecordDescriptor.RULES_VERSION_OFFSET, LE) & 0xFFFF;
    }

    /**
     * Flags about the command.
     *
     * @return FLAG_ bits of {@link RecordDescriptor}
     */
    public int flags() {
        return buffer.getByte(offset + RecordDescriptor.FLAGS_OFFSET) & 0xFF;
    }

    /**
     * The epoch it was made in.
     *
     * @return an epoch
     */
    public long epoch() {
        return longAt(RecordDescriptor.EPOCH_OFFSET);
    }

    /**
     * Its place in the journal.
     *
     * @return a position
     */
    public long position() {
        return longAt(RecordDescriptor.POSITION_OFFSET);
    }

    /**
     * What was on stable storage when it was written.
     *
     * @return a position below its own
     */
    public long durablePosition() {
        return longAt(RecordDescriptor.DURABLE_POSITION_OFFSET);
    }

    /**
     * The command's time.
     *
     * @return milliseconds since 1970
     */
    public long stampedTimeMs() {
        return longAt(RecordDescriptor.STAMPED_TIME_OFFSET);
    }

    /**
     * The database that it changed.
     *
     * @return 0 for records of the node
     */
    public int databaseId() {
        return buffer.getInt(offset + RecordDescriptor.DATABASE_ID_OFFSET, LE);
    }

    /**
     * Who asked.
     *
     * @return a hash of the principal's name, 0 for the node itself
     */
    public int principalId() {
        return buffer.getInt(offset + RecordDescriptor.PRINCIPAL_ID_OFFSET, LE);
    }

    /**
     * The database's sequence after it; of a change set its own.
     *
     * @return a sequence
     */
    public long sequence() {
        return longAt(RecordDescriptor.SEQUENCE_OFFSET);
    }

    /**
     * The session that brought it.
     *
     * @return 0 for the node itself
     */
    public long sessionId() {
        return longAt(RecordDescriptor.SESSION_ID_OFFSET);
    }

    /**
     * What a prune removed.
     *
     * @return tombstones
     */
    public long pruned() {
        return longAt(RecordDescriptor.PRUNED_OFFSET);
    }

    /**
     * The database's state after it.
     *
     * @return both digests, folded
     */
    public long stateDigest() {
        return longAt(RecordDescriptor.STATE_DIGEST_OFFSET);
    }

    /**
     * The link.
     *
     * @return hash of the record before it
     */
    public long previousHash() {
        return longAt(RecordDescriptor.PREVIOUS_HASH_OFFSET);
    }

    /**
     * Its own hash: the check of cursors.
     *
     * @return the hash
     */
    public long hash() {
        return longAt(RecordDescriptor.HASH_OFFSET);
    }

    /**
     * Where the survivors group starts, with its dimensions.
     *
     * @return an offset into {@link #buffer()}
     */
    public int survivorsOffset() {
        return offset + RecordDescriptor.SURVIVORS_OFFSET;
    }

    /**
     * Bytes of the survivors group, dimensions included.
     *
     * @return bytes
     */
    public int survivorsLength() {
        return commandOffset - DATA_LENGTH_LENGTH - survivorsOffset();
    }

    /**
     * Where the command starts: an SBE message with its header.
     *
     * @return an offset into {@link #buffer()}
     */
    public int commandOffset() {
        return commandOffset;
    }

    /**
     * Bytes of the command.
     *
     * @return bytes
     */
    public int commandLength() {
        return outcomesOffset - DATA_LENGTH_LENGTH - commandOffset;
    }

    /**
     * Where the outcomes start: a byte for each migration, then for each change.
     *
     * @return an offset into {@link #buffer()}
     */
    public int outcomesOffset() {
        return outcomesOffset;
    }

    /**
     * Bytes of the outcomes.
     *
     * @return how many outcomes there are
     */
    public int outcomesLength() {
        return buffer.getInt(outcomesOffset - DATA_LENGTH_LENGTH, LE);
    }

    /**
     * The author of a change set. CHANGE_SET only.
     *
     * @return first half of the site
     */
    public long siteHigh() {
        return buffer.getLong(commandOffset + RecordDescriptor.CHANGE_SET_SITE_OFFSET, LE);
    }

    /**
     * The author of a change set. CHANGE_SET only.
     *
     * @return second half of the site
     */
    public long siteLow() {
        return buffer.getLong(commandOffset + RecordDescriptor.CHANGE_SET_SITE_OFFSET + Long.BYTES, LE);
    }

    /**
     * The clock of a change set. CHANGE_SET only.
     *
     * @return milliseconds since 1970
     */
    public long wall() {
        return buffer.getLong(commandOffset + RecordDescriptor.CHANGE_SET_WALL_OFFSET, LE);
    }

    /**
     * The clock of a change set. CHANGE_SET only.
     *
     * @return 0 to 65,535
     */
    public int counter() {
        return buffer.getShort(commandOffset + RecordDescriptor.CHANGE_SET_COUNTER_OFFSET, LE) & 0xFFFF;
    }

    private long longAt(final int fieldOffset) {
        return buffer.getLong(offset + fieldOffset, LE);
    }
}
