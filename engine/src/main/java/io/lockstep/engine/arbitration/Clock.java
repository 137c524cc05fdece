package io.lockstep.engine.arbitration;

/** A hybrid logical clock without its opSeq, and what the database's table of sites knows of its site. Reused. */
final class Clock {
    /** The site is not in the table. */
    static final int UNKNOWN_SITE = -1;

    private long wallCounter;
    private long siteHigh;
    private long siteLow;
    private int siteIndex = UNKNOWN_SITE;

    void set(final long newWallCounter, final long newSiteHigh, final long newSiteLow, final int newSiteIndex) {
        wallCounter = newWallCounter;
        siteHigh = newSiteHigh;
        siteLow = newSiteLow;
        siteIndex = newSiteIndex;
    }

    void siteIndex(final int newSiteIndex) {
        siteIndex = newSiteIndex;
    }

    /** Wall and counter as one unsigned word. */
    long wallCounter() {
        return wallCounter;
    }

    long siteHigh() {
        return siteHigh;
    }

    long siteLow() {
        return siteLow;
    }

    int siteIndex() {
        return siteIndex;
    }
}
