package io.lockstep.engine.port;

/**
 * A note that survives the process: which change set arbitration has in hand, and which are refused because a node died
 * over them. Called by the arbitrate stage's thread alone; plain stores into mapped memory, no call may block.
 */
public interface CrumbPort {
    /** Keeps no note and refuses nothing: for embedding, tests and conformance vectors. */
    CrumbPort NONE = new CrumbPort() {
        @Override
        public boolean refuses(
                final int databaseId, final long siteHigh, final long siteLow, final long wall, final int counter) {
            return false;
        }

        @Override
        public void note(
                final int databaseId, final long siteHigh, final long siteLow, final long wall, final int counter) {}

        @Override
        public void clear() {}

        @Override
        public void raised() {}
    };

    /**
     * Whether a change set is refused until an operator clears it.
     *
     * @param databaseId of the session
     * @param siteHigh first half of the author's site
     * @param siteLow second half of the author's site
     * @param wall of the set's clock
     * @param counter of the set's clock
     * @return true to refuse it
     */
    boolean refuses(int databaseId, long siteHigh, long siteLow, long wall, int counter);

    /**
     * Arbitration takes a change set in hand.
     *
     * @param databaseId of the session
     * @param siteHigh first half of the author's site
     * @param siteLow second half of the author's site
     * @param wall of the set's clock
     * @param counter of the set's clock
     */
    void note(int databaseId, long siteHigh, long siteLow, long wall, int counter);

    /** Arbitration is done with the set in hand, without harm. */
    void clear();

    /** Arbitration threw over the set in hand: the next start refuses it. */
    void raised();
}
