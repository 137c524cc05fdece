package io.lockstep.node.acceptance;

/** What may happen to a fleet of clients; a run in which one of them never happened shows nothing of it. */
enum FleetEvent {
    KILL(1),
    CUT(1),
    STALL(1),
    OFFLINE(1),
    EVERYBODY_AWAY(1),
    EVICTED(1),
    LOADED_BACK(1),
    BACK_BEYOND_THE_LIVE_BUFFER(1),
    SLOW_READER_WITHOUT_CREDIT(1),
    FILTERS_CHANGED(1),
    FILTERS_CHANGED_WHILE_BEHIND(1),
    FILTERS_CHANGED_BY_COMING_BACK(1),
    SUBSCRIBED_ANEW(1),
    RESET(1),
    BOOTSTRAP_FROM_SNAPSHOT(1),
    SNAPSHOT_GONE_ON_WITH(1),
    STATE_READ(1),
    OWN_LEFT_OUT(1),
    OWN_MARKED(1),
    SKIPPED(1),
    PROGRESS(1),
    PART_OF_A_SET(1),
    SURVIVORS(1),
    MIGRATION(1),
    PRUNED(1),
    RESENT_WITHOUT_EFFECT(1),
    CAUGHT_UP_FROM_THE_JOURNAL(1_000),
    LIVE(1_000),
    REPLICA_COMPARED(1);

    private final long least;

    FleetEvent(final long least) {
        this.least = least;
    }

    /** How often it has to happen for a run to count. */
    long least() {
        return least;
    }
}
