package io.lockstep.journal;

import io.lockstep.engine.port.JournalFailedException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Configuration of a {@link ChronicleJournal}. Set what differs from the default, then {@link #conclude()} once; after
 * that nothing changes, so it may be read by any thread.
 */
public final class JournalContext {
    /** Default size of a journal file as allocated, bytes. */
    public static final long FILE_BYTES_DEFAULT = 128L << 20;

    /** Smallest size of a journal file, bytes. */
    public static final long FILE_BYTES_MIN = 1L << 20;

    /** Largest size of a journal file, bytes: offsets are kept in 32 bits. */
    public static final long FILE_BYTES_MAX = 1L << 30;

    /** Default of the largest record, bytes. */
    public static final int RECORD_BYTES_MAX_DEFAULT = 4 << 20;

    /** Default of what may be accepted and not appended yet, bytes. */
    public static final long IN_FLIGHT_BYTES_MAX_DEFAULT = 32L << 20;

    /** Default of the free space below which no new sessions are taken, bytes. */
    public static final long SOFT_FREE_BYTES_DEFAULT = 1L << 30;

    /** Default of the free space below which writes are refused, bytes. */
    public static final long HARD_FREE_BYTES_DEFAULT = 256L << 20;

    /** What the reserve must have over the size of a file, for what a start writes besides, bytes. */
    public static final long RESERVE_BYTES_EXTRA = 1L << 20;

    /** Default of how long a sync may be put off while nobody needs it, nanoseconds. */
    public static final long LAZY_SYNC_NS_DEFAULT = 100_000_000L;

    /** Default of how often free space is sampled, nanoseconds. */
    public static final long SPACE_SAMPLE_NS_DEFAULT = 100_000_000L;

    private Path dataFolder;
    private long fileBytes = FILE_BYTES_DEFAULT;
    private int recordBytesMax = RECORD_BYTES_MAX_DEFAULT;
    private long inFlightBytesMax = IN_FLIGHT_BYTES_MAX_DEFAULT;
    private long softFreeBytes = SOFT_FREE_BYTES_DEFAULT;
    private long hardFreeBytes = HARD_FREE_BYTES_DEFAULT;
    private long reserveBytes = -1;
    private long lazySyncNs = LAZY_SYNC_NS_DEFAULT;
    private long spaceSampleNs = SPACE_SAMPLE_NS_DEFAULT;
    private boolean lazySync;
    private Runnable wakeUp = () -> {};
    private Consumer<JournalFailedException> fatalHandler = failure -> {};
    private ForceOperation forceOperation = channel -> channel.force(false);
    private boolean concluded;

    /**
     * Checks everything against everything else. From here on nothing may be set.
     *
     * @return this
     * @throws IllegalArgumentException naming both values, if two settings do not go together
     * @throws IllegalStateException on a second call
     */
    public JournalContext conclude() {
        open();
        require(dataFolder != null, "dataFolder must be set");
        require(
                fileBytes >= FILE_BYTES_MIN && fileBytes <= FILE_BYTES_MAX,
                "fileBytes=" + fileBytes + " must lie in " + FILE_BYTES_MIN + ".." + FILE_BYTES_MAX);
        require(
                recordBytesMax >= 256 && recordBytesMax <= fileBytes / 8,
                "recordBytesMax=" + recordBytesMax + " must lie in 256..fileBytes/8=" + fileBytes / 8);
        final long aheadBytesMin = SpaceGuard.aheadBytesMin(inFlightBytesMax, recordBytesMax);
        final long halfBytes = QueueWriter.blockBytes(fileBytes) / 2;
        require(
                inFlightBytesMax >= 0 && aheadBytesMin <= halfBytes,
                "inFlightBytesMax=" + inFlightBytesMax + " with recordBytesMax=" + recordBytesMax + " needs "
                        + aheadBytesMin + " bytes ahead, and half of fileBytes=" + fileBytes + " has " + halfBytes);
        require(
                hardFreeBytes >= 0 && softFreeBytes >= hardFreeBytes,
                "softFreeBytes=" + softFreeBytes + " must be at least hardFreeBytes=" + hardFreeBytes);
        final long reserveBytesMin = fileBytes + RESERVE_BYTES_EXTRA;
        reserveBytes = reserveBytes < 0 ? reserveBytesMin : reserveBytes;
        require(
                reserveBytes == 0 || reserveBytes >= reserveBytesMin,
                "reserveBytes=" + reserveBytes + " must be 0 or at least fileBytes + " + RESERVE_BYTES_EXTRA + "="
                        + reserveBytesMin);
        require(lazySyncNs > 0, "lazySyncNs=" + lazySyncNs + " must be positive");
        require(spaceSampleNs > 0, "spaceSampleNs=" + spaceSampleNs + " must be positive");
        concluded = true;
        return this;
    }

    /**
     * Where the node's data lives; the journal takes the folder {@code journal} in it.
     *
     * @param value made if absent
     * @return this
     */
    public JournalContext dataFolder(final Path value) {
        open();
        dataFolder = Objects.requireNonNull(value);
        return this;
    }

    /**
     * Size of one journal file as allocated; about four fifths of it take records.
     *
     * @param value bytes, {@link #FILE_BYTES_MIN}..{@link #FILE_BYTES_MAX}
     * @return this
     */
    public JournalContext fileBytes(final long value) {
        open();
        fileBytes = value;
        return this;
    }

    /**
     * Largest record.
     *
     * @param value bytes, at most an eighth of a file
     * @return this
     */
    public JournalContext recordBytesMax(final int value) {
        open();
        recordBytesMax = value;
        return this;
    }

    /**
     * The most bytes of records that may still come after writes are refused: what the ring can hold. The space level
     * turns hard while at least this much is allocated ahead.
     *
     * @param value bytes
     * @return this
     */
    public JournalContext inFlightBytesMax(final long value) {
        open();
        inFlightBytesMax = value;
        return this;
    }

    /**
     * Free space of the file system below which the level is soft.
     *
     * @param value bytes
     * @return this
     */
    public JournalContext softFreeBytes(final long value) {
        open();
        softFreeBytes = value;
        return this;
    }

    /**
     * Free space of the file system below which the level is hard.
     *
     * @param value bytes
     * @return this
     */
    public JournalContext hardFreeBytes(final long value) {
        open();
        hardFreeBytes = value;
        return this;
    }

    /**
     * Size of the reserve file, given up when a start finds the disk full. By default as much as a start needs: a file
     * and {@link #RESERVE_BYTES_EXTRA}.
     *
     * @param value bytes, 0 for none
     * @return this
     */
    public JournalContext reserveBytes(final long value) {
        open();
        reserveBytes = value;
        return this;
    }

    /**
     * Whether nobody waits for the durable position, as in durability {@code journaled}: then the syncing thread syncs
     * only every {@link #lazySyncNs()}.
     *
     * @param value true for lazy
     * @return this
     */
    public JournalContext lazySync(final boolean value) {
        open();
        lazySync = value;
        return this;
    }

    /**
     * How long a lazy sync is put off.
     *
     * @param value nanoseconds
     * @return this
     */
    public JournalContext lazySyncNs(final long value) {
        open();
        lazySyncNs = value;
        return this;
    }

    /**
     * How often free space is sampled.
     *
     * @param value nanoseconds
     * @return this
     */
    public JournalContext spaceSampleNs(final long value) {
        open();
        spaceSampleNs = value;
        return this;
    }

    /**
     * Called by the syncing thread after the durable position moved. Must be cheap, must not block or throw.
     *
     * @param value the wake-up
     * @return this
     */
    public JournalContext wakeUp(final Runnable value) {
        open();
        wakeUp = Objects.requireNonNull(value);
        return this;
    }

    /**
     * Called once, with the first failure, by whatever thread met it; the failure is published before.
     *
     * @param value the handler
     * @return this
     */
    public JournalContext fatalHandler(final Consumer<JournalFailedException> value) {
        open();
        fatalHandler = Objects.requireNonNull(value);
        return this;
    }

    /**
     * How files are forced to stable storage.
     *
     * @param value by default {@code channel.force(false)}
     * @return this
     */
    public JournalContext forceOperation(final ForceOperation value) {
        open();
        forceOperation = Objects.requireNonNull(value);
        return this;
    }

    /**
     * See {@link #dataFolder(Path)}.
     *
     * @return the folder
     */
    public Path dataFolder() {
        return dataFolder;
    }

    /**
     * The journal's own folder.
     *
     * @return {@code journal} in the data folder
     */
    public Path journalFolder() {
        return dataFolder.resolve("journal");
    }

    /**
     * See {@link #fileBytes(long)}.
     *
     * @return bytes
     */
    public long fileBytes() {
        return fileBytes;
    }

    /**
     * See {@link #recordBytesMax(int)}.
     *
     * @return bytes
     */
    public int recordBytesMax() {
        return recordBytesMax;
    }

    /**
     * See {@link #inFlightBytesMax(long)}.
     *
     * @return bytes
     */
    public long inFlightBytesMax() {
        return inFlightBytesMax;
    }

    /**
     * See {@link #softFreeBytes(long)}.
     *
     * @return bytes
     */
    public long softFreeBytes() {
        return softFreeBytes;
    }

    /**
     * See {@link #hardFreeBytes(long)}.
     *
     * @return bytes
     */
    public long hardFreeBytes() {
        return hardFreeBytes;
    }

    /**
     * See {@link #reserveBytes(long)}.
     *
     * @return bytes
     */
    public long reserveBytes() {
        return reserveBytes;
    }

    /**
     * See {@link #lazySync(boolean)}.
     *
     * @return true for lazy
     */
    public boolean lazySync() {
        return lazySync;
    }

    /**
     * See {@link #lazySyncNs(long)}.
     *
     * @return nanoseconds
     */
    public long lazySyncNs() {
        return lazySyncNs;
    }

    /**
     * See {@link #spaceSampleNs(long)}.
     *
     * @return nanoseconds
     */
    public long spaceSampleNs() {
        return spaceSampleNs;
    }

    /**
     * See {@link #wakeUp(Runnable)}.
     *
     * @return the wake-up
     */
    public Runnable wakeUp() {
        return wakeUp;
    }

    /**
     * See {@link #fatalHandler(Consumer)}.
     *
     * @return the handler
     */
    public Consumer<JournalFailedException> fatalHandler() {
        return fatalHandler;
    }

    /**
     * See {@link #forceOperation(ForceOperation)}.
     *
     * @return the operation
     */
    public ForceOperation forceOperation() {
        return forceOperation;
    }

    boolean isConcluded() {
        return concluded;
    }

    private void open() {
        if (concluded) {
            throw new IllegalStateException("journal context is concluded already");
        }
    }

    private static void require(final boolean holds, final String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
