package io.lockstep.journal;

import io.lockstep.engine.port.JournalFailedException.Kind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what was appended to stable storage, and publishes how far. One force covers everything that was appended before
 * it began. Runs on a thread of its own.
 *
 * <ol>
 *   <li>A position is published only after its file, every file before it, and the folder that names them were forced.
 *   <li>The durable mark is written before the position is published.
 *   <li>A force that fails is never tried again, and nothing is published after it.
 * </ol>
 */
final class SyncAgent implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(SyncAgent.class);
    private static final long IDLE_PARK_NS = 100_000_000L;

    private final JournalContext context;
    private final FileTable files;
    private final JournalPositions positions;
    private final DurableMark mark;
    private final FailureLatch latch;
    private final long lazySyncNs;
    private Thread thread;
    private FileChannel channel;
    private JournalFile current;
    private volatile boolean parked;
    private volatile boolean closing;

    SyncAgent(
            final JournalContext context,
            final FileTable files,
            final JournalPositions positions,
            final DurableMark mark,
            final FailureLatch latch) {
        this.context = context;
        this.files = files;
        this.positions = positions;
        this.mark = mark;
        this.latch = latch;
        lazySyncNs = context.lazySync() ? context.lazySyncNs() : 0;
    }

    void start() {
        thread = new Thread(this, "journal-sync");
        thread.setDaemon(true);
        thread.start();
    }

    /** Wakes the thread if it sleeps; a volatile read otherwise. Appender thread, after positions were published. */
    void wakeUp() {
        if (lazySyncNs == 0 && parked) {
            LockSupport.unpark(thread);
        }
    }

    @Override
    public void run() {
        try {
            while (!closing && !latch.isFailed()) {
                if (sync() == 0) {
                    park();
                } else if (lazySyncNs > 0) {
                    LockSupport.parkNanos(this, lazySyncNs);
                }
            }
            if (!latch.isFailed()) {
                sync();
                mark.force(context.forceOperation());
            }
        } catch (final IOException ex) {
            latch.fail(
                    Kind.IO,
                    "the journal cannot be synced: file=" + (current == null ? null : current.path())
                            + ", durablePosition=" + positions.durable() + ", writtenPosition=" + positions.written()
                            + ", cause=" + ex,
                    ex);
        } catch (final RuntimeException | Error ex) {
            latch.fail(Kind.IO, "the journal's syncing thread died: cause=" + ex, ex);
        } finally {
            closeChannel();
        }
    }

    /** Syncs everything appended up to now; answers how many records that were. */
    long sync() throws IOException {
        final long written = positions.written();
        final long before = positions.durable();
        if (written == before) {
            return 0;
        }
        final JournalFile last = files.holding(written);
        while (current == null || current.index() < last.index()) {
            next();
        }
        context.forceOperation().force(channel);
        mark.store(written);
        positions.durable(written);
        context.wakeUp().run();
        return written - before;
    }

    /** Finishes with the current file, and turns to the next one and the folder's entry of it. */
    @SuppressWarnings("resource") // closed at the next turn or at the end
    private void next() throws IOException {
        final int index;
        if (current == null) {
            index = files.holding(positions.durable() + 1).index();
        } else {
            context.forceOperation().force(channel);
            closeChannel();
            index = current.index() + 1;
        }
        current = files.get(index);
        final Path folder = current.path().getParent();
        JournalFolder.forceFolder(folder, context.forceOperation());
        channel = FileChannel.open(current.path(), StandardOpenOption.WRITE);
    }

    private void park() {
        parked = true;
        if (positions.written() == positions.durable() && !closing) {
            LockSupport.parkNanos(this, lazySyncNs > 0 ? lazySyncNs : IDLE_PARK_NS);
        }
        parked = false;
    }

    private void closeChannel() {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (final IOException ex) {
            LOG.warn("journal file cannot be closed: {}", ex.toString());
        }
        channel = null;
    }

    /** Syncs what is left and ends the thread. */
    void close() {
        closing = true;
        LockSupport.unpark(thread);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (final InterruptedException ex) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
