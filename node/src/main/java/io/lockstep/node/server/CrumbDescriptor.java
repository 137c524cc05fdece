package io.lockstep.node.server;

/**
 * Layout of the crumb file: one page of 64 entries of 64 bytes, little endian.
 *
 * <pre>
 *  entry 0         the set in hand
 *  entry 1         the suspect: in hand when the process last died without saying why
 *  entries 2..63   sets that are refused
 *
 *   0         4             8          16          24         32       40
 *  +---------+-------------+----------+-----------+----------+--------+-----------+-------
 *  | state   | databaseId  | siteHigh | siteLow   | wall     | counter| magic     | zeros
 *  | i32     | i32         | i64      | i64       | i64      | i64    | i64 (e. 0)|
 *  +---------+-------------+----------+-----------+----------+--------+-----------+-------
 * </pre>
 */
final class CrumbDescriptor {
    static final int FILE_LENGTH = 4_096;
    static final int ENTRY_LENGTH = 64;
    static final int CURRENT = 0;
    static final int SUSPECT = 1;
    static final int FIRST_REFUSED = 2;
    static final int ENTRIES = FILE_LENGTH / ENTRY_LENGTH;

    static final int STATE_OFFSET = 0;
    static final int DATABASE_OFFSET = 4;
    static final int SITE_HIGH_OFFSET = 8;
    static final int SITE_LOW_OFFSET = 16;
    static final int WALL_OFFSET = 24;
    static final int COUNTER_OFFSET = 32;
    static final int MAGIC_OFFSET = 40;

    /** "LSCRUMB1", read as a little-endian long. */
    static final long MAGIC = 0x3142_4D55_5243_534CL;

    static final int STATE_NONE = 0;
    static final int STATE_IN_HAND = 1;
    static final int STATE_RAISED = 2;
    static final int STATE_REFUSED = 3;

    private CrumbDescriptor() {}

    static int offset(final int entry) {
        return entry * ENTRY_LENGTH;
    }
}
