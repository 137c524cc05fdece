package io.lockstep.node.cli;

/** Every exit code of the command line, in one place. Documented in docs/operations.md; numbers never change. */
public enum ExitCode {
    /** All went well. */
    OK(0, "all went well"),
    /** A check did not hold. */
    CHECK_FAILED(
            1, "ran, and found what should not be: a failed vector, a difference, damage, a proof that does not hold"),
    /** The command line is wrong. */
    USAGE(2, "a flag, file, folder or address on the command line is wrong"),
    /** Some change sets were refused. */
    REFUSED(3, "load: some change sets were refused; serve: the Java heap is exhausted"),
    /** The node could not be reached, or ended the session for good. */
    UNREACHABLE(4, "the node could not be reached, or ended the session for good"),
    /** The node answered, and refused. */
    NODE_REFUSED(
            5,
            "the node refused: the token, a permission, or what was asked for: no such database or one made otherwise, "
                    + "NO_SNAPSHOT, reset required, a limit; the message names the error"),
    /** Standard output or a file could not be written. */
    OUTPUT_FAILED(6, "standard output or a file could not be written"),
    /** The operating system refused a write or a sync of the journal. */
    JOURNAL_IO(10, "the journal could not be written, synced or read; nothing was acknowledged after that"),
    /** The journal is damaged at or below what was synced, or the crumb file is. */
    JOURNAL_DAMAGE(11, "the journal is damaged at or below what was on stable storage, or the crumb file is"),
    /** Another process holds the data folder. */
    LOCKED(12, "another process holds the data folder"),
    /** The journal has a format that this version does not read. */
    JOURNAL_FORMAT(13, "the data folder was written by an incompatible version"),
    /** Replay decided something else than what is recorded. */
    DIVERGED(14, "replay came to another outcome or digest than the journal records"),
    /** Arbitration threw. */
    ARBITRATION_FAILED(15, "arbitration met an unexpected exception; the set in hand is refused from then on"),
    /** The configuration is wrong. */
    CONFIG(16, "the configuration is wrong: a setting, the data folder, the tokens file, a TLS file"),
    /** The address cannot be bound. */
    BIND_FAILED(17, "the address to listen on is taken or not of this machine"),
    /** A stage failed. */
    STAGE_FAILED(18, "a stage of the pipeline met an unexpected exception"),
    /** The launcher could not build. */
    BUILD_FAILED(30, "the launcher could not build Lockstep"),
    /** An unexpected exception. */
    INTERNAL(70, "an unexpected exception in a command: a bug");

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
