package io.lockstep.journal;

import io.lockstep.engine.port.JournalFailedException;
import io.lockstep.engine.port.RecordHandler;
import io.lockstep.engine.record.Incarnation;
import java.io.IOException;
import java.nio.file.Path;

/** Reads the journal of a stopped node from end to end, and changes nothing of it. One thread. */
public final class JournalInspector {
    private JournalInspector() {}

    /**
     * Walks everything.
     *
     * @param dataFolder of the stopped node; its lock is held meanwhile, a shared one where nothing can be written
     * @param handler gets every record that counts, in order; once it has answered false, no more
     * @return what was found
     * @throws JournalFailedException LOCKED if a node runs on the folder, IO if there is no journal or it cannot be read
     */
    public static InspectionReport inspect(final Path dataFolder, final RecordHandler handler) {
        final JournalFolder folder = JournalFolder.existing(dataFolder);
        final FolderLock lock = FolderLock.takeToRead(folder.lockFile());
        try {
            final Counting counting = new Counting(handler);
            final ScanResult result = new JournalScan(folder, DurableMark.read(folder.markFile()), counting).run();
            return new InspectionReport(
                    result.files(),
                    counting.records,
                    result.voided(),
                    counting.firstPosition,
                    result.lastPosition(),
                    result.durablePosition(),
                    result.problems(),
                    result.rule());
        } catch (final IOException ex) {
            throw JournalFolder.ioFailure("the journal cannot be read", folder.path(), ex);
        } finally {
            lock.close();
        }
    }

    /**
     * The identity of a journal whose first records were given up.
     *
     * @param dataFolder of the node
     * @return null if the journal says it itself
     * @throws JournalFailedException IO if there is no journal or the mark cannot be read
     */
    public static Incarnation retainedIncarnation(final Path dataFolder) {
        final JournalFolder folder = JournalFolder.existing(dataFolder);
        try {
            final RetentionMark mark = RetentionMark.read(folder.retainedFile());
            return mark == null ? null : mark.incarnation();
        } catch (final IOException ex) {
            throw JournalFolder.ioFailure("the mark of retention cannot be read", folder.retainedFile(), ex);
        }
    }

    private static final class Counting implements ScanListener {
        private final RecordHandler handler;
        private long records;
        private long firstPosition;
        private boolean handing = true;

        private Counting(final RecordHandler handler) {
            this.handler = handler;
        }

        @Override
        public void onFile(final JournalFile file, final long bytes) {
            // Only the records are counted.
        }

        @Override
        public void onRecord(final MappedJournalFile file, final FileWalker walker, final long position) {
            records++;
            firstPosition = firstPosition == 0 ? position : firstPosition;
            if (handing) {
                handing = handler.onRecord(file.buffer(), walker.offset(), walker.length());
            }
        }
    }
}
