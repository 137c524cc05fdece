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
    READ_DATABASES
}
