package io.lockstep.engine.command;

/** What a ring slot asks of arbitration; the body is the SBE message named here, with its header. */
public enum CommandKind {
    /** OpenDatabase, answered DatabaseOpened or Error; makes the database if asked to and allowed. */
    OPEN_DATABASE,
    /** SubmitChangeSet, answered SubmitResult or Error. */
    CHANGE_SET,
    /** ReadState, answered StatePage or Error. */
    READ_STATE,
    /** Prune, answered PruneResult or Error. */
    PRUNE,
    /** EpochCommand, from the node itself; not answered. */
    EPOCH,
    /** ReadDatabases, answered DatabaseList. */
    READ_DATABASES,
    /**
     * From the gateway itself, when no session has a database any more: the body is how many OPEN_DATABASE it has seen
     * answered, as a long; whoever opened it later keeps it. Not answered, and nothing of it is recorded.
     */
    RELEASE_DATABASE,
    /** SetPartCommand, bytes of a large change set that was checked; not answered. */
    LARGE_PART,
    /** LargeSetStep, answered LargeSetStep, and at the end SubmitResult. */
    LARGE_STEP
}
