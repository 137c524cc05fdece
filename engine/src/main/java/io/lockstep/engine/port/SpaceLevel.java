package io.lockstep.engine.port;

/** How much room the journal's file system has left. */
public enum SpaceLevel {
    /** All is well. */
    NORMAL,
    /** Below the soft limit: no new sessions. */
    SOFT,
    /** Below the hard limit: writes are refused, reads go on. */
    HARD
}
