package io.lockstep.node.cli;

/** Every exit code of the command line, in one place. Documented in docs/operations.md; numbers never change. */
public enum ExitCode {
    /** All went well. */
    OK(0, "all went well"),
    /** An unexpected exception: a bug in Lockstep. */
    INTERNAL(1, "unexpected exception: a bug, please report it"),
    /** The command line is wrong. */
    USAGE(2, "the command line is wrong: unknown command, flag or value"),
    /** Some change sets were refused. */
    REFUSED(3, "load: some change sets were refused (a node: the heap is exhausted)"),
    /** A check did not hold. */
    CHECK_FAILED(4, "a check did not hold: vectors failed, a proof of the demo failed"),
    /** The operating system refused a write or a sync of the journal. */
    JOURNAL_IO(10, "the journal could not be written, synced or read; the node stopped acknowledging at once"),
    /** The journal is damaged at or below what was synced. */
    JOURNAL_DAMAGE(11, "the journal is damaged at or below what was on stable storage"),
    /** Another process holds the data folder. */
    LOCKED(12, "another process holds the data folder"),
    /** The journal has a format that this version does not read. */
    JOURNAL_FORMAT(13, "the data folder was written by an incompatible version"),
    /** Replay decided something else than what is recorded. */
    DIVERGED(14, "replay came to another outcome or digest than the journal records"),
    /** Arbitration threw. */
    ARBITRATION_FAILED(
            15, "arbitration met an unexpected exception; the set in hand is noted and refused from then on"),
    /** The configuration is wrong. */
    CONFIG(16, "the configuration is wrong: a file, a setting, a folder, a token or TLS file"),
    /** The address cannot be bound. */
    BIND_FAILED(17, "the address to listen on is taken or not of this machine"),
    /** No node answers. */
    CANNOT_CONNECT(18, "no node answers at the address"),
    /** The node refused the token or the operation. */
    NOT_PERMITTED(19, "the node refused the token or the operation"),
    /** The connection ended before the work was done. */
    INCOMPLETE(20, "the connection to the node was lost, or the work was stopped, before all was answered"),
    /** The input cannot be read. */
    BAD_INPUT(21, "an input file is missing, unreadable or malformed"),
    /** The node refused a request. */
    REQUEST_REFUSED(22, "the node refused the request, for example an unknown database"),
    /** The event loop or a stage failed. */
    STAGE_FAILED(23, "a stage of the pipeline met an unexpected exception"),
    /** The launcher could not build. */
    BUILD_FAILED(30, "the launcher could not build Lockstep");

    private final int code;
    private final String meaning;

    ExitCode(final int code, final String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    /**
     * The number that the process exits with.
     *
     * @return 0 to 125
     */
    public int code() {
        return code;
    }

    /**
     * What it tells.
     *
     * @return one line
     */
    public String meaning() {
        return meaning;
    }
}
