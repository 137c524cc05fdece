package io.lockstep.journal;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The index of a finished journal file, in a file beside it; all little endian.
 *
 * <pre>
 *   0                                       8         12      16           20          24
 *  +---------------------------------------+---------+-------+------------+-----------+
 *  | magic                                 | version | flags | generation | endOffset |
 *  +---------------------------------------+---------+-------+------------+-----------+
 *  24              32             40             48         56        60          64         68
 *  +---------------+--------------+--------------+----------+---------+-----------+----------+-----------+
 *  | firstPosition | lastPosition | previousHash | lastHash | entries | databases | postings | bodyCrc   |
 *  +---------------+--------------+--------------+----------+---------+-----------+----------+-----------+
 *  72 .. 124 zero, 124 headerCrc
 *  128
 *  +--------------------------------------------+
 *  | document offset, 4 each                    | entries, by position
 *  +--------------------------------------------+
 *  | entry, 4 each                              | postings: by database id, then by sequence
 *  +--------------------------------------------+ padded to 8
 *  | databaseId | postings | first posting |    | databases, by id, 32 each
 *  | firstSequence | previousPosition           |
 *  +--------------------------------------------+
 * </pre>
 *
 * headerCrc covers 0 to 124, bodyCrc everything from 128 on. The hashes are those of the chain before the file and at its
 * end, so a sidecar belongs to one content only. The flag {@link #LINKED} says that every previous position is known.
 */
final class SidecarDescriptor {
    static final long MAGIC = 0x5845_444E_4953_4B4CL;
    static final int VERSION = 1;
    static final int LINKED = 1;

    static final int MAGIC_OFFSET = 0;
    static final int VERSION_OFFSET = 8;
    static final int FLAGS_OFFSET = 12;
    static final int GENERATION_OFFSET = 16;
    static final int END_OFFSET = 20;
    static final int FIRST_POSITION_OFFSET = 24;
    static final int LAST_POSITION_OFFSET = 32;
    static final int PREVIOUS_HASH_OFFSET = 40;
    static final int LAST_HASH_OFFSET = 48;
    static final int ENTRIES_OFFSET = 56;
    static final int DATABASES_OFFSET = 60;
    static final int POSTINGS_OFFSET = 64;
    static final int BODY_CRC_OFFSET = 68;
    static final int HEADER_CRC_OFFSET = 124;
    static final int HEADER_BYTES = 128;

    static final int ENTRY_BYTES = 4;
    static final int POSTING_BYTES = 4;
    static final int DATABASE_BYTES = 32;
    static final int DATABASE_ID_OFFSET = 0;
    static final int DATABASE_POSTINGS_OFFSET = 4;
    static final int DATABASE_FIRST_POSTING_OFFSET = 8;
    static final int DATABASE_FIRST_SEQUENCE_OFFSET = 16;
    static final int DATABASE_PREVIOUS_POSITION_OFFSET = 24;

    private static final String SUFFIX = ".index";
    private static final String TEMPORARY_SUFFIX = ".index.tmp";

    private SidecarDescriptor() {}

    /** Where the postings start. */
    static long postingsStart(final int entries) {
        return HEADER_BYTES + (long) entries * ENTRY_BYTES;
    }

    /** Where the databases start. */
    static long databasesStart(final int entries, final int postings) {
        return (postingsStart(entries) + (long) postings * POSTING_BYTES + 7) & -8L;
    }

    /** Length of the whole file. */
    static long length(final int entries, final int postings, final int databases) {
        return databasesStart(entries, postings) + (long) databases * DATABASE_BYTES;
    }

    /** The sidecar of a journal file. */
    static Path path(final Path journalFile) {
        return journalFile.resolveSibling(stem(journalFile.getFileName().toString()) + SUFFIX);
    }

    /** What it is called until it is whole. */
    static Path temporaryPath(final Path journalFile) {
        return journalFile.resolveSibling(stem(journalFile.getFileName().toString()) + TEMPORARY_SUFFIX);
    }

    /** Whether a file beside journal files is a sidecar that has its journal file. */
    static boolean isSidecar(final Path file) {
        final String name = file.getFileName().toString();
        return name.endsWith(SUFFIX)
                && Files.exists(
                        file.resolveSibling(name.substring(0, name.length() - SUFFIX.length()) + JournalFolder.SUFFIX));
    }

    private static String stem(final String journalFileName) {
        return journalFileName.substring(0, journalFileName.length() - JournalFolder.SUFFIX.length());
    }
}
