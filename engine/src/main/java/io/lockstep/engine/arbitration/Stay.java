package io.lockstep.engine.arbitration;

/** Whether a database may leave memory: memory management of one node, and no part of the state. */
final class Stay {
    /** No snapshot holds it as it is. */
    static final long NOWHERE = -2;

    private long walk = NOWHERE;
    private long sequence;
    private long liveHigh;
    private long liveLow;
    private long secondHigh;
    private long secondLow;
    private long openedAt;
    private long idleSinceNs;
    private boolean idle;
    private Database before;
    private Database after;

    /** A walk comes to it: until it is through, nobody may take the memory away. */
    void walkBegins(final Database database) {
        walk = NOWHERE;
        remember(database);
    }

    /** A walk went through it. True if nothing changed meanwhile, so that what the walk saw is its state. */
    boolean walkEnds(final Database database, final long newWalk) {
        walk = isUnchanged(database) ? newWalk : NOWHERE;
        return walk == newWalk;
    }

    /** It came out of the snapshot of a walk. */
    void restored(final Database database, final long newWalk) {
        remember(database);
        walk = newWalk;
    }

    /** Whether the snapshot of a walk holds its present state. */
    boolean isHeldBy(final Database database, final long heldWalk) {
        return walk == heldWalk && isUnchanged(database);
    }

    private void remember(final Database database) {
        sequence = database.sequence();
        liveHigh = database.liveDigestHigh();
        liveLow = database.liveDigestLow();
        secondHigh = database.secondDigestHigh();
        secondLow = database.secondDigestLow();
    }

    /** A prune takes no sequence, but changes the second digest; a large set takes one when it is applied whole. */
    private boolean isUnchanged(final Database database) {
        return sequence == database.sequence()
                && liveHigh == database.liveDigestHigh()
                && liveLow == database.liveDigestLow()
                && secondHigh == database.secondDigestHigh()
                && secondLow == database.secondDigestLow();
    }

    /** The opening, counted over all databases, that was its last. */
    long openedAt() {
        return openedAt;
    }

    void openedAt(final long opening) {
        openedAt = opening;
    }

    boolean isIdle() {
        return idle;
    }

    long idleSinceNs() {
        return idleSinceNs;
    }

    void idle(final boolean newIdle, final long nowNs) {
        idle = newIdle;
        idleSinceNs = nowNs;
    }

    Database before() {
        return before;
    }

    void before(final Database database) {
        before = database;
    }

    Database after() {
        return after;
    }

    void after(final Database database) {
        after = database;
    }
}
