package io.lockstep.gateway.session;

/** The sites of a session's Hello, whose changes are its own. Thread of the transports. */
final class OwnSites {
    static final OwnSites NONE = new OwnSites(new long[0]);

    private final long[] highLow;

    /** High and low half of each, one after the other. */
    OwnSites(final long[] highLow) {
        this.highLow = highLow;
    }

    boolean contains(final long high, final long low) {
        for (int i = 0; i < highLow.length; i += 2) {
            if (highLow[i] == high && highLow[i + 1] == low) {
                return true;
            }
        }
        return false;
    }

    /** Whom checkpoints are for. */
    CheckpointHolder holder(final String principal) {
        final boolean named = highLow.length > 0;
        return new CheckpointHolder(named ? highLow[0] : 0, named ? highLow[1] : 0, principal);
    }
}
