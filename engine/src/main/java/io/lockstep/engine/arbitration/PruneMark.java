package io.lockstep.engine.arbitration;

import io.lockstep.codec.value.HlcDescriptor;
import org.agrona.MutableDirectBuffer;

/** The highest clock of all tombstones that were ever pruned from a database: below it nothing absent can be judged. */
final class PruneMark {
    private boolean present;
    private long wallCounter;
    private long siteHigh;
    private long siteLow;
    private int opSeq;

    boolean isPresent() {
        return present;
    }

    long wallCounter() {
        return wallCounter;
    }

    long siteHigh() {
        return siteHigh;
    }

    long siteLow() {
        return siteLow;
    }

    int opSeq() {
        return opSeq;
    }

    /** Whether a clock is at or below the mark. */
    boolean covers(final Clock clock, final int clockOpSeq) {
        return present && compare(clock.wallCounter(), clock.siteHigh(), clock.siteLow(), clockOpSeq) >= 0;
    }

    /** Raises the mark to a clock that is above it. */
    boolean raise(final long newWallCounter, final long newSiteHigh, final long newSiteLow, final int newOpSeq) {
        if (present && compare(newWallCounter, newSiteHigh, newSiteLow, newOpSeq) >= 0) {
            return false;
        }
        present = true;
        wallCounter = newWallCounter;
        siteHigh = newSiteHigh;
        siteLow = newSiteLow;
        opSeq = newOpSeq;
        return true;
    }

    void write(final MutableDirectBuffer buffer, final int offset) {
        HlcDescriptor.put(buffer, offset, wallCounter >>> 16, (int) (wallCounter & 0xFFFF), siteHigh, siteLow, opSeq);
    }

    /** How the mark compares to a clock. */
    private int compare(final long otherWallCounter, final long otherHigh, final long otherLow, final int otherOpSeq) {
        int order = Long.compareUnsigned(wallCounter, otherWallCounter);
        if (order == 0) {
            order = Long.compareUnsigned(siteHigh, otherHigh);
        }
        if (order == 0) {
            order = Long.compareUnsigned(siteLow, otherLow);
        }
        return order != 0 ? order : Integer.compareUnsigned(opSeq, otherOpSeq);
    }
}
