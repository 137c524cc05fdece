package io.lockstep.journal;

import io.lockstep.engine.port.JournalFailedException;
import io.lockstep.engine.port.JournalReader;
import io.lockstep.engine.record.Incarnation;
import io.lockstep.engine.record.RecordView;
import io.lockstep.journal.snapshot.RetentionRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives up the oldest files of a running journal, as a rule says. The mark goes first, then readers lose sight of the
 * files, then the files go, oldest first; a death in between leaves files that the next start does not count and
 * deletes. One thread, neither the appender's nor the syncing one.
 */
final class JournalRetention {
    private static final Logger LOG = LoggerFactory.getLogger(JournalRetention.class);

    private final JournalFolder folder;
    private final JournalIndex index;
    private final JournalPositions positions;
    private final ForceOperation force;
    private final RecordView view = new RecordView();
    private Incarnation incarnation;
    private long stampedTimeMs;
    private long previousHash;

    JournalRetention(
            final JournalFolder folder,
            final JournalIndex index,
            final JournalPositions positions,
            final ForceOperation force,
            final Incarnation retained) {
        this.folder = folder;
        this.index = index;
        this.positions = positions;
        this.force = force;
        incarnation = retained;
    }

    /** Answers how many files went. */
    int apply(final RetentionRule rule) {
        final FileTable files = index.files();
        final List<JournalFile> gone = new ArrayList<>();
        long bytes = bytes(files);
        try (JournalReader reader = new ChronicleJournalReader(index, positions)) {
            boolean more = true;
            for (int i = files.firstIndex(); more && i < files.nextIndex() - 1; i++) {
                final JournalFile file = files.get(i);
                // What is not on stable storage yet is still in the hands of the syncing thread.
                more = file.lastPosition() < Math.min(rule.coveredPosition(), positions.durable());
                if (more) {
                    look(reader, file.lastPosition());
                    more = !(file.fileIndex() instanceof MemoryFileIndex)
                            && rule.mayGo(file.lastPosition(), stampedTimeMs, bytes);
                }
                if (more) {
                    bytes -= file.endOffset();
                    gone.add(file);
                }
            }
            if (gone.isEmpty()) {
                return 0;
            }
            noteHeads(reader, gone);
            remember(reader, files.get(gone.get(gone.size() - 1).index() + 1));
        } catch (final IOException ex) {
            LOG.warn("old journal files cannot be given up: folder={}, cause={}", folder.path(), ex.toString());
            return 0;
        }
        files.removeBelow(gone.get(gone.size() - 1).index() + 1);
        gone.forEach(this::delete);
        LOG.info("journal: {} files were given up, it begins at position {} now", gone.size(), files.firstPosition());
        return gone.size();
    }

    private static long bytes(final FileTable files) {
        long bytes = 0;
        for (int i = files.firstIndex(); i < files.nextIndex(); i++) {
            bytes += files.get(i).endOffset();
        }
        return bytes;
    }

    /** Of each database whose newest record is in one of the files. */
    private void noteHeads(final JournalReader reader, final List<JournalFile> gone) throws IOException {
        int noted = 0;
        for (final JournalFile file : gone) {
            for (final long position : newestPositions(file)) {
                look(reader, position);
                index.retainedHeads().put(view.databaseId(), view.sequence(), view.hash());
                noted++;
            }
        }
        if (noted > 0) {
            index.retainedHeads().write(force);
        }
    }

    /** Where the newest record lies of each database that occurs in no later file. */
    private List<Long> newestPositions(final JournalFile file) throws IOException {
        final long stamp = index.sidecars().enter();
        try {
            if (!(index.sidecars().indexOf(file) instanceof MappedFileIndex sidecar)) {
                throw new IOException("a file without a sidecar stays: file=" + file.path());
            }
            final List<Long> newest = new ArrayList<>();
            for (int handle = 0; handle < sidecar.databases(); handle++) {
                final long head = index.heads().place(sidecar.databaseId(handle));
                if (head != 0 && DatabaseHeads.fileIndex(head) == file.index()) {
                    newest.add(file.firstPosition() + sidecar.lastEntry(handle));
                }
            }
            return newest;
        } finally {
            index.sidecars().exit(stamp);
        }
    }

    private void remember(final JournalReader reader, final JournalFile first) throws IOException {
        if (incarnation == null) {
            look(reader, 1);
            incarnation = Recovery.incarnationOf(view);
        }
        look(reader, first.firstPosition());
        new RetentionMark(first.firstPosition(), previousHash, incarnation).write(folder.retainedFile(), force);
    }

    private void look(final JournalReader reader, final long position) throws IOException {
        reader.seek(position);
        try {
            reader.poll(
                    (buffer, offset, length) -> {
                        view.wrap(buffer, offset, length);
                        stampedTimeMs = view.stampedTimeMs();
                        previousHash = view.previousHash();
                        return false;
                    },
                    position,
                    1);
        } catch (final JournalFailedException ex) {
            throw new IOException(ex.getMessage(), ex);
        }
    }

    private void delete(final JournalFile file) {
        file.remove();
        index.sidecars().drop(file);
        deleteFiles(file.path());
    }

    /** Deletes a journal file with its sidecar, and its folder when that is empty. */
    static void deleteFiles(final Path path) {
        try {
            Files.deleteIfExists(SidecarDescriptor.path(path));
            Files.deleteIfExists(path);
            JournalFolder.deleteIfEmpty(path.getParent());
        } catch (final IOException ex) {
            LOG.warn("an old journal file cannot be deleted: file={}, cause={}", path, ex.toString());
        }
    }
}
