package io.lockstep.node.tool;

/** Exit codes of the commands in this package. */
public final class ExitCodes {
    /** Done, and all is well. */
    public static final int OK = 0;

    /** Ran, and found what should not be: a difference, damage, a failed vector. */
    public static final int FAILED = 1;

    /** A flag, file, folder or address is wrong. */
    public static final int USAGE = 2;

    /** The node answered, and refused some of the change sets. */
    public static final int SOME_REFUSED = 3;

    /** The node could not be reached, or ended the session for good. */
    public static final int UNREACHABLE = 4;

    private ExitCodes() {}
}
