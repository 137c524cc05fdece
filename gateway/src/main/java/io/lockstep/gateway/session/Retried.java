package io.lockstep.gateway.session;

/** Something that could not be asked for, and is asked for again after a while. */
interface Retried {
    /** A while has passed. */
    void askAgain();
}
