package io.lockstep.gateway.auth;

/** What a token may allow in the databases that it names. */
public enum Permission {
    /** Subscribe, and read the state. */
    READ,
    /** Submit change sets. */
    WRITE,
    /** Make databases. */
    CREATE,
    /** Prune, and read the node's status. */
    ADMIN
}
