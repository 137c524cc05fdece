package io.lockstep.journal;

/**
 * What this module relies on of a Chronicle Queue file. Documents follow one another from offset 0, each aligned to 4
 * bytes and led by one word; the rest of the allocated file is zero.
 *
 * <pre>
 *   bit  31            30          29..0
 *       +-------------+-----------+-------------------------+
 *       | NOT_COMPLETE| META_DATA | bytes of the body       |
 *       +-------------+-----------+-------------------------+
 *       0                          nothing here yet: the end of what was published
 *       NOT_COMPLETE|META_DATA|0   END_OF_FILE, the queue went on to the next file; it says so in letters behind it
 *       META_DATA|n                the queue's own: file header, index
 *       n                          a record of ours
 * </pre>
 *
 * The word is stored last, and has no checksum: what it says counts only where the record after it does not say
 * otherwise.
 */
final class QueueDescriptor {
    static final int WORD_BYTES = 4;
    static final int NOT_COMPLETE = 0x8000_0000;
    static final int META_DATA = 0x4000_0000;
    static final int END_OF_FILE = NOT_COMPLETE | META_DATA;
    static final int LENGTH_MASK = 0x3FFF_FFFF;

    /** More than the letters behind END_OF_FILE take. */
    static final int END_LETTERS_BYTES_MAX = 64;

    /** More than any document of the queue's own takes; a longer one is a damaged word, and would hide records. */
    static final int META_DATA_BYTES_MAX = 16 << 10;

    /** What the file system and the disk write as one. */
    static final int SECTOR_BYTES = 512;

    private QueueDescriptor() {}

    static boolean isReadyMetaData(final int word) {
        return (word & END_OF_FILE) == META_DATA;
    }

    static int align(final int offset) {
        return (offset + WORD_BYTES - 1) & -WORD_BYTES;
    }
}
