package io.lockstep.journal.snapshot;

import io.lockstep.engine.port.DatabaseLoader;
import io.lockstep.engine.port.JournalFailedException;
import io.lockstep.engine.snapshot.SnapshotBlock;
import io.lockstep.engine.snapshot.SnapshotException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.agrona.concurrent.OneToOneConcurrentArrayQueue;

/**
 * Reads databases that left memory out of the newest snapshot, on a thread of its own that sleeps until one is asked for.
 * What cannot be read stops the node: a start then goes on from the snapshot before.
 */
final class DatabaseReader implements DatabaseLoader, AutoCloseable {
    private static final int REQUESTS_MAX = 1_024;
    private static final int BLOCKS = 4;
    private static final int WINDOW_BYTES = 256 << 10;
    private static final long SLEEP_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Supplier<SnapshotFile> held;
    private final Runnable wakeUp;
    private final OneToOneConcurrentArrayQueue<Integer> requests = new OneToOneConcurrentArrayQueue<>(REQUESTS_MAX);
    private final OneToOneConcurrentArrayQueue<SnapshotBlock> read = new OneToOneConcurrentArrayQueue<>(BLOCKS);
    private final OneToOneConcurrentArrayQueue<SnapshotBlock> free = new OneToOneConcurrentArrayQueue<>(BLOCKS);
    private final Thread thread = new Thread(this::run, "lockstep-load");
    private volatile boolean closed;
    private volatile JournalFailedException failure;
    private SnapshotFile file;
    private BlockInput input;

    /**
     * A reader; {@link #start} gives it its thread.
     *
     * @param held tells the newest snapshot
     * @param wakeUp wakes whoever waits for blocks, or for a database
     */
    DatabaseReader(final Supplier<SnapshotFile> held, final Runnable wakeUp) {
        this.held = held;
        this.wakeUp = wakeUp;
        thread.setDaemon(true);
        for (int i = 0; i < BLOCKS; i++) {
            free.offer(new SnapshotBlock(WINDOW_BYTES));
        }
    }

    void start() {
        thread.start();
    }

    @Override
    public boolean tryRequest(final int databaseId) {
        final boolean taken = requests.offer(databaseId);
        LockSupport.unpark(thread);
        return taken;
    }

    @Override
    public SnapshotBlock poll() {
        return read.poll();
    }

    @Override
    public void free(final SnapshotBlock block) {
        free.offer(block);
        LockSupport.unpark(thread);
    }

    @Override
    public void loaded() {
        wakeUp.run();
    }

    private void run() {
        try {
            while (!closed) {
                final Integer databaseId = requests.poll();
                if (databaseId == null) {
                    LockSupport.parkNanos(this, SLEEP_NS);
                } else {
                    read(databaseId);
                }
            }
        } catch (final IOException | RuntimeException ex) {
            fail(ex);
        } finally {
            closeInput();
        }
    }

    /** Any thread. */
    void fail(final Exception cause) {
        failure = new JournalFailedException(
                JournalFailedException.Kind.DAMAGE,
                "a database that is not in memory cannot be read; a start goes on from the snapshot before: "
                        + cause.getMessage(),
                cause);
        wakeUp.run();
    }

    @Override
    public JournalFailedException failure() {
        return failure;
    }

    private void read(final int databaseId) throws IOException {
        open();
        if (!file.seek(input, databaseId) || !input.next()) {
            throw new SnapshotException("the snapshot does not hold it: file=" + file + ", databaseId=" + databaseId);
        }
        while (input.databaseId() == databaseId) {
            final SnapshotBlock block = nextFree();
            if (block == null) {
                return; // closed
            }
            hand(block, databaseId);
            if (!input.next()) {
                return;
            }
        }
    }

    private void hand(final SnapshotBlock empty, final int databaseId) {
        final SnapshotBlock block =
                empty.buffer().capacity() < input.length() ? new SnapshotBlock(input.length()) : empty;
        block.reset(
                input.kind() == SnapshotBlock.Kind.NAMES.code() ? SnapshotBlock.Kind.NAMES : SnapshotBlock.Kind.ROWS);
        block.buffer().putBytes(0, input.buffer(), 0, input.length());
        block.length(input.length());
        block.databaseId(databaseId);
        read.offer(block);
        wakeUp.run();
    }

    private SnapshotBlock nextFree() {
        SnapshotBlock block = free.poll();
        while (block == null && !closed) {
            LockSupport.parkNanos(this, SLEEP_NS);
            block = free.poll();
        }
        return block;
    }

    /** The newest may have been replaced twice, and deleted, between being told and being opened. */
    private void open() throws IOException {
        while (true) {
            final SnapshotFile newest = held.get();
            if (newest == file) {
                return;
            }
            closeInput();
            try {
                input = newest.open(WINDOW_BYTES);
                file = newest;
                return;
            } catch (final NoSuchFileException ex) {
                if (held.get() == newest) {
                    throw ex;
                }
            }
        }
    }

    private void closeInput() {
        try {
            if (input != null) {
                input.close();
            }
        } catch (final IOException ex) {
            throw new SnapshotException("a snapshot cannot be closed: file=" + file, ex);
        } finally {
            input = null;
            file = null;
        }
    }

    /** Ends the thread. The engine must have ended. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
