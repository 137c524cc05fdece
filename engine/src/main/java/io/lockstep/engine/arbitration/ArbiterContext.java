package io.lockstep.engine.arbitration;

import io.lockstep.codec.frame.FrameDescriptor;
import io.lockstep.codec.frame.FrameLimits;
import io.lockstep.engine.command.StagedSets;

/**
 * Configuration of an {@link Arbiter}: fluent, concluded once. Everything but {@link #hashSeed} must be the same on every
 * node that decides the same commands; a limit that is lowered later does not touch what was accepted before.
 */
public final class ArbiterContext {
    /** Default of {@link #columnsPerRowMax}. */
    public static final int COLUMNS_PER_ROW_MAX_DEFAULT = 1_024;

    /** Default of {@link #prunedAtOnceMax}. */
    public static final int PRUNED_AT_ONCE_MAX_DEFAULT = 128;

    /** Default of {@link #databaseBytesMax}: 4 GiB. */
    public static final long DATABASE_BYTES_MAX_DEFAULT = 4L << 30;

    /** Default of {@link #databasesMax}. */
    public static final int DATABASES_MAX_DEFAULT = 1_000_000;

    /** Default of {@link #arenaBytesMax}, and the most that a node can address: 32 GiB. */
    public static final long ARENA_BYTES_MAX_DEFAULT = 32L << 30;

    /** Most bytes that folding a key part into the form {@code quereus} adds: a real turns into 309 digits. */
    static final int FOLDED_PART_BYTES_MAX = 320;

    /** What a record holds beside command, survivors and outcomes, with room to spare. */
    private static final int RECORD_OVERHEAD_BYTES = 512;

    private static final int GROUP_ENTRIES_MAX = 65_534;
    private static final int ANSWER_BYTES_MIN = 1_024;

    private boolean concluded;
    private boolean incarnationSet;
    private long incarnationHigh;
    private long incarnationLow;
    private long hashSeed0;
    private long hashSeed1;
    private FrameLimits limits = FrameLimits.DEFAULT;
    private int recordBytesMax;
    private int answerBytesMax;
    private int columnsPerRowMax = COLUMNS_PER_ROW_MAX_DEFAULT;
    private int prunedAtOnceMax = PRUNED_AT_ONCE_MAX_DEFAULT;
    private long databaseBytesMax = DATABASE_BYTES_MAX_DEFAULT;
    private int databasesMax = DATABASES_MAX_DEFAULT;
    private long arenaBytesMax = ARENA_BYTES_MAX_DEFAULT;
    private long residentBytesMax = Long.MAX_VALUE;
    private int databasesResidentMax = Integer.MAX_VALUE;
    private final StagedSets stagedSets = new StagedSets();

    /**
     * The journal's identity, key of the digests. Required.
     *
     * @param high first half
     * @param low second half
     * @return this
     */
    public ArbiterContext incarnation(final long high, final long low) {
        incarnationHigh = high;
        incarnationLow = low;
        incarnationSet = true;
        return this;
    }

    /**
     * Key of the lookup tables: random at every start, so that clients cannot aim at one bucket. Never shows in any
     * output.
     *
     * @param k0 first half
     * @param k1 second half
     * @return this
     */
    public ArbiterContext hashSeed(final long k0, final long k1) {
        hashSeed0 = k0;
        hashSeed1 = k1;
        return this;
    }

    /**
     * What a frame may hold.
     *
     * @param newLimits the validator's limits
     * @return this
     */
    public ArbiterContext limits(final FrameLimits newLimits) {
        limits = newLimits;
        return this;
    }

    /**
     * Largest journal record that a command may make.
     *
     * @param bytes 0 for what the largest frame can need
     * @return this
     */
    public ArbiterContext recordBytesMax(final int bytes) {
        recordBytesMax = bytes;
        return this;
    }

    /**
     * Largest answer, which is also the largest delivery and the largest page.
     *
     * @param bytes of the SBE message; 0 for the largest that fits a frame
     * @return this
     */
    public ArbiterContext answerBytesMax(final int bytes) {
        answerBytesMax = bytes;
        return this;
    }

    /**
     * Most columns that one row may have.
     *
     * @param columns at least 1
     * @return this
     */
    public ArbiterContext columnsPerRowMax(final int columns) {
        columnsPerRowMax = columns;
        return this;
    }

    /**
     * Most tombstones that one Prune removes, unless more were set in one millisecond: what bounds how long it takes.
     *
     * @param tombstones at least 1
     * @return this
     */
    public ArbiterContext prunedAtOnceMax(final int tombstones) {
        prunedAtOnceMax = tombstones;
        return this;
    }

    /**
     * Memory quota of one database.
     *
     * @param bytes at least 4,096
     * @return this
     */
    public ArbiterContext databaseBytesMax(final long bytes) {
        databaseBytesMax = bytes;
        return this;
    }

    /**
     * Most databases of a node.
     *
     * @param databases at least 1
     * @return this
     */
    public ArbiterContext databasesMax(final int databases) {
        databasesMax = databases;
        return this;
    }

    /**
     * Memory of all databases together.
     *
     * @param bytes up to 32 GiB
     * @return this
     */
    public ArbiterContext arenaBytesMax(final long bytes) {
        arenaBytesMax = bytes;
        return this;
    }

    /**
     * Above so much memory of their state, databases that nobody has open leave. Decides nothing, and may differ.
     *
     * @param bytes Long.MAX_VALUE for never
     * @return this
     */
    public ArbiterContext residentBytesMax(final long bytes) {
        residentBytesMax = bytes;
        return this;
    }

    /**
     * Above so many databases in memory, those that nobody has open leave. Decides nothing, and may differ.
     *
     * @param databases Integer.MAX_VALUE for never
     * @return this
     */
    public ArbiterContext databasesResidentMax(final int databases) {
        databasesResidentMax = databases;
        return this;
    }

    /**
     * Derives what was left open and checks everything against everything.
     *
     * @return this
     * @throws IllegalStateException when called twice
     * @throws IllegalArgumentException naming the setting, its limit and its value
     */
    public ArbiterContext conclude() {
        if (concluded) {
            throw new IllegalStateException("already concluded");
        }
        if (!incarnationSet) {
            throw new IllegalArgumentException("incarnation must be set");
        }
        final int messageBytesMax = limits.frameBytesMax() - FrameDescriptor.HEADER_LENGTH;
        if (answerBytesMax == 0) {
            answerBytesMax = messageBytesMax;
        }
        if (recordBytesMax == 0) {
            recordBytesMax = answerBytesMax + limits.changesMax() + RECORD_OVERHEAD_BYTES;
        }
        between("changesMax", limits.changesMax(), 1, GROUP_ENTRIES_MAX);
        between("answerBytesMax", answerBytesMax, ANSWER_BYTES_MIN + limits.changesMax(), messageBytesMax);
        between("recordBytesMax", recordBytesMax, RECORD_OVERHEAD_BYTES + limits.changesMax(), Arena.BLOCK_BYTES_MAX);
        between("frameBytesMax", limits.frameBytesMax(), 1, Arena.BLOCK_BYTES_MAX - 1_024);
        between("keyPartsMax * 320 + keyBytesMax", foldedKeyBytesMax(), 1, GROUP_ENTRIES_MAX);
        between("columnsPerRowMax", columnsPerRowMax, 1, GROUP_ENTRIES_MAX);
        between("prunedAtOnceMax", prunedAtOnceMax, 1, Integer.MAX_VALUE);
        between("databasesMax", databasesMax, 1, 1 << 24);
        between("databaseBytesMax", databaseBytesMax, 4_096, ARENA_BYTES_MAX_DEFAULT);
        between("arenaBytesMax", arenaBytesMax, Arena.CHUNK_BYTES, ARENA_BYTES_MAX_DEFAULT);
        concluded = true;
        return this;
    }

    /**
     * First half of the incarnation.
     *
     * @return as set
     */
    public long incarnationHigh() {
        return incarnationHigh;
    }

    /**
     * Second half of the incarnation.
     *
     * @return as set
     */
    public long incarnationLow() {
        return incarnationLow;
    }

    /**
     * What a frame may hold.
     *
     * @return as set
     */
    public FrameLimits limits() {
        return limits;
    }

    /**
     * Largest journal record.
     *
     * @return bytes
     */
    public int recordBytesMax() {
        return recordBytesMax;
    }

    /**
     * Largest answer.
     *
     * @return bytes
     */
    public int answerBytesMax() {
        return answerBytesMax;
    }

    /**
     * Most columns of one row.
     *
     * @return a count
     */
    public int columnsPerRowMax() {
        return columnsPerRowMax;
    }

    /**
     * Memory quota of one database.
     *
     * @return bytes
     */
    public long databaseBytesMax() {
        return databaseBytesMax;
    }

    /**
     * Most databases of a node.
     *
     * @return a count
     */
    public int databasesMax() {
        return databasesMax;
    }

    /**
     * Memory of all databases together.
     *
     * @return bytes
     */
    public long arenaBytesMax() {
        return arenaBytesMax;
    }

    int prunedAtOnceMax() {
        return prunedAtOnceMax;
    }

    long residentBytesMax() {
        return residentBytesMax;
    }

    int databasesResidentMax() {
        return databasesResidentMax;
    }

    StagedSets stagedSets() {
        return stagedSets;
    }

    long hashSeed0() {
        return hashSeed0;
    }

    long hashSeed1() {
        return hashSeed1;
    }

    int foldedKeyBytesMax() {
        return limits.keyPartsMax() * FOLDED_PART_BYTES_MAX + limits.keyBytesMax();
    }

    void requireConcluded() {
        if (!concluded) {
            throw new IllegalStateException("the context was not concluded");
        }
    }

    private static void between(final String name, final long value, final long min, final long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    name + " is out of range: actual=" + value + ", min=" + min + ", max=" + max);
        }
    }
}
