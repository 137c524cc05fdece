package io.lockstep.journal;

import io.lockstep.engine.port.JournalFailedException;
import io.lockstep.engine.port.JournalFailedException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes the durable mark of a stopped node anew when it was lost: an operator's decision, since nothing can tell any
 * more whether the journal's last records are all there. One thread.
 */
public final class MarkRestorer {
    private MarkRestorer() {}

    /**
     * What was done.
     *
     * @param restored false if the mark was sound, and so left alone
     * @param markedPosition what the mark says now: the highest position that any record names as durable
     * @param lastPosition of the last record found
     */
    public record Restored(boolean restored, long markedPosition, long lastPosition) {}

    /**
     * Writes the mark if it is lost, and changes nothing else.
     *
     * @param dataFolder of the stopped node; its lock is held meanwhile
     * @return what was done
     * @throws JournalFailedException LOCKED if a node runs on the folder, DAMAGE if more than the mark is wrong, IO if
     *     there is no journal or the operating system refuses
     */
    public static Restored restore(final Path dataFolder) {
        final JournalFolder folder = JournalFolder.existing(dataFolder);
        final FolderLock lock = FolderLock.take(folder.lockFile());
        try {
            final DurableMark.Reading mark = DurableMark.read(folder.markFile());
            final DurableMark.Reading unmarked = new DurableMark.Reading(0, false, null);
            final ScanResult result = new JournalScan(folder, mark.lost() ? unmarked : mark, ScanListener.NONE).run();
            final JournalProblem damage = result.damage();
            if (damage != null) {
                throw new JournalFailedException(
                        Kind.DAMAGE,
                        "more than the durable mark is wrong, nothing was changed: " + damage.text() + ": file="
                                + damage.file() + ", offset=" + damage.offset(),
                        null);
            }
            if (mark.lost()) {
                write(folder.markFile(), result.durablePosition());
                JournalFolder.forceFolder(folder.path(), channel -> channel.force(true));
            }
            return new Restored(mark.lost(), result.durablePosition(), result.lastPosition());
        } catch (final IOException ex) {
            throw JournalFolder.ioFailure("the durable mark cannot be restored", folder.path(), ex);
        } finally {
            lock.close();
        }
    }

    private static void write(final Path file, final long position) throws IOException {
        Files.deleteIfExists(file);
        DurableMark.open(file, position, channel -> channel.force(true)).close();
    }
}
