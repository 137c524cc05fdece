package io.lockstep.journal.snapshot;

import io.lockstep.engine.port.CommitPort;
import java.nio.file.Path;
import java.util.function.LongSupplier;

/** Configuration of a {@link SnapshotWriter}: fluent, concluded once. */
public final class SnapshotContext {
    /**
     * Journal bytes after which a snapshot is due: about four million small records, which a start replays in some
     * seconds. A node at full load writes so much in ten seconds; with a quarter of it, snapshots were seen to take some
     * hundredths of its throughput.
     */
    public static final long JOURNAL_BYTES_DEFAULT = 1L << 30;

    /** How fast a snapshot is written: not so fast that the journal's syncs wait for it. */
    public static final long BYTES_PER_SECOND_DEFAULT = 64L << 20;

    /** Snapshots kept: should the newest be bad, the one before it does, with a longer replay. */
    public static final int KEPT = 2;

    /** How long history is kept for clients that were away: 30 days. */
    public static final long RETENTION_MS_DEFAULT = 30L * 24 * 60 * 60 * 1_000;

    /** Records that are kept whatever their age. */
    public static final long RETENTION_RECORDS_DEFAULT = 1_000_000;

    private Path dataFolder;
    private GrowingJournal journal;
    private CommitPort commit;
    private int blockBytes;
    private long journalBytes = JOURNAL_BYTES_DEFAULT;
    private long bytesPerSecond = BYTES_PER_SECOND_DEFAULT;
    private long freeBytesMin;
    private LongSupplier wantedFrom = () -> Long.MAX_VALUE;
    private long retentionMs = RETENTION_MS_DEFAULT;
    private long retentionRecords = RETENTION_RECORDS_DEFAULT;
    private long journalBytesMax;
    private SnapshotFile startedFrom;
    private Runnable wakeUp = () -> {};
    private boolean concluded;

    /**
     * Where the folder of snapshots is. Required.
     *
     * @param folder of the node
     * @return this
     */
    public SnapshotContext dataFolder(final Path folder) {
        dataFolder = folder;
        return this;
    }

    /**
     * Whose growth makes a snapshot due. Required.
     *
     * @param newJournal open
     * @return this
     */
    public SnapshotContext journal(final GrowingJournal newJournal) {
        journal = newJournal;
        return this;
    }

    /**
     * Says when a snapshot counts. Required.
     *
     * @param newCommit of the engine
     * @return this
     */
    public SnapshotContext commit(final CommitPort newCommit) {
        commit = newCommit;
        return this;
    }

    /**
     * Room of a block. Required.
     *
     * @param bytes as the arbiter needs it
     * @return this
     */
    public SnapshotContext blockBytes(final int bytes) {
        blockBytes = bytes;
        return this;
    }

    /**
     * How much the journal grows between snapshots, at least; at least as much as the snapshot before took.
     *
     * @param bytes 1 or more
     * @return this
     */
    public SnapshotContext journalBytes(final long bytes) {
        journalBytes = bytes;
        return this;
    }

    /**
     * How fast a snapshot is written.
     *
     * @param bytes a second, 1 or more
     * @return this
     */
    public SnapshotContext bytesPerSecond(final long bytes) {
        bytesPerSecond = bytes;
        return this;
    }

    /**
     * What must stay free: a snapshot is put off while the disk has less beside it.
     *
     * @param bytes 0 or more
     * @return this
     */
    public SnapshotContext freeBytesMin(final long bytes) {
        freeBytesMin = bytes;
        return this;
    }

    /**
     * Says what history somebody is about to ask for, whatever its age. Default none.
     *
     * @param newWantedFrom the first position of it; Long.MAX_VALUE for none; called by the snapshots' thread
     * @return this
     */
    public SnapshotContext wantedFrom(final LongSupplier newWantedFrom) {
        wantedFrom = newWantedFrom;
        return this;
    }

    /**
     * How long history is kept for clients that were away.
     *
     * @param ms by the stamped time of records, 0 or more
     * @return this
     */
    public SnapshotContext retentionMs(final long ms) {
        retentionMs = ms;
        return this;
    }

    /**
     * How many of the newest records are kept whatever their age.
     *
     * @param records 0 or more
     * @return this
     */
    public SnapshotContext retentionRecords(final long records) {
        retentionRecords = records;
        return this;
    }

    /**
     * Above so much journal, history is given up before its time; what snapshots do not hold yet stays.
     *
     * @param bytes 0 for no bound
     * @return this
     */
    public SnapshotContext journalBytesMax(final long bytes) {
        journalBytesMax = bytes;
        return this;
    }

    /**
     * The snapshot that the node started from: databases that only it holds are not in memory. Default none.
     *
     * @param file read whole; null for none
     * @return this
     */
    public SnapshotContext startedFrom(final SnapshotFile file) {
        startedFrom = file;
        return this;
    }

    /**
     * Wakes the threads of the engine, when a database was read for them. Default nobody sleeps.
     *
     * @param newWakeUp called by the thread that reads, and by the one that arbitrates
     * @return this
     */
    public SnapshotContext wakeUp(final Runnable newWakeUp) {
        wakeUp = newWakeUp;
        return this;
    }

    /**
     * Checks everything.
     *
     * @return this
     * @throws IllegalArgumentException naming the setting and its value
     */
    public SnapshotContext conclude() {
        if (dataFolder == null || journal == null || commit == null) {
            throw new IllegalArgumentException("dataFolder, journal and commit must be set");
        }
        atLeastOne("blockBytes", blockBytes);
        atLeastOne("journalBytes", journalBytes);
        atLeastOne("bytesPerSecond", bytesPerSecond);
        concluded = true;
        return this;
    }

    private static void atLeastOne(final String name, final long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be at least 1: " + name + "=" + value);
        }
    }

    boolean isConcluded() {
        return concluded;
    }

    Path dataFolder() {
        return dataFolder;
    }

    GrowingJournal journal() {
        return journal;
    }

    CommitPort commit() {
        return commit;
    }

    int blockBytes() {
        return blockBytes;
    }

    long journalBytes() {
        return journalBytes;
    }

    long bytesPerSecond() {
        return bytesPerSecond;
    }

    SnapshotFile startedFrom() {
        return startedFrom;
    }

    Runnable wakeUp() {
        return wakeUp;
    }

    LongSupplier wantedFrom() {
        return wantedFrom;
    }

    long retentionMs() {
        return retentionMs;
    }

    long retentionRecords() {
        return retentionRecords;
    }

    long journalBytesMax() {
        return journalBytesMax;
    }

    long freeBytesMin() {
        return freeBytesMin;
    }
}
