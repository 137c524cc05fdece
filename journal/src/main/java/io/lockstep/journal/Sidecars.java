package io.lockstep.journal;

import io.lockstep.engine.port.BeyondRetentionException;
import io.lockstep.engine.port.JournalFailedException;
import io.lockstep.engine.port.JournalFailedException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.StampedLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The indexes of files that are finished: written beside them, mapped when they are needed, made again from the journal
 * file where they are missing or not to be believed. A bounded number is mapped. Any thread.
 */
final class Sidecars implements AutoCloseable {
    /** Sidecars mapped at a time; each costs address space, and memory only where it is read. */
    static final int MAPPED_MAX = 1024;

    private static final Logger LOG = LoggerFactory.getLogger(Sidecars.class);

    private final ForceOperation force;
    private final JournalFile[] mapped;
    private final List<MappedFileIndex> retired = new ArrayList<>();
    private final StampedLock reading = new StampedLock();
    private int nextMapped;
    private JournalFile unwritten;

    Sidecars(final ForceOperation force) {
        this(force, MAPPED_MAX);
    }

    Sidecars(final ForceOperation force, final int mappedMax) {
        this.force = force;
        mapped = new JournalFile[mappedMax];
    }

    /**
     * From here on no index is unmapped. Short: the caller looks something up, and keeps no index that is
     * {@link FileIndex#isRecycled()} when it comes again.
     *
     * @return what {@link #exit} takes
     */
    long enter() {
        return reading.readLock();
    }

    void exit(final long stamp) {
        reading.unlockRead(stamp);
    }

    /**
     * The index of a file, mapped or made again if need be.
     *
     * @param file known to the journal
     * @return an index that knows at least the written records that the caller has seen
     * @throws JournalFailedException DAMAGE if it must be made again and the journal file is bad
     */
    FileIndex indexOf(final JournalFile file) {
        final FileIndex known = file.fileIndex();
        return known != null ? known : load(file);
    }

    private synchronized FileIndex load(final JournalFile file) {
        final FileIndex known = file.fileIndex();
        if (known != null) {
            return known;
        }
        final MappedFileIndex sound = read(file);
        if (sound != null) {
            keep(file, sound);
            return sound;
        }
        if (file.isRemoved()) {
            throw new BeyondRetentionException("the journal file was given up: file=" + file.path());
        }
        LOG.warn("the index of a journal file is missing or bad, it is made again: file={}", file.path());
        final MemoryFileIndex made = IndexRebuild.run(file);
        if (!seal(file, made)) {
            keepUnwritten(file, made);
        }
        return file.fileIndex();
    }

    /** The sidecar of a finished file, or null if it is missing, bad, or of another content. */
    MappedFileIndex read(final JournalFile file) {
        final MappedFileIndex index = read(SidecarDescriptor.path(file.path()));
        if (index == null || index.isOf(file)) {
            return index;
        }
        index.close();
        return null;
    }

    /** What a sidecar holds, or null if it is missing or bad. */
    static MappedFileIndex read(final Path path) {
        try {
            return MappedFileIndex.open(path);
        } catch (final NoSuchFileException ex) {
            return null;
        } catch (final IOException ex) {
            LOG.warn("the index of a journal file cannot be read: {}", ex.toString());
            return null;
        }
    }

    /**
     * Writes the sidecar of a finished file; if that worked, the file's index is the sidecar from then on.
     *
     * @return false if it cannot be written
     */
    boolean seal(final JournalFile file, final MemoryFileIndex index) {
        try {
            new SidecarWriter(file, index).write(force);
        } catch (final IOException ex) {
            LOG.warn("the index of a journal file cannot be written: file={}, cause={}", file.path(), ex.toString());
            return false;
        }
        final MappedFileIndex written = read(file);
        if (written != null) {
            keep(file, written);
        }
        return written != null;
    }

    /** Makes a sidecar the index of its file, instead of the one that was mapped longest ago. */
    synchronized void keep(final JournalFile file, final MappedFileIndex index) {
        final JournalFile oldest = mapped[nextMapped];
        if (oldest != null) {
            retire(oldest);
        }
        mapped[nextMapped] = file;
        nextMapped = (nextMapped + 1) % mapped.length;
        file.fileIndex(index);
    }

    /** Forgets the index of a file that goes. */
    synchronized void drop(final JournalFile file) {
        retire(file);
    }

    private void retire(final JournalFile file) {
        if (file.fileIndex() instanceof MappedFileIndex index) {
            file.fileIndex(null);
            index.retire();
            retired.add(index);
        }
    }

    /** Unmaps what is no longer used, unless somebody is reading. Background thread, every now and then. */
    synchronized void unmapRetired() {
        final long stamp = retired.isEmpty() ? 0 : reading.tryWriteLock();
        if (stamp != 0) {
            unmapAll(stamp);
        }
    }

    private void unmapAll(final long stamp) {
        try {
            retired.forEach(MappedFileIndex::close);
            retired.clear();
        } finally {
            reading.unlockWrite(stamp);
        }
    }

    /** Unmaps everything. A reader that goes on maps what it needs again. */
    @Override
    public void close() {
        final long stamp = reading.writeLock();
        synchronized (this) {
            for (final JournalFile file : mapped) {
                if (file != null) {
                    retire(file);
                }
            }
            unmapAll(stamp);
        }
    }

    /** Where the disk takes no sidecar, one file at a time has its index in memory. */
    private void keepUnwritten(final JournalFile file, final MemoryFileIndex index) {
        if (unwritten != null && unwritten.fileIndex() instanceof MemoryFileIndex) {
            unwritten.fileIndex(null);
        }
        unwritten = file;
        file.fileIndex(index);
    }

    /**
     * A sidecar said what the journal file does not: it is deleted and will be made again.
     *
     * @param file whose index it is
     * @param bad what lied
     * @return false if it was no sidecar, so that nothing can be made better
     */
    synchronized boolean distrust(final JournalFile file, final FileIndex bad) {
        if (!(bad instanceof MappedFileIndex)) {
            return false;
        }
        if (file.fileIndex() == bad) {
            LOG.warn("the index of a journal file disagrees with it: file={}", file.path());
            retire(file);
            try {
                Files.deleteIfExists(SidecarDescriptor.path(file.path()));
            } catch (final IOException ex) {
                throw new JournalFailedException(
                        Kind.IO, "a bad index cannot be deleted: file=" + file.path() + ", cause=" + ex, ex);
            }
        }
        return true;
    }
}
