package io.lockstep.node.server;

import io.lockstep.engine.port.JournalFailedException;
import io.lockstep.engine.recovery.ReplayDivergedException;
import io.lockstep.node.cli.CliException;
import io.lockstep.node.cli.ExitCode;
import io.lockstep.node.cli.LogText;
import io.lockstep.node.config.ConfigFlags;
import io.lockstep.node.config.NodeConfig;
import io.lockstep.node.config.Settings;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Runs a node until SIGTERM or SIGINT. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Runs a node until SIGTERM.",
            "Prints one line 'lockstep ready tcp=HOST:PORT ...' on standard output once it accepts clients; "
                    + "SIGTERM ends it in order with exit code 0. Every setting is also read from LOCKSTEP_NAME in "
                    + "the environment and from a file; flags are strongest."
        })
public final class ServeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    private final AtomicReference<LockstepNode> running = new AtomicReference<>();

    /** For picocli. */
    public ServeCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        final PrintWriter err = spec.commandLine().getErr();
        final NodeConfig config = ConfigFlags.gather(spec, System.getenv(), err).conclude();
        if (!config.has(Settings.DATA)) {
            throw new CliException(ExitCode.USAGE, "serve needs a data folder: --data DIR");
        }
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "lockstep-stop"));
        final LockstepNode node = start(config);
        running.set(node);
        final PrintWriter out = spec.commandLine().getOut();
        out.println(node.readyLine());
        out.flush();
        // The shutdown hook ends the process.
        new CountDownLatch(1).await();
        return ExitCode.OK.code();
    }

    private static LockstepNode start(final NodeConfig config) {
        final FatalExit fatalExit = new FatalExit();
        try {
            return LockstepNode.start(config, fatalExit);
        } catch (final JournalFailedException | ReplayDivergedException e) {
            // Not System.exit: the shutdown hook is for a node that runs.
            throw new CliException(FatalExit.exitCodeOf("start", e), LogText.safe(String.valueOf(e.getMessage())), e);
        } catch (final Error e) {
            fatalExit.fail(FatalExit.exitCodeOf("start", e), e); // what has begun to run must not outlive it
            throw e;
        }
    }

    /** On SIGTERM and SIGINT: ends in order and with 0; the default would be 143 and 130. */
    private void stop() {
        final LockstepNode node = running.get();
        if (node == null) {
            return;
        }
        node.close();
        Runtime.getRuntime().halt(ExitCode.OK.code());
    }
}
