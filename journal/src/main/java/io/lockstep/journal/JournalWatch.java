package io.lockstep.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Looks whether the files of a running journal are still the ones that it writes and reads. What is written to a file
 * without a name is found by no start, and without the durable mark no start is possible; so each is told while the rest
 * can still be saved. Looks at the newest file and at the mark each time, and at the older files in turn. One thread.
 */
final class JournalWatch {
    private static final int OLDER_FILES_A_LOOK = 64;

    private final FileTable files;
    private final Path markFile;
    private Object markKey;
    private int nextOlder;

    JournalWatch(final FileTable files, final Path markFile) {
        this.files = files;
        this.markFile = markFile;
    }

    /** What is wrong, with the file's name; null if nothing is. */
    String trouble() {
        final String ofMark = markTrouble();
        if (ofMark != null) {
            return ofMark;
        }
        final int first = files.firstIndex();
        final int newest = files.nextIndex() - 1;
        String found = newest < first ? null : fileTrouble(files.get(newest));
        for (int i = 0; found == null && i < Math.min(OLDER_FILES_A_LOOK, newest - first); i++) {
            nextOlder = nextOlder >= first && nextOlder < newest ? nextOlder : first;
            found = fileTrouble(files.get(nextOlder++));
        }
        return found;
    }

    private String markTrouble() {
        try {
            final BasicFileAttributes mark = Files.readAttributes(markFile, BasicFileAttributes.class);
            if (mark.size() != DurableMark.FILE_BYTES) {
                return "the durable mark was cut short or written by somebody else: path=" + markFile + ", bytes="
                        + mark.size() + ", expectedBytes=" + DurableMark.FILE_BYTES;
            }
            if (markKey == null) {
                markKey = mark.fileKey();
            }
            return markKey == null || markKey.equals(mark.fileKey())
                    ? null
                    : "the durable mark was replaced by another file: path=" + markFile;
        } catch (final NoSuchFileException ex) {
            return "the durable mark was deleted: path=" + markFile;
        } catch (final IOException ex) {
            return null; // says nothing about the file; a write that fails does
        }
    }

    /** Null as well if the file was given up meanwhile. */
    private static String fileTrouble(final JournalFile file) {
        if (file == null) {
            return null;
        }
        try {
            final boolean finished = file.lastPosition() != Long.MAX_VALUE;
            final long bytes =
                    Files.readAttributes(file.path(), BasicFileAttributes.class).size();
            return finished && bytes < file.endOffset()
                    ? "the journal's file was cut short: path=" + file.path() + ", bytes=" + bytes + ", expectedBytes="
                            + file.endOffset()
                    : null;
        } catch (final NoSuchFileException ex) {
            return file.isRemoved() ? null : "the journal's file was deleted: path=" + file.path();
        } catch (final IOException ex) {
            return null;
        }
    }
}
