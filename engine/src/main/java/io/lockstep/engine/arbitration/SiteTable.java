package io.lockstep.engine.arbitration;

import io.lockstep.codec.hash.SipHash;
import io.lockstep.codec.value.HlcDescriptor;
import org.agrona.MutableDirectBuffer;
import org.agrona.UnsafeApi;

/** The sites that a database has applied something of, each once, by a number that never changes. */
final class SiteTable {
    private static final int ENTRY_SHIFT = 4;

    private final TableHash tableHash;
    private final SegmentedArray sites;
    private final HashIndex index;
    private int count;

    SiteTable(final MemoryAccount account, final TableHash tableHash) {
        this.tableHash = tableHash;
        sites = new SegmentedArray(account, ENTRY_SHIFT, 2, 12);
        index = new HashIndex(account);
    }

    int count() {
        return count;
    }

    /** The number of a site, or {@link Clock#UNKNOWN_SITE}. */
    int find(final long high, final long low) {
        long candidate = index.find(hash(high, low));
        while (candidate >= 0) {
            final long address = sites.address((int) candidate);
            if (UnsafeApi.getLong(address) == high && UnsafeApi.getLong(address + Long.BYTES) == low) {
                return (int) candidate;
            }
            candidate = index.findNext();
        }
        return Clock.UNKNOWN_SITE;
    }

    /** Takes in the clock's site if it is not there. */
    void intern(final Clock clock) {
        if (clock.siteIndex() != Clock.UNKNOWN_SITE) {
            return;
        }
        sites.ensure(count);
        final long address = sites.address(count);
        UnsafeApi.putLong(address, clock.siteHigh());
        UnsafeApi.putLong(address + Long.BYTES, clock.siteLow());
        index.insert(hash(clock.siteHigh(), clock.siteLow()), count);
        clock.siteIndex(count);
        count++;
    }

    /**
     * Gives memory back, a little at a time; from the first call on nothing else may be called.
     *
     * @return true when all of it was
     */
    boolean free(final int bucketsMax) {
        if (!index.free(bucketsMax)) {
            return false;
        }
        sites.free();
        return true;
    }

    long high(final int site) {
        return UnsafeApi.getLong(sites.address(site));
    }

    long low(final int site) {
        return UnsafeApi.getLong(sites.address(site) + Long.BYTES);
    }

    /** How a clock compares to that of a block: wall and counter, site, opSeq, all unsigned. */
    int compare(final Clock clock, final int opSeq, final long stamp) {
        int order = Long.compareUnsigned(clock.wallCounter(), StampDescriptor.wallCounter(stamp));
        if (order != 0) {
            return order;
        }
        final int site = StampDescriptor.siteIndex(stamp);
        if (site != clock.siteIndex()) {
            order = Long.compareUnsigned(clock.siteHigh(), high(site));
            if (order == 0) {
                order = Long.compareUnsigned(clock.siteLow(), low(site));
            }
        }
        return order != 0 ? order : Integer.compareUnsigned(opSeq, StampDescriptor.opSeq(stamp));
    }

    /** Writes the clock of a block as 30 bytes. */
    void write(final long stamp, final MutableDirectBuffer buffer, final int offset) {
        final long wallCounter = StampDescriptor.wallCounter(stamp);
        final int site = StampDescriptor.siteIndex(stamp);
        HlcDescriptor.put(
                buffer,
                offset,
                wallCounter >>> 16,
                (int) (wallCounter & 0xFFFF),
                high(site),
                low(site),
                StampDescriptor.opSeq(stamp));
    }

    private int hash(final long high, final long low) {
        final SipHash hash = tableHash.start();
        return (int) hash.update(high).update(low).finish();
    }
}
