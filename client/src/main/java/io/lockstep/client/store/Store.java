package io.lockstep.client.store;

import io.lockstep.client.store.StoreException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A folder with a log of records. Each file of it begins with a checkpoint that makes all files before it superfluous, so
 * there is one file but for the moments in which the next one is made.
 *
 * <p>Appending, flushing and checkpointing are for one thread at a time: the caller holds its own lock. {@link #awaitDurable}
 * is for any number of threads without that lock; one of them syncs for all that wait.
 */
public final class Store implements RecordSink, AutoCloseable {
    /** Kinds of records from here on belong to the store itself. */
    public static final int KIND_OWN_MIN = 1 << 16;

    static final int KIND_CHECKPOINT_END = KIND_OWN_MIN;
    static final int KIND_MARK = KIND_OWN_MIN + 1;

    private static final int CHECKPOINT_BATCH_BYTES = 1 << 20;
    private static final String TEMPORARY_SUFFIX = ".tmp";
    private static final UnsafeBuffer NOTHING = new UnsafeBuffer(0, 0);

    private final Path folder;
    private final StoreFiles files;
    private final FolderLock lock;
    private final RecordBatch batch = new RecordBatch();
    private final GroupSync sync = new GroupSync();
    private Generation generation;
    private long number = -1;
    private volatile long dataPosition;
    private long markedLength;
    private boolean closed;

    private Store(final Path folder, final StoreFiles files, final FolderLock lock) {
        this.folder = folder;
        this.files = files;
        this.lock = lock;
    }

    /**
     * Opens a folder, makes it if it is not there, and hands over what is in it. A new one takes nothing until
     * {@link #checkpoint} was called.
     *
     * @param folder nobody else writes to it
     * @param handler gets all records that stand
     * @return a store
     * @throws StoreException LOCKED, DAMAGED, or FAILED if it cannot be read
     */
    public static Store open(final Path folder, final RecordHandler handler) {
        return open(folder, StoreFiles.DISK, handler);
    }

    static Store open(final Path folder, final StoreFiles files, final RecordHandler handler) {
        final FolderLock lock = FolderLock.take(folder);
        try {
            final Store store = new Store(folder, files, lock);
            store.recover(handler);
            return store;
        } catch (final IOException e) {
            lock.close();
            throw new StoreException(Reason.FAILED, "cannot open: folder=" + folder, e);
        } catch (final RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /**
     * Reads the sound records of a folder that is damaged, and changes nothing.
     *
     * @param folder that nobody has open
     * @param handler gets them; what is missing between them is not told
     * @throws StoreException LOCKED, or FAILED if it cannot be read
     */
    public static void salvage(final Path folder, final RecordHandler handler) {
        try (FolderLock lock = FolderLock.take(folder)) {
            final long newest = Generation.newest(lock.folder());
            if (newest >= 0) {
                RecordScan.salvage(Generation.path(lock.folder(), newest), handler);
            }
        } catch (final IOException e) {
            throw new StoreException(Reason.FAILED, "cannot read: folder=" + folder, e);
        }
    }

    private void recover(final RecordHandler handler) throws IOException {
        number = Generation.newest(folder);
        if (number >= 0) {
            final Path path = Generation.path(folder, number);
            final RecordScan scan = RecordScan.read(path, handler);
            final StoreFile file = files.open(path);
            try {
                file.truncate(scan.end());
                generation = new Generation(path, file, scan.end(), scan.checkpointEnd());
                // What a killed process left in the page cache counts from now on, so it has to be durable.
                generation.sync(scan.end());
            } catch (final IOException | RuntimeException e) {
                closeQuietly(file);
                throw e;
            }
            sync.start(generation);
            dataPosition = sync.flushedPosition();
        }
        deleteOthers();
    }

    /**
     * Whether nothing was ever kept here.
     *
     * @return true until the first {@link #checkpoint}
     */
    public boolean isNew() {
        return generation == null;
    }

    /** Takes a record; it is written by the next {@link #flush}. */
    @Override
    public void append(final int kind, final DirectBuffer buffer, final int offset, final int length) {
        sync.check();
        batch.add(kind, generation.syncedLength(), buffer, offset, length);
    }

    /**
     * Writes what was appended: all of it, or nothing.
     *
     * @return the position behind it, for {@link #awaitDurable}
     * @throws StoreException FULL if nothing of it was kept, or FAILED
     */
    public long flush() {
        sync.check();
        if (batch.length() > 0) {
            markedLength = generation.syncedLength();
            write();
            dataPosition = sync.flushedPosition();
        }
        return sync.flushedPosition();
    }

    /** Forgets what was appended and not flushed. */
    public void discard() {
        batch.clear();
    }

    /**
     * Waits until everything up to a position is on stable storage. Any thread, without the lock of those who append.
     *
     * @param position as {@link #flush} answered
     * @throws StoreException FAILED if it may be not
     */
    public void awaitDurable(final long position) {
        sync.await(position);
    }

    /**
     * Where the last record ends, whether it is on stable storage or not. Any thread.
     *
     * @return a position
     */
    public long dataPosition() {
        return dataPosition;
    }

    /**
     * How far it is on stable storage.
     *
     * @return a position
     */
    public long durablePosition() {
        return sync.durablePosition();
    }

    /**
     * Writes down how far it is on stable storage, unless a record says so already: so that what is damaged later is not
     * taken for a torn tail.
     *
     * @throws StoreException as {@link #flush}
     */
    public void mark() {
        sync.check();
        if (batch.length() == 0 && markedLength < generation.syncedLength()) {
            markedLength = generation.syncedLength();
            batch.add(KIND_MARK, markedLength, NOTHING, 0, 0);
            write();
        }
    }

    private void write() {
        try {
            generation.append(batch);
        } catch (final StoreException e) {
            if (e.reason() == Reason.FAILED) {
                sync.fail(e);
            }
            throw e;
        }
        sync.flushed(generation.length());
    }

    /**
     * Starts the next file with a checkpoint, and drops the one before. What was appended and not flushed is dropped, too.
     *
     * @param records appends the records of the checkpoint
     * @throws StoreException FULL if the file before stands, or FAILED
     */
    public void checkpoint(final Consumer<RecordSink> records) {
        batch.clear();
        sync.alone(() -> {
            sync.check();
            final Path path = Generation.path(folder, number + 1);
            publish(path, write(path, records));
        });
        markedLength = 0;
        dataPosition = sync.flushedPosition();
    }

    private Generation write(final Path path, final Consumer<RecordSink> records) {
        final Path temporary = path.resolveSibling(path.getFileName() + TEMPORARY_SUFFIX);
        StoreFile file = null;
        try {
            file = files.create(temporary);
            final Generation next = new Generation(path, file, 0, 0);
            records.accept((kind, buffer, offset, length) -> {
                batch.add(kind, 0, buffer, offset, length);
                if (batch.length() > CHECKPOINT_BATCH_BYTES) {
                    next.append(batch);
                }
            });
            batch.add(KIND_CHECKPOINT_END, 0, NOTHING, 0, 0);
            next.append(batch);
            next.checkpointEnds();
            next.sync(next.length());
            return next;
        } catch (final IOException e) {
            giveUp(file, temporary);
            throw new StoreException(Reason.FULL, "no checkpoint: " + e.getMessage() + ", file=" + temporary, e);
        } catch (final StoreException e) {
            giveUp(file, temporary);
            throw new StoreException(Reason.FULL, "no checkpoint: " + e.getMessage(), e);
        } catch (final RuntimeException | Error e) {
            giveUp(file, temporary);
            throw e;
        }
    }

    private void giveUp(final StoreFile file, final Path temporary) {
        batch.clear();
        if (file != null) {
            closeQuietly(file);
        }
        closeQuietly(() -> files.delete(temporary));
    }

    private void publish(final Path path, final Generation next) {
        final Generation before = generation;
        try {
            files.rename(path.resolveSibling(path.getFileName() + TEMPORARY_SUFFIX), path);
            generation = next;
            number++;
            sync.start(next);
            if (before != null) {
                before.close();
                files.delete(before.path());
            }
        } catch (final IOException e) {
            closeQuietly(next::close);
            final StoreException failed =
                    new StoreException(Reason.FAILED, "cannot go on to the next file: file=" + path, e);
            sync.fail(failed);
            throw failed;
        }
    }

    /**
     * Bytes that were appended since the checkpoint.
     *
     * @return at least 0
     */
    public long bytesSinceCheckpoint() {
        return generation.length() - generation.checkpointBytes();
    }

    /**
     * Bytes of the last checkpoint.
     *
     * @return above 0
     */
    public long checkpointBytes() {
        return generation.checkpointBytes();
    }

    /** Brings everything flushed to stable storage, unless it failed before, and closes. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            if (sync.failure() == null) {
                sync.await(sync.flushedPosition());
            }
        } finally {
            sync.fail(new StoreException(Reason.CLOSED, "folder=" + folder));
            sync.alone(() -> {
                if (generation != null) {
                    closeQuietly(generation::close);
                }
                lock.close();
            });
        }
    }

    /** Files before the newest, and unfinished ones. */
    private void deleteOthers() throws IOException {
        final List<Path> others;
        try (Stream<Path> paths = Files.list(folder)) {
            others = paths.filter(path -> path.toString().endsWith(TEMPORARY_SUFFIX)
                            || (Generation.number(path) >= 0 && Generation.number(path) < number))
                    .toList();
        }
        for (final Path other : others) {
            files.delete(other);
        }
    }

    private static void closeQuietly(final AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (final Exception e) {
            // It is given up, or the reason for it is thrown already.
            return;
        }
    }
}
