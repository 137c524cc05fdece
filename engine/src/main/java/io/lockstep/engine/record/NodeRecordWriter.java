package io.lockstep.engine.record;

import io.lockstep.codec.CutCommandEncoder;
import io.lockstep.codec.GenesisCommandEncoder;
import io.lockstep.codec.JournalRecordEncoder;
import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.RecordKind;
import io.lockstep.codec.SealCommandEncoder;
import io.lockstep.codec.hash.StateDigest;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Writes the records that a node makes by itself, unsealed: they belong to no database and no session. One thread;
 * allocates nothing after construction.
 */
public final class NodeRecordWriter {
    /** Room that any of these records fits in, bytes. */
    public static final int LENGTH_MAX = 512;

    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final JournalRecordEncoder record = new JournalRecordEncoder();
    private final GenesisCommandEncoder genesis = new GenesisCommandEncoder();
    private final SealCommandEncoder seal = new SealCommandEncoder();
    private final CutCommandEncoder cut = new CutCommandEncoder();
    private final UnsafeBuffer command = new UnsafeBuffer(new byte[LENGTH_MAX]);
    private final int rulesVersion;

    private MutableDirectBuffer buffer;
    private int offset;
    private long epoch;
    private long stampedTimeMs;

    /**
     * A writer.
     *
     * @param rulesVersion in force
     */
    public NodeRecordWriter(final int rulesVersion) {
        this.rulesVersion = rulesVersion;
    }

    /**
     * Where and when the next record is written.
     *
     * @param recordBuffer gets it
     * @param recordOffset of its first byte; {@value #LENGTH_MAX} bytes of room
     * @param newEpoch in force
     * @param newStampedTimeMs milliseconds since 1970, not below that of the record before
     * @return this
     */
    public NodeRecordWriter wrap(
            final MutableDirectBuffer recordBuffer,
            final int recordOffset,
            final long newEpoch,
            final long newStampedTimeMs) {
        buffer = recordBuffer;
        offset = recordOffset;
        epoch = newEpoch;
        stampedTimeMs = newStampedTimeMs;
        return this;
    }

    /**
     * The first record of a journal.
     *
     * @param incarnation random
     * @return bytes of the record
     */
    public int genesis(final Incarnation incarnation) {
        genesis.wrapAndApplyHeader(command, 0, header);
        header.version(RecordDescriptor.SCHEMA_VERSION);
        genesis.incarnation().high(incarnation.high()).low(incarnation.low());
        genesis.formatVersion(RecordDescriptor.FORMAT_VERSION).digestVersion(StateDigest.VERSION);
        return write(RecordKind.GENESIS, genesis.encodedLength());
    }

    /**
     * A seal over the records since the last one.
     *
     * @param fromPosition first position covered
     * @param toPosition last position covered
     * @param sha256 {@value SealDigest#LENGTH} bytes
     * @return bytes of the record
     */
    public int seal(final long fromPosition, final long toPosition, final byte[] sha256) {
        seal.wrapAndApplyHeader(command, 0, header)
                .fromPosition(fromPosition)
                .toPosition(toPosition)
                .putSha256(sha256, 0, SealDigest.LENGTH);
        header.version(RecordDescriptor.SCHEMA_VERSION);
        return write(RecordKind.SEAL, seal.encodedLength());
    }

    /**
     * Voids a tail; must be sealed right behind the last record kept.
     *
     * @param fromPosition first position voided, one past the last record kept
     * @param toPosition last position voided
     * @param keptHash hash of the last record kept
     * @return bytes of the record
     */
    public int cut(final long fromPosition, final long toPosition, final long keptHash) {
        cut.wrapAndApplyHeader(command, 0, header)
                .fromPosition(fromPosition)
                .toPosition(toPosition)
                .epoch(epoch)
                .keptHash(keptHash);
        header.version(RecordDescriptor.SCHEMA_VERSION);
        return write(RecordKind.CUT, cut.encodedLength());
    }

    private int write(final RecordKind kind, final int bodyLength) {
        record.wrapAndApplyHeader(buffer, offset, header)
                .magic(RecordDescriptor.MAGIC)
                .length(0)
                .crc(0)
                .rulesVersion(rulesVersion)
                .kind(kind);
        header.version(RecordDescriptor.SCHEMA_VERSION);
        record.flags().clear();
        record.epoch(epoch)
                .position(0)
                .durablePosition(0)
                .stampedTimeMs(stampedTimeMs)
                .databaseId(0)
                .principalId(0)
                .sequence(0)
                .sessionId(0)
                .pruned(0)
                .stateDigest(0)
                .previousHash(0)
                .hash(0);
        record.survivorsCount(0);
        record.putCommand(command, 0, MessageHeaderEncoder.ENCODED_LENGTH + bodyLength);
        record.putOutcomes(command, 0, 0);
        final int length = MessageHeaderEncoder.ENCODED_LENGTH + record.encodedLength();
        record.length(length);
        return length;
    }
}
