package io.lockstep.engine.stage;

import io.lockstep.engine.port.CrumbPort;

/** Remembers one set: what is in hand, and from {@link #nextStart()} on refuses it if arbitration threw over it. */
public final class MemoryCrumb implements CrumbPort {
    private String inHand = "";
    private String raised = "";
    private String refused = "";

    /** The process ended and another one starts. */
    public void nextStart() {
        refused = raised;
        inHand = "";
    }

    /** What arbitration has in hand; empty between decisions. */
    public String inHand() {
        return inHand;
    }

    @Override
    public boolean refuses(
            final int databaseId, final long siteHigh, final long siteLow, final long wall, final int counter) {
        return refused.equals(identity(databaseId, siteHigh, siteLow, wall, counter));
    }

    @Override
    public void note(
            final int databaseId, final long siteHigh, final long siteLow, final long wall, final int counter) {
        inHand = identity(databaseId, siteHigh, siteLow, wall, counter);
    }

    @Override
    public void clear() {
        inHand = "";
    }

    @Override
    public void raised() {
        raised = inHand;
    }

    private static String identity(
            final int databaseId, final long siteHigh, final long siteLow, final long wall, final int counter) {
        return databaseId + "/" + siteHigh + "/" + siteLow + "/" + wall + "/" + counter;
    }
}
