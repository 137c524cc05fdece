package io.lockstep.node.server;

import io.lockstep.engine.port.FatalHandler;
import io.lockstep.engine.port.JournalFailedException;
import io.lockstep.engine.recovery.ReplayDivergedException;
import io.lockstep.node.cli.CliException;
import io.lockstep.node.cli.ExitCode;
import io.lockstep.node.cli.LogText;
import java.io.IOException;
import java.io.PrintStream;
import java.net.BindException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;

/**
 * Ends the process when the node cannot trust itself any more: one line that says why, then a halt with a named code.
 * No shutdown hooks run: an orderly shutdown would sync and answer, and neither may happen. Any thread; the first
 * failure wins.
 */
public final class FatalExit implements FatalHandler {
    /** Role name of the arbitrate stage. */
    private static final String ARBITRATION = "arbitrate";

    private static final int CAUSES_MAX = 4;

    private final PrintStream err;
    private final IntConsumer halt;
    private final AtomicBoolean failed = new AtomicBoolean();
    private volatile boolean starting = true;
    private volatile String address = "";

    /** Writes to standard error, and halts the virtual machine. */
    public FatalExit() {
        this(System.err, code -> Runtime.getRuntime().halt(code));
    }

    FatalExit(final PrintStream err, final IntConsumer halt) {
        this.err = err;
        this.halt = halt;
    }

    /**
     * The node failed.
     *
     * @param exitCode what the process ends with
     * @param failure why
     */
    public void fail(final ExitCode exitCode, final Throwable failure) {
        if (!failed.compareAndSet(false, true)) {
            return;
        }
        final String why =
                exitCode == ExitCode.BIND_FAILED ? ListenCheck.why("--tcp", address, reason(failure)) : reason(failure);
        err.println("lockstep: stopped: " + exitCode + " (exit code " + exitCode.code() + "): " + why);
        final boolean bug = exitCode == ExitCode.STAGE_FAILED || exitCode == ExitCode.ARBITRATION_FAILED;
        if (bug) {
            failure.printStackTrace(err);
        }
        err.flush();
        halt.accept(exitCode.code());
    }

    @Override
    public void onFatal(final String component, final Throwable cause) {
        final ExitCode code = exitCodeOf(component, cause);
        final boolean cannotListen = starting && code == ExitCode.STAGE_FAILED && hasIoCause(cause);
        fail(cannotListen ? ExitCode.BIND_FAILED : code, cause);
    }

    /**
     * Where the node is about to listen, for the message when it cannot.
     *
     * @param hostAndPort as configured
     */
    public void listeningOn(final String hostAndPort) {
        address = hostAndPort;
    }

    /** The node accepts clients: what fails from now on is not its address. */
    public void started() {
        starting = false;
    }

    private static boolean hasIoCause(final Throwable failure) {
        Throwable cause = failure;
        for (int i = 0; cause != null && i < CAUSES_MAX; i++) {
            if (cause instanceof IOException) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    /**
     * The code that a failure ends the process with.
     *
     * @param component which failed
     * @param failure why
     * @return the code of the first cause that has one of its own
     */
    public static ExitCode exitCodeOf(final String component, final Throwable failure) {
        Throwable cause = failure;
        for (int i = 0; cause != null && i < CAUSES_MAX; i++) {
            if (cause instanceof JournalFailedException journalFailed) {
                return exitCodeOf(journalFailed);
            }
            if (cause instanceof ReplayDivergedException) {
                return ExitCode.DIVERGED;
            }
            if (isLostMapping(cause)) {
                return ExitCode.JOURNAL_IO; // a mapped file was cut short, or its disk did not answer
            }
            if (cause instanceof BindException) {
                return ExitCode.BIND_FAILED;
            }
            if (cause instanceof CliException known) {
                return known.exitCode();
            }
            cause = cause.getCause();
        }
        return ARBITRATION.equals(component) ? ExitCode.ARBITRATION_FAILED : ExitCode.STAGE_FAILED;
    }

    /**
     * The code that a journal's failure ends the process with.
     *
     * @param failure why
     * @return a code of its own for each kind
     */
    public static ExitCode exitCodeOf(final JournalFailedException failure) {
        return switch (failure.kind()) {
            case DAMAGE -> ExitCode.JOURNAL_DAMAGE;
            case LOCKED -> ExitCode.LOCKED;
            case FORMAT -> ExitCode.JOURNAL_FORMAT;
            default -> ExitCode.JOURNAL_IO;
        };
    }

    private static String reason(final Throwable failure) {
        final StringBuilder text = new StringBuilder();
        Throwable cause = failure;
        for (int i = 0; cause != null && i < CAUSES_MAX; i++) {
            final String message = message(cause);
            // A wrapper's message often ends with that of its cause.
            if (text.indexOf(message) < 0) {
                text.append(i == 0 ? "" : "; because: ").append(message);
            }
            cause = cause.getCause();
        }
        return LogText.safe(text.toString());
    }

    /** The virtual machine's words for memory behind the end of a file, or on a disk that fails. */
    private static boolean isLostMapping(final Throwable cause) {
        return cause instanceof InternalError
                && String.valueOf(cause.getMessage()).contains("unsafe memory access");
    }

    private static String message(final Throwable cause) {
        if (isLostMapping(cause)) {
            return "a file that is mapped was cut short, or cannot be read any more: " + cause.getMessage();
        }
        return cause.getMessage() == null ? cause.getClass().getName() : cause.getMessage();
    }
}
