package io.lockstep.node.server;

import io.lockstep.client.BlockingClient;
import io.lockstep.client.ClientContext;
import io.lockstep.client.DatabaseOptions;
import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.model.Cursor;
import io.lockstep.client.model.Key;
import io.lockstep.client.model.Site;
import io.lockstep.client.model.Value;
import io.lockstep.node.cli.ExitCode;
import io.lockstep.node.cli.HostPort;
import io.lockstep.node.config.ConfigLoader;
import io.lockstep.node.config.NodeConfig;
import io.lockstep.node.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/** Loads the classes that a node and its clients use, once, so that the launcher can archive them. */
@Command(name = "warm-up", hidden = true, description = "Runs a node for a moment, for a class archive.")
public final class WarmUpCommand implements Callable<Integer> {
    private static final String DATABASE = "warm-up";
    private static final long DELIVERY_TIMEOUT_S = 10;

    /** For picocli. */
    public WarmUpCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        final Path folder = Files.createTempDirectory("lockstep-warm-up-");
        try {
            final NodeConfig config = new ConfigLoader()
                    .flag(Settings.DATA, folder.resolve("data").toString())
                    .flag(Settings.TCP, "127.0.0.1:0")
                    .flag(Settings.AUTH, "none")
                    .flag(Settings.METRICS, "127.0.0.1:0")
                    .flag(Settings.JOURNAL_FILE_BYTES, "16MiB")
                    .conclude();
            // Twice: the second start recovers.
            run(config);
            run(config);
        } finally {
            delete(folder);
        }
        return ExitCode.OK.code();
    }

    private static void run(final NodeConfig config) throws InterruptedException {
        try (LockstepNode node = LockstepNode.start(config, new FatalExit())) {
            final String address = new HostPort(
                            node.address().getAddress().getHostAddress(),
                            node.address().getPort())
                    .toString();
            try (BlockingClient client = BlockingClient.connect(new ClientContext().addresses(address))) {
                client.openDatabase(DatabaseOptions.createIfMissing(DATABASE));
                client.submitAndWait(ChangeSet.builder(new Site(1, 1), System.currentTimeMillis(), 0)
                        .write("main", "t", Key.ofInteger(1), "c", Value.ofText("warm"))
                        .build());
                final CountDownLatch delivered = new CountDownLatch(1);
                client.subscribe(Cursor.start(DATABASE), delivery -> delivered.countDown());
                if (!delivered.await(DELIVERY_TIMEOUT_S, TimeUnit.SECONDS)
                        || client.status().isEmpty()) {
                    throw new IllegalStateException("no delivery, or no status: " + node.readyLine());
                }
            }
        }
    }

    private static void delete(final Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (final Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
