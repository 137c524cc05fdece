package io.lockstep.node.config;

import static io.lockstep.node.config.Unit.BYTES;
import static io.lockstep.node.config.Unit.COUNT;
import static io.lockstep.node.config.Unit.MILLIS;

import io.lockstep.node.config.SettingType.Address;
import io.lockstep.node.config.SettingType.Amount;
import io.lockstep.node.config.SettingType.Choice;
import io.lockstep.node.config.SettingType.Text;
import java.util.List;
import java.util.Locale;

/**
 * Every setting of a node, in one table. A setting has one name: {@code --name} as a flag, {@code LOCKSTEP_NAME} in the
 * environment (upper case, underscores), {@code name = value} in a file.
 */
public enum Setting {
    /** Data folder. */
    DATA(
            "data",
            new Text("a folder"),
            "",
            "holds the journal; made with mode 0700 if it is not there",
            "one node, one folder"),
    /** Listening address. */
    TCP(
            "tcp",
            new Address(false),
            "127.0.0.1:7440",
            "address for clients; port 0 picks one",
            "loopback unless asked for"),
    /** Durability. */
    DURABILITY(
            "durability",
            new Choice(List.of("journaled", "synced")),
            "synced",
            "when a change set is acknowledged: in the page cache (survives the process) or on stable storage",
            "one node alone must survive a loss of power"),
    /** Authentication. */
    AUTH(
            "auth",
            new Choice(List.of("none", "tokens")),
            "tokens",
            "none is allowed on a loopback address only, and only when asked for",
            "nothing is open by accident"),
    /** Tokens file. */
    TOKENS(
            "tokens",
            new Text("a file with mode 0600"),
            "",
            "the tokens file, re-read when it changes",
            "no secret on a command line"),
    /** Certificate chain. */
    TLS_CERT(
            "tls-cert",
            new Text("a PEM file"),
            "",
            "certificate chain; with tls-key turns TLS 1.3 on",
            "off on loopback"),
    /** Private key. */
    TLS_KEY("tls-key", new Text("a PEM file with mode 0600"), "", "private key, PKCS#8", "off on loopback"),
    /** Plain text allowed. */
    PLAINTEXT(
            "plaintext",
            new Choice(List.of("false", "true")),
            "false",
            "allows an address that is not loopback without TLS",
            "a token in clear text is a choice, not an accident"),
    /** Thread layout. */
    LAYOUT(
            "layout",
            new Choice(List.of("auto", "shared", "dedicated")),
            "auto",
            "which stages share a thread; auto is shared up to 4 cores",
            "threads that outnumber cores only wait for one another"),
    /** Metrics address. */
    METRICS(
            "metrics",
            new Address(true),
            "off",
            "address of the Prometheus endpoint, loopback only; port 0 picks one",
            "nothing listens that was not asked for"),
    /** Ring slots. */
    RING_SLOTS(
            "ring-slots",
            new Amount(256, 1 << 20, COUNT),
            "16384",
            "commands in the ring; a power of two",
            "a few batches deep"),
    /** Command bytes. */
    COMMAND_BYTES(
            "command-bytes",
            new Amount(4L << 20, 1L << 30, BYTES),
            "32MiB",
            "bytes of commands in flight; a power of two; full means that sockets are not read",
            "bounds memory, not the size of one frame times the slots"),
    /** Record bytes. */
    RECORD_BYTES(
            "record-bytes",
            new Amount(16L << 20, 1L << 30, BYTES),
            "64MiB",
            "bytes of records and answers in flight; a power of two",
            "one worst record must fit many times"),
    /** Frame limit. */
    FRAME_BYTES_MAX(
            "frame-bytes-max",
            new Amount(64L << 10, 4L << 20, BYTES),
            "1MiB",
            "largest frame, framing header included",
            "length is checked before anything is kept"),
    /** Changes of a set. */
    CHANGES_MAX(
            "changes-max",
            new Amount(1, 65_535, COUNT),
            "16384",
            "changes and migrations of one change set",
            "bounds one decision"),
    /** Connections. */
    CONNECTIONS_MAX(
            "connections-max",
            new Amount(1, 65_536, COUNT),
            "1024",
            "connections at once",
            "memory a session is constant"),
    /** Connections of an address. */
    CONNECTIONS_PER_PRINCIPAL_MAX(
            "connections-per-principal-max",
            new Amount(1, 65_536, COUNT),
            "256",
            "connections of one principal at once",
            "one tenant must not take all of them"),
    /** Submissions in flight. */
    IN_FLIGHT_MAX(
            "in-flight-max",
            new Amount(1, 65_536, COUNT),
            "1024",
            "unanswered submissions of one session",
            "the client's window"),
    /** Messages a second. */
    MESSAGES_PER_SECOND_MAX(
            "messages-per-second-max",
            new Amount(0, Long.MAX_VALUE, COUNT),
            "0",
            "messages a second of one session; 0 is no limit",
            "set it where tenants do not trust one another"),
    /** Bytes a second. */
    BYTES_PER_SECOND_MAX(
            "bytes-per-second-max",
            new Amount(0, Long.MAX_VALUE, BYTES),
            "0",
            "bytes a second of one session; 0 is no limit",
            "set it where tenants do not trust one another"),
    /** Heartbeat. */
    HEARTBEAT_MS(
            "heartbeat-ms",
            new Amount(100, 3_600_000, MILLIS),
            "5s",
            "each side sends something at least this often",
            "keeps NATs open"),
    /** Heartbeat timeout. */
    HEARTBEAT_TIMEOUT_MS(
            "heartbeat-timeout-ms",
            new Amount(200, 7_200_000, MILLIS),
            "15s",
            "a session that is silent for longer is closed",
            "three heartbeats; finds half-open connections"),
    /** Time to authenticate. */
    HANDSHAKE_TIMEOUT_MS(
            "handshake-timeout-ms",
            new Amount(100, 60_000, MILLIS),
            "3s",
            "a connection that has not authenticated by then is closed",
            "a stranger costs little"),
    /** Drain time. */
    DRAIN_TIMEOUT_MS(
            "drain-timeout-ms",
            new Amount(0, 60_000, MILLIS),
            "2s",
            "at the end, how long sessions get for their last answers",
            "an orderly stop must end"),
    /** Journal file size. */
    JOURNAL_FILE_BYTES(
            "journal-file-bytes",
            new Amount(1L << 20, 16L << 30, BYTES),
            "64MiB",
            "size of one journal file, allocated whole ahead of the writer",
            "never a write into a hole"),
    /** Soft free space. */
    SPACE_SOFT_BYTES(
            "space-soft-bytes",
            new Amount(0, 1L << 50, BYTES),
            "1GiB",
            "below this much free space no new session is taken",
            "time to act"),
    /** Hard free space. */
    SPACE_HARD_BYTES(
            "space-hard-bytes",
            new Amount(0, 1L << 50, BYTES),
            "256MiB",
            "below this much free space writes are refused, reads go on",
            "refuse while there is still room to do so"),
    /** Database memory. */
    DATABASE_MEMORY_BYTES(
            "database-memory-bytes",
            new Amount(1L << 20, 1L << 45, BYTES),
            "2GiB",
            "memory of one database's state",
            "an answer to the client, not an exhausted machine");

    private final String key;

    @SuppressWarnings("ImmutableEnumChecker") // records of values, and lists that cannot change
    private final SettingType type;

    private final String defaultText;
    private final String description;
    private final String why;

    Setting(
            final String key,
            final SettingType type,
            final String defaultText,
            final String description,
            final String why) {
        this.key = key;
        this.type = type;
        this.defaultText = defaultText;
        this.description = description;
        this.why = why;
    }

    /**
     * Its name in a file, and after two dashes as a flag.
     *
     * @return lower case with dashes
     */
    public String key() {
        return key;
    }

    /**
     * Its name in the environment.
     *
     * @return upper case with underscores
     */
    public String environmentName() {
        return "LOCKSTEP_" + key.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    /**
     * What it may be.
     *
     * @return its type
     */
    public SettingType type() {
        return type;
    }

    /**
     * What holds when nothing is said.
     *
     * @return as one would write it; empty for none
     */
    public String defaultText() {
        return defaultText;
    }

    /**
     * What it does.
     *
     * @return one line
     */
    public String description() {
        return description;
    }

    /**
     * Why the default is what it is.
     *
     * @return one line
     */
    public String why() {
        return why;
    }
}
