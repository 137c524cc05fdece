package io.lockstep.node.server;

import io.lockstep.codec.Durability;
import io.lockstep.engine.Engine;
import io.lockstep.engine.arbitration.ArbiterContext;
import io.lockstep.engine.port.CommitPort;
import io.lockstep.engine.port.SpaceLevel;
import io.lockstep.engine.record.Incarnation;
import io.lockstep.engine.stage.PruneAgent;
import io.lockstep.engine.stage.ThreadLayout;
import io.lockstep.gateway.Gateway;
import io.lockstep.gateway.auth.Authenticator;
import io.lockstep.gateway.auth.NoAuthentication;
import io.lockstep.gateway.auth.TokenFile;
import io.lockstep.gateway.limits.SessionLimits;
import io.lockstep.gateway.tcp.TlsFiles;
import io.lockstep.journal.ChronicleJournal;
import io.lockstep.journal.JournalContext;
import io.lockstep.journal.snapshot.SnapshotContext;
import io.lockstep.journal.snapshot.SnapshotShelf;
import io.lockstep.journal.snapshot.SnapshotWriter;
import io.lockstep.node.cli.CliException;
import io.lockstep.node.cli.ExitCode;
import io.lockstep.node.cli.LogText;
import io.lockstep.node.config.NodeConfig;
import io.lockstep.node.config.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.CompositeAgent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Settings to the contexts of the modules. */
final class NodeParts {
    /** Up to so many cores the shared layout is faster: its stages never wait for a core. */
    private static final int SHARED_CORES_MAX = 4;

    private NodeParts() {}

    static Durability durability(final NodeConfig config) {
        return "journaled".equals(config.text(Settings.DURABILITY)) ? Durability.JOURNALED : Durability.SYNCED;
    }

    static ThreadLayout layout(final NodeConfig config) {
        return switch (config.text(Settings.LAYOUT)) {
            case "shared" -> ThreadLayout.SHARED;
            case "dedicated" -> ThreadLayout.DEDICATED;
            default ->
                Runtime.getRuntime().availableProcessors() <= SHARED_CORES_MAX
                        ? ThreadLayout.SHARED
                        : ThreadLayout.DEDICATED;
        };
    }

    /** Finds what is wrong with the files before a long replay, not after it. */
    static void checkTls(final NodeConfig config) {
        if (config.has(Settings.TLS_CERT)) {
            TlsFiles.check(Path.of(config.text(Settings.TLS_CERT)), Path.of(config.text(Settings.TLS_KEY)));
        }
    }

    static SessionLimits sessionLimits(final NodeConfig config) {
        final SessionLimits limits = new SessionLimits();
        Settings.ofSessions().forEach((limit, setting) -> limits.set(limit, config.number(setting)));
        return limits;
    }

    static JournalContext journal(final NodeConfig config, final Path dataFolder) {
        return new JournalContext()
                .dataFolder(dataFolder)
                .fileBytes(config.number(Settings.JOURNAL_FILE_BYTES))
                .recordBytesMax(arbiter(config, new Incarnation(0, 0)).recordBytesMax())
                .inFlightBytesMax(config.number(Settings.RECORD_RING_BYTES))
                .softFreeBytes(config.number(Settings.SPACE_SOFT_BYTES))
                .hardFreeBytes(config.number(Settings.SPACE_HARD_BYTES))
                .lazySync(durability(config) == Durability.JOURNALED);
    }

    static SnapshotWriter snapshots(
            final NodeConfig config,
            final Path dataFolder,
            final ChronicleJournal journal,
            final StateRecovery state,
            final SnapshotShelf shelf,
            final CommitPort commit,
            final Runnable wakeUp) {
        try {
            return new SnapshotWriter(new SnapshotContext()
                    .dataFolder(dataFolder)
                    .journal(journal)
                    // On stable storage, whatever is promised to clients: one that is ahead of what a power cut leaves
                    // of the
                    // journal is of no use, and the journal gives up what snapshots hold.
                    .commit(() -> Math.min(commit.committedPosition(), journal.durablePosition()))
                    .blockBytes(state.arbiter().snapshotBlockBytes())
                    .wantedFrom(shelf::keptFrom)
                    .startedFrom(state.startedFrom())
                    .wakeUp(wakeUp)
                    .journalBytes(config.number(Settings.SNAPSHOT_JOURNAL_BYTES))
                    .bytesPerSecond(config.number(Settings.SNAPSHOT_BYTES_PER_SECOND))
                    .freeBytesMin(config.number(Settings.SPACE_SOFT_BYTES))
                    .retentionMs(config.number(Settings.RETENTION_MS))
                    .retentionRecords(config.number(Settings.RETENTION_RECORDS))
                    .journalBytesMax(config.number(Settings.JOURNAL_BYTES_MAX))
                    .conclude());
        } catch (final IOException e) {
            throw new CliException(ExitCode.CONFIG, "the folder of snapshots cannot be prepared: " + e, e);
        }
    }

    /** What runs on the thread of the transports, before egress: the gateway, and what the node itself asks of the ring. */
    static Agent transports(
            final NodeConfig config,
            final Engine engine,
            final ChronicleJournal journal,
            final CountingEgress egress,
            final Gateway gateway) {
        final PruneAgent prune = new PruneAgent(
                engine.ingress(),
                () -> (int) egress.databases(),
                () -> journal.spaceLevel() != SpaceLevel.HARD,
                config.number(Settings.PRUNE_HORIZON_MS),
                config.number(Settings.PRUNE_INTERVAL_MS),
                new SecureRandom().nextInt());
        egress.prune(prune);
        return new CompositeAgent(prune, gateway);
    }

    static ArbiterContext arbiter(final NodeConfig config, final Incarnation incarnation) {
        final SecureRandom random = new SecureRandom();
        return new ArbiterContext()
                .incarnation(incarnation.high(), incarnation.low())
                .hashSeed(random.nextLong(), random.nextLong())
                .limits(config.frameLimits())
                .columnsPerRowMax(config.integer(Settings.COLUMNS_PER_ROW_MAX))
                .databaseBytesMax(config.number(Settings.DATABASE_BYTES_MAX))
                .databasesMax(config.integer(Settings.DATABASES_MAX))
                .arenaBytesMax(config.number(Settings.STATE_BYTES_MAX))
                .residentBytesMax(config.number(Settings.STATE_RESIDENT_BYTES))
                .databasesResidentMax(config.integer(Settings.DATABASES_RESIDENT_MAX))
                .conclude();
    }

    static Authenticator authenticator(final NodeConfig config) {
        if ("none".equals(config.text(Settings.AUTH))) {
            return new NoAuthentication();
        }
        final Logger log = LoggerFactory.getLogger("lockstep.gateway");
        return new TokenFile(
                Path.of(config.text(Settings.TOKENS)),
                (category, message) -> log.warn("{}: {}", category, LogText.safe(message)));
    }
}
