package io.lockstep.engine.arbitration;

import org.agrona.UnsafeApi;

/**
 * The clock at the start of every block that has one.
 *
 * <pre>
 *   0                8             12            16
 *  +----------------+-------------+-------------+----
 *  | wall, counter  | site index  | opSeq       |
 *  +----------------+-------------+-------------+----
 * </pre>
 */
final class StampDescriptor {
    static final int LENGTH = 16;

    private static final int WALL_COUNTER_OFFSET = 0;
    private static final int SITE_OFFSET = 8;
    private static final int OP_SEQ_OFFSET = 12;

    private StampDescriptor() {}

    static void put(final long address, final Clock clock, final int opSeq) {
        UnsafeApi.putLong(address + WALL_COUNTER_OFFSET, clock.wallCounter());
        UnsafeApi.putInt(address + SITE_OFFSET, clock.siteIndex());
        UnsafeApi.putInt(address + OP_SEQ_OFFSET, opSeq);
    }

    static long wallCounter(final long address) {
        return UnsafeApi.getLong(address + WALL_COUNTER_OFFSET);
    }

    static int siteIndex(final long address) {
        return UnsafeApi.getInt(address + SITE_OFFSET);
    }

    static int opSeq(final long address) {
        return UnsafeApi.getInt(address + OP_SEQ_OFFSET);
    }
}
