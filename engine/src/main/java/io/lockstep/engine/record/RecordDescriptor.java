package io.lockstep.engine.record;

import io.lockstep.codec.JournalRecordDecoder;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.SubmitChangeSetDecoder;

/**
 * Where the fields of a journal record are, counted from its first byte. The generated codec is the authority: the
 * offsets are taken from it, the picture is checked by a test.
 *
 * <pre>
 *   0                       8         12        16        20             22     23      24
 *  +-----------------------+---------+---------+---------+--------------+------+-------+
 *  | message header        | magic   | length  | crc     | rulesVersion | kind | flags |
 *  +-----------------------+---------+---------+---------+--------------+------+-------+
 *  24              32                40                48
 *  +---------------+-----------------+-----------------+
 *  | epoch         | position      S | durablePosition S
 *  +---------------+-----------------+-----------------+
 *  48              56           60              64          72          80
 *  +---------------+------------+---------------+-----------+-----------+
 *  | stampedTimeMs | databaseId | principalId   | sequence  | sessionId |
 *  +---------------+------------+---------------+-----------+-----------+
 *  80       88            96               104       112
 *  +--------+-------------+----------------+---------+------------------------------------------+
 *  | pruned | stateDigest | previousHash S | hash  S | survivors[], command, outcomes           |
 *  +--------+-------------+----------------+---------+------------------------------------------+
 * </pre>
 *
 * crc covers everything from 20 on. hash covers the same bytes with itself as zero, previousHash among them, which makes
 * the chain. Fields marked S, and the crc, are written when the record is sealed and are zero before; everything else is
 * arbitration's, and is what replay compares.
 */
public final class RecordDescriptor {
    /** Value of the magic field. */
    public static final int MAGIC = 0x4C4B_5354;

    /** Version of this layout, as GenesisCommand names it. */
    public static final int FORMAT_VERSION = 1;

    /**
     * Schema version in the header of a record and of the commands that a node makes itself: that in which their layout
     * last changed, so that what clients are told later makes no journal another.
     */
    public static final int SCHEMA_VERSION = 0;

    private static final int BLOCK = MessageHeaderDecoder.ENCODED_LENGTH;

    /** Offset of magic, uint32. */
    public static final int MAGIC_OFFSET = BLOCK + JournalRecordDecoder.magicEncodingOffset();

    /** Offset of length, uint32. */
    public static final int LENGTH_OFFSET = BLOCK + JournalRecordDecoder.lengthEncodingOffset();

    /** Offset of crc, uint32. */
    public static final int CRC_OFFSET = BLOCK + JournalRecordDecoder.crcEncodingOffset();

    /** First byte that crc and hash cover. */
    public static final int COVERED_OFFSET = CRC_OFFSET + JournalRecordDecoder.crcEncodingLength();

    /** Offset of rulesVersion, uint16. */
    public static final int RULES_VERSION_OFFSET = BLOCK + JournalRecordDecoder.rulesVersionEncodingOffset();

    /** Offset of kind, uint8. */
    public static final int KIND_OFFSET = BLOCK + JournalRecordDecoder.kindEncodingOffset();

    /** Offset of flags, uint8. */
    public static final int FLAGS_OFFSET = BLOCK + JournalRecordDecoder.flagsEncodingOffset();

    /** Offset of epoch, int64. */
    public static final int EPOCH_OFFSET = BLOCK + JournalRecordDecoder.epochEncodingOffset();

    /** Offset of position, int64. */
    public static final int POSITION_OFFSET = BLOCK + JournalRecordDecoder.positionEncodingOffset();

    /** Offset of durablePosition, int64. */
    public static final int DURABLE_POSITION_OFFSET = BLOCK + JournalRecordDecoder.durablePositionEncodingOffset();

    /** Offset of stampedTimeMs, int64. */
    public static final int STAMPED_TIME_OFFSET = BLOCK + JournalRecordDecoder.stampedTimeMsEncodingOffset();

    /** Offset of databaseId, int32. */
    public static final int DATABASE_ID_OFFSET = BLOCK + JournalRecordDecoder.databaseIdEncodingOffset();

    /** Offset of principalId, int32. */
    public static final int PRINCIPAL_ID_OFFSET = BLOCK + JournalRecordDecoder.principalIdEncodingOffset();

    /** Offset of sequence, int64. */
    public static final int SEQUENCE_OFFSET = BLOCK + JournalRecordDecoder.sequenceEncodingOffset();

    /** Offset of sessionId, int64. */
    public static final int SESSION_ID_OFFSET = BLOCK + JournalRecordDecoder.sessionIdEncodingOffset();

    /** Offset of pruned, int64. */
    public static final int PRUNED_OFFSET = BLOCK + JournalRecordDecoder.prunedEncodingOffset();

    /** Offset of stateDigest, uint64. */
    public static final int STATE_DIGEST_OFFSET = BLOCK + JournalRecordDecoder.stateDigestEncodingOffset();

    /** Offset of previousHash, uint64. */
    public static final int PREVIOUS_HASH_OFFSET = BLOCK + JournalRecordDecoder.previousHashEncodingOffset();

    /** Offset of hash, uint64. */
    public static final int HASH_OFFSET = BLOCK + JournalRecordDecoder.hashEncodingOffset();

    /** Offset of the survivors group: uint16 block length, uint16 count, then the entries. */
    public static final int SURVIVORS_OFFSET = BLOCK + JournalRecordDecoder.BLOCK_LENGTH;

    /** Bytes of an empty group, and of the dimensions of any. */
    public static final int GROUP_HEADER_LENGTH = 4;

    /** Bytes of the length that stands before command and outcomes. */
    public static final int DATA_LENGTH_LENGTH = 4;

    /** A record without survivors, command and outcomes. */
    public static final int LENGTH_MIN = SURVIVORS_OFFSET + GROUP_HEADER_LENGTH + 2 * DATA_LENGTH_LENGTH;

    /** Bit of flags: the principal may write as the change set's site. */
    public static final int FLAG_SITE_AUTHORISED = 1;

    /** Offset of the author's site, first half, in the command of a change set, message header included. */
    static final int CHANGE_SET_SITE_OFFSET = BLOCK + SubmitChangeSetDecoder.siteEncodingOffset();

    /** Offset of the wall in the command of a change set. */
    static final int CHANGE_SET_WALL_OFFSET = BLOCK + SubmitChangeSetDecoder.wallEncodingOffset();

    /** Offset of the counter in the command of a change set. */
    static final int CHANGE_SET_COUNTER_OFFSET = BLOCK + SubmitChangeSetDecoder.counterEncodingOffset();

    private RecordDescriptor() {}
}
