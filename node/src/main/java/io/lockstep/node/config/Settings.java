package io.lockstep.node.config;

import static io.lockstep.node.config.Unit.BYTES;
import static io.lockstep.node.config.Unit.COUNT;
import static io.lockstep.node.config.Unit.MILLIS;

import io.lockstep.codec.frame.FrameLimits;
import io.lockstep.engine.arbitration.ArbiterContext;
import io.lockstep.gateway.limits.SessionLimit;
import io.lockstep.journal.JournalContext;
import io.lockstep.journal.snapshot.SnapshotContext;
import io.lockstep.node.config.SettingType.Address;
import io.lockstep.node.config.SettingType.Choice;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Every setting of a node, in one table; those of sessions follow from {@link SessionLimit}. */
public final class Settings {
    private static final SettingTable TABLE = new SettingTable();
    private static final long DAY_MS = 24L * 60 * 60 * 1_000;
    private static final long DAYS_MAX = 100L * 365;

    /** Data folder. */
    public static final Setting DATA = TABLE.text(
            "data",
            "a folder",
            "holds the journal; made with mode 0700 if it is not there. Seen: after another folder was put in its place, reset required.",
            "one folder, one node");

    /** Listening address. */
    public static final Setting TCP = TABLE.add(
            "tcp",
            new Address(false),
            "127.0.0.1:7440",
            "address for clients; port 0 picks one. Seen: no connection elsewhere.",
            "nobody else can reach a node unless asked for");

    /** Durability. */
    public static final Setting DURABILITY = TABLE.add(
            "durability",
            new Choice(List.of("journaled", "synced")),
            "synced",
            "when a set is acknowledged: in the page cache (survives the process) or on stable storage (survives power loss). Seen: its value in Welcome.",
            "a node alone must survive a loss of power");

    /** Authentication. */
    public static final Setting AUTH = TABLE.add(
            "auth",
            new Choice(List.of("tokens", "none")),
            "tokens",
            "who may connect; none only on a loopback address. Seen: AUTHENTICATION_FAILED without a token.",
            "nothing is open unless asked for");

    /** Tokens file. */
    public static final Setting TOKENS = TABLE.text(
            "tokens",
            "a file with mode 0600",
            "the tokens file, re-read when it changes. Seen: AUTHENTICATION_FAILED, NOT_PERMITTED or TOKEN_EXPIRED, by its line there.",
            "revoking one takes no restart; see lockstep token --help");

    /** Certificate chain. */
    public static final Setting TLS_CERT = TABLE.text(
            "tls-cert",
            "a PEM file",
            "certificate chain; with tls-key, TLS 1.3 is spoken. Seen: the certificate; no connection without TLS.",
            "clients must know whom they talk to; off on loopback");

    /** Private key. */
    public static final Setting TLS_KEY = TABLE.text(
            "tls-key",
            "a PEM file",
            "private key, PKCS#8 without a password. Seen: nothing.",
            "it proves the certificate");

    /** Plain text allowed. */
    public static final Setting PLAINTEXT = TABLE.add(
            "plaintext",
            new Choice(List.of("false", "true")),
            "false",
            "allows an address that is not loopback without TLS. Seen: nothing.",
            "a token in clear text is a decision, not an accident");

    /** Thread layout. */
    public static final Setting LAYOUT = TABLE.add(
            "layout",
            new Choice(List.of("auto", "shared", "dedicated")),
            "auto",
            "which stages share a thread; auto: shared up to 4 cores. Seen: nothing.",
            "threads that outnumber cores only wait for one another");

    /** Metrics address. */
    public static final Setting METRICS = TABLE.add(
            "metrics",
            new Address(true),
            "off",
            "address of the Prometheus endpoint, loopback only; port 0 picks one. Seen: nothing.",
            "nothing listens that was not asked for");

    /** Ring slots. */
    public static final Setting RING_SLOTS = TABLE.amount(
            "ring-slots",
            64,
            1 << 20,
            COUNT,
            "16384",
            "commands in the ring, a power of two; full: sockets are not read. Seen: a socket that takes no more for a while; nothing is lost.",
            "more than all windows of a busy node hold");

    /** Command bytes. */
    public static final Setting COMMAND_RING_BYTES = TABLE.amount(
            "command-ring-bytes",
            1L << 20,
            1L << 30,
            BYTES,
            "16MiB",
            "bytes of commands in flight, a power of two; full: sockets are not read. Seen: a socket that takes no more for a while; nothing is lost.",
            "bounds memory by what is in flight, not by the largest frame times the slots");

    /** Record bytes. */
    public static final Setting RECORD_RING_BYTES = TABLE.amount(
            "record-ring-bytes",
            1L << 20,
            1L << 30,
            BYTES,
            "32MiB",
            "bytes of records and answers in flight, a power of two; full: arbitration waits. Seen: later answers.",
            "holds several of the largest records; less by default with small journal files");

    /** Frame limit. */
    public static final Setting FRAME_BYTES_MAX = TABLE.amount(
            "frame-bytes-max",
            64L << 10,
            4L << 20,
            BYTES,
            Long.toString(FrameLimits.DEFAULT.frameBytesMax()),
            "largest frame either way, framing header included. Seen: its value in Welcome; over it, FRAME_TOO_LARGE and a close.",
            "checked before anything is kept; less by default with small journal files");

    /** Changes of a set. */
    public static final Setting CHANGES_MAX = TABLE.amount(
            "changes-max",
            1,
            65_534,
            COUNT,
            Long.toString(FrameLimits.DEFAULT.changesMax()),
            "most changes and migrations of one set. Seen: its value in Welcome; over it, CHANGE_SET_TOO_LARGE.",
            "bounds one decision");

    /** Columns of a row. */
    public static final Setting COLUMNS_PER_ROW_MAX = TABLE.amount(
            "columns-per-row-max",
            1,
            65_534,
            COUNT,
            Long.toString(ArbiterContext.COLUMNS_PER_ROW_MAX_DEFAULT),
            "most columns of one row. Seen: EFFECT_TOO_LARGE.",
            "bounds what a delete has to name");

    /** Database memory. */
    public static final Setting DATABASE_BYTES_MAX = TABLE.amount(
            "database-bytes-max",
            1L << 20,
            ArbiterContext.ARENA_BYTES_MAX_DEFAULT,
            BYTES,
            Long.toString(ArbiterContext.DATABASE_BYTES_MAX_DEFAULT),
            "memory of one database's state. Seen: QUOTA_EXCEEDED with both values; reads go on.",
            "an answer to the client, not an exhausted machine");

    /** Databases. */
    public static final Setting DATABASES_MAX = TABLE.amount(
            "databases-max",
            1,
            1 << 24,
            COUNT,
            Long.toString(ArbiterContext.DATABASES_MAX_DEFAULT),
            "most databases of the node. Seen: QUOTA_EXCEEDED to an OpenDatabase that would make one.",
            "each costs 128 bytes of memory for ever, and room in every snapshot");

    /** Databases in memory. */
    public static final Setting DATABASES_RESIDENT_MAX = TABLE.keep(ResidencySettings.databases());

    /** Arena memory. */
    public static final Setting STATE_BYTES_MAX = TABLE.amount(
            "state-bytes-max",
            64L << 20,
            ArbiterContext.ARENA_BYTES_MAX_DEFAULT,
            BYTES,
            Long.toString(ArbiterContext.ARENA_BYTES_MAX_DEFAULT),
            "memory of all databases' state together. Seen: QUOTA_EXCEEDED, and RESOURCE_EXHAUSTED to an OpenDatabase of one that left memory.",
            "the most that can be addressed; lower it below the machine's memory");

    /** State in memory. */
    public static final Setting STATE_RESIDENT_BYTES = TABLE.keep(ResidencySettings.bytes());

    /** Journal file size. */
    public static final Setting JOURNAL_FILE_BYTES = TABLE.amount(
            "journal-file-bytes",
            JournalContext.FILE_BYTES_MIN,
            JournalContext.FILE_BYTES_MAX,
            BYTES,
            Long.toString(JournalContext.FILE_BYTES_DEFAULT),
            "size of one journal file, allocated whole ahead of the writer. Seen: nothing.",
            "never a write into a hole");

    /** Soft free space. */
    public static final Setting SPACE_SOFT_BYTES = TABLE.amount(
            "space-soft-bytes",
            0,
            1L << 50,
            BYTES,
            Long.toString(JournalContext.SOFT_FREE_BYTES_DEFAULT),
            "below this much free space no new session is taken. Seen: RESOURCE_EXHAUSTED; sessions that are open go on.",
            "time to act before writes are refused");

    /** Hard free space. */
    public static final Setting SPACE_HARD_BYTES = TABLE.amount(
            "space-hard-bytes",
            0,
            1L << 50,
            BYTES,
            Long.toString(JournalContext.HARD_FREE_BYTES_DEFAULT),
            "below this much free space writes are refused. Seen: RESOURCE_EXHAUSTED to what writes; reads go on.",
            "refuse while there is still room to do so");

    /** Journal growth between snapshots. */
    public static final Setting SNAPSHOT_JOURNAL_BYTES = TABLE.amount(
            "snapshot-journal-bytes",
            1L << 20,
            1L << 50,
            BYTES,
            Long.toString(SnapshotContext.JOURNAL_BYTES_DEFAULT),
            "a snapshot of the state is taken when the journal grew by so much, and by as much as the snapshot before took. Seen: nothing.",
            "a start loads the snapshot and replays the journal after it: about a million small sets a second");

    /** Pace of snapshots. */
    public static final Setting SNAPSHOT_BYTES_PER_SECOND = TABLE.amount(
            "snapshot-bytes-per-second",
            1L << 20,
            1L << 40,
            BYTES,
            Long.toString(SnapshotContext.BYTES_PER_SECOND_DEFAULT),
            "how fast a snapshot is written. Seen: nothing.",
            "the journal's syncs share the disk with it");

    /** Age of history. */
    public static final Setting RETENTION_MS = TABLE.amount(
            "retention-ms",
            0,
            DAYS_MAX * DAY_MS,
            MILLIS,
            Long.toString(SnapshotContext.RETENTION_MS_DEFAULT),
            "how long the journal keeps history that snapshots hold. Seen: reset required, if it was away longer: it reads the state anew.",
            "the disk does not grow for ever");

    /** Number of records. */
    public static final Setting RETENTION_RECORDS = TABLE.amount(
            "retention-records",
            0,
            1L << 50,
            COUNT,
            Long.toString(SnapshotContext.RETENTION_RECORDS_DEFAULT),
            "so many of the newest records are kept whatever their age. Seen: reset required, if it lacks more and was away for longer than retention-ms.",
            "a node that is quiet for long keeps its history");

    /** Bound of the journal. */
    public static final Setting JOURNAL_BYTES_MAX = TABLE.amount(
            "journal-bytes-max",
            0,
            1L << 50,
            BYTES,
            "0",
            "above so much journal, history that snapshots hold is given up before its time; 0 for no bound. Seen: reset required sooner.",
            "history goes before writes are refused");

    /** Age at which deletes are forgotten. */
    public static final Setting PRUNE_HORIZON_MS = TABLE.amount(
            "prune-horizon-ms",
            60_000,
            DAYS_MAX * DAY_MS,
            MILLIS,
            Long.toString(400 * DAY_MS),
            "deletes that are older are forgotten. Seen: too-late, when it writes with an older clock: its application decides.",
            "longer than any client stays away: what a device wrote before that can no longer be judged");

    /** How often that is looked after. */
    public static final Setting PRUNE_INTERVAL_MS = TABLE.amount(
            "prune-interval-ms",
            0,
            DAYS_MAX * DAY_MS,
            MILLIS,
            Long.toString(DAY_MS),
            "every database is looked at once in so long for deletes to be forgotten, one after another; 0 for never. Seen: nothing.",
            "memory of deletes does not grow for ever; a database without old ones gets no record");

    /** Idle spinning. */
    public static final Setting IDLE_SPIN_US = TABLE.amount(
            "idle-spin-us",
            0,
            1_000_000,
            COUNT,
            "20",
            "how long the thread of the transports polls after its last work before it blocks, microseconds. Seen: answers some microseconds sooner or later.",
            "an idle node costs next to nothing; more buys latency with a core");

    private static final Map<SessionLimit, Setting> SESSION_LIMITS = SessionSettings.all();
    private static final List<Setting> ALL = Stream.concat(TABLE.all().stream(), SESSION_LIMITS.values().stream())
            .toList();

    private Settings() {}

    /**
     * All settings, in the order in which they are printed.
     *
     * @return immutable
     */
    public static List<Setting> all() {
        return ALL;
    }

    /**
     * The settings of sessions.
     *
     * @return each limit's setting
     */
    public static Map<SessionLimit, Setting> ofSessions() {
        return SESSION_LIMITS;
    }

    /**
     * By its name in a file or flag.
     *
     * @param key lower case with dashes
     * @return null if there is none
     */
    public static Setting byKey(final String key) {
        return ALL.stream()
                .filter(setting -> setting.key().equals(key))
                .findFirst()
                .orElse(null);
    }

    static Setting byEnvironmentName(final String name) {
        return ALL.stream()
                .filter(setting -> setting.environmentName().equals(name))
                .findFirst()
                .orElse(null);
    }
}
