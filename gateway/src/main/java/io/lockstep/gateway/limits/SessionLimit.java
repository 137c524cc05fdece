package io.lockstep.gateway.limits;

/**
 * Every limit of the gateway. The text of each says why it is there and what a client that meets it sees; the node prints
 * it with its configuration. Values are in {@link SessionLimits}.
 */
public enum SessionLimit {
    CONNECTIONS_MAX(
            "connectionsMax",
            10_000,
            1,
            "connections",
            "Most connections at once. Why: file descriptors and buffers are finite. A client over it "
                    + "sees TOO_MANY_CONNECTIONS and a close."),

    CONNECTIONS_PER_ADDRESS_MAX(
            "connectionsPerAddressMax",
            0,
            0,
            "connections",
            "Most connections of one address at once, 0 for no limit. Why: one host must not use up the"
                    + " node. A client over it sees TOO_MANY_CONNECTIONS and a close."),

    UNAUTHENTICATED_MAX(
            "unauthenticatedMax",
            1_024,
            1,
            "connections",
            "Most connections that have not shown a token yet. Why: strangers get a small budget, and few "
                    + "addresses must not use it up. Over it, the oldest one of the address that has most of them "
                    + "sees HANDSHAKE_TIMEOUT and a close."),

    UNAUTHENTICATED_PER_ADDRESS_MAX(
            "unauthenticatedPerAddressMax",
            64,
            1,
            "connections",
            "Most connections of one address that have not shown a token half a second after they came. Why: as above, "
                    + "for one stranger. Those over it see TOO_MANY_CONNECTIONS and a close."),

    HANDSHAKE_TIMEOUT_MS(
            "handshakeTimeoutMs",
            5_000,
            1,
            "milliseconds",
            "How long a connection may stay without a valid Hello, TLS handshake included. A client "
                    + "over it sees HANDSHAKE_TIMEOUT and a close."),

    AUTH_DELAY_MS_MIN(
            "authDelayMsMin",
            100,
            1,
            "milliseconds",
            "How long no token of an address is looked at after one that was wrong; doubles with each failure, and "
                    + "hanging up does not shorten it. Why: guessing tokens must be slow. A client sees a late "
                    + "answer; the right token waits for it once."),

    AUTH_DELAY_MS_MAX(
            "authDelayMsMax",
            4_000,
            1,
            "milliseconds",
            "Most that a token waits after failures of its address. Below the handshake timeout, so that its "
                    + "client still sees it."),

    ADDRESSES_MAX(
            "addressesMax",
            65_536,
            1,
            "addresses",
            "Most addresses whose failures are remembered. Why: bounded memory. When full, the one that"
                    + " expires first is forgotten."),

    SESSIONS_PER_PRINCIPAL_MAX(
            "sessionsPerPrincipalMax",
            4_096,
            0,
            "sessions",
            "Most sessions of one principal at once, 0 for no limit. A client over it sees "
                    + "TOO_MANY_CONNECTIONS and a close."),

    SESSIONS_PER_DATABASE_MAX(
            "sessionsPerDatabaseMax",
            4_096,
            0,
            "sessions",
            "Most sessions of one database at once, 0 for no limit. A client over it sees "
                    + "TOO_MANY_CONNECTIONS to its OpenDatabase."),

    SUBSCRIPTIONS_PER_DATABASE_MAX(
            "subscriptionsPerDatabaseMax",
            0,
            0,
            "subscriptions",
            "Most subscriptions of one database at once, 0 for as many as sessions. Why: each that a change matches is"
                    + " sent it. A client over it sees TOO_MANY_CONNECTIONS to its Subscribe."),

    DATABASE_IN_FLIGHT_MAX(
            "databaseInFlightMax",
            4_096,
            0,
            "requests",
            "Most requests of all sessions of one database in the ring, 0 for no limit. Why: one database must not fill "
                    + "the ring that all share. Over it, the node does not read its sessions until some are answered."),

    DATABASE_TURN_BYTES(
            "databaseTurnBytes",
            256 * 1024,
            1,
            "bytes",
            "Bytes of frames, each counted as 256 at least, that the sessions of one database are read in a turn; then the"
                    + " other databases have theirs. Why: one that sends much must not keep the others waiting. A client"
                    + " sees its own pace."),

    IN_FLIGHT_MAX(
            "inFlightMax",
            4_096,
            1,
            "requests",
            "Most unanswered requests of a session. Why: answers take memory, and the ring is shared. A"
                    + " client learns it in Welcome; over it, it sees BUSY."),

    READS_IN_FLIGHT_MAX(
            "readsInFlightMax",
            4,
            1,
            "requests",
            "Most unanswered ReadState and Prune requests of a session; their answers may be as large "
                    + "as a frame. A client over it sees BUSY."),

    OWN_SITES_MAX(
            "ownSitesMax",
            256,
            0,
            "sites",
            "Most sites that a Hello may name. Each is looked at for each delivery. A client over it "
                    + "sees MALFORMED_FRAME and a close."),

    FILTERS_MAX("filtersMax", 64, 1, "filters", "Most filters of one request. Over it: FILTERS_TOO_LARGE."),

    FILTER_BYTES_MAX("filterBytesMax", 8_192, 1, "bytes", "Most bytes of all filters of one request. As above."),

    GLOBS_PER_DATABASE_MAX(
            "globsPerDatabaseMax",
            1_024,
            1,
            "globs",
            "Most distinct globs with * or ? that the subscriptions of a database name together. Why: each is matched "
                    + "against each table once. As above."),

    PROGRESS_INTERVAL_MS(
            "progressIntervalMs",
            1_000,
            1,
            "milliseconds",
            "How often a subscription is told how far nothing matched; later with over 12,800 of them."),

    HEARTBEAT_MS(
            "heartbeatMs",
            10_000,
            1,
            "milliseconds",
            "Each side sends something at least this often, unless the client asks for oftener. A "
                    + "client learns it in Welcome."),

    HEARTBEAT_MS_MIN("heartbeatMsMin", 200, 1, "milliseconds", "Shortest heartbeat that a client may ask for."),

    HEARTBEATS_MISSED_MAX(
            "heartbeatsMissedMax",
            3,
            1,
            "heartbeats",
            "A session that is silent for this many heartbeats is taken for dead; only a whole frame is "
                    + "heard, so a frame must be whole within that time. A client sees HEARTBEAT_TIMEOUT and a close."),

    PARTIAL_FRAME_TIMEOUT_MS(
            "partialFrameTimeoutMs",
            20_000,
            1,
            "milliseconds",
            "How long a frame may take from its first byte to its last; time that the node does not read does "
                    + "not count. Why: half a frame takes memory. A client over it sees HEARTBEAT_TIMEOUT and a "
                    + "close."),

    STALL_TIMEOUT_MS(
            "stallTimeoutMs",
            60_000,
            1,
            "milliseconds",
            "How long bytes may wait for a client that takes none of them. A client over it sees "
                    + "SLOW_CONSUMER, if it ever reads again, and a close. A subscriber that merely grants no "
                    + "credit is not stalled: it costs a cursor."),

    OUTBOUND_BYTES_MAX(
            "outboundBytesMax",
            256 * 1024,
            1,
            "bytes",
            "Bytes that may wait to be sent to a client before its deliveries are left to the journal "
                    + "and its requests are no longer read. One frame may pass the mark. A client sees its own "
                    + "slowness."),

    BUFFER_BYTES_MAX(
            "bufferBytesMax",
            1L << 30,
            1,
            "bytes",
            "Bytes of all connections that wait to be sent or belong to a frame that is not whole yet, a "
                    + "largest frame for each unanswered read included; never more than a quarter of the direct "
                    + "memory. Why: clients that do not read must not use up the memory of all. Over it, a ReadState "
                    + "sees BUSY, and a client over outboundBytesMax that takes nothing for exhaustedRetryMs sees "
                    + "SLOW_CONSUMER and a close. Frames that are not whole may take half of it: when there is no "
                    + "room for more, whoever costs most, bytes times the age of the frame, sees "
                    + "RESOURCE_EXHAUSTED and a close, those without a token first."),

    RECENT_DELIVERY_BYTES(
            "recentDeliveryBytes",
            256 * 1024,
            1,
            "bytes",
            "Latest deliveries of a database with subscribers that are kept to feed sessions that fell "
                    + "behind by a moment without the journal."),

    CATCH_UP_CHUNK_BYTES(
            "catchUpChunkBytes",
            32 * 1024,
            1,
            "bytes",
            "Most bytes that the catch-up reader reads for one session before it turns to the next; one"
                    + " delivery may pass it."),

    CATCH_UP_BYTES_PER_SECOND(
            "catchUpBytesPerSecond",
            32L << 20,
            0,
            "bytes",
            "Bytes a second that all sessions that are behind are sent from the journal together, while others write; 0 "
                    + "for no limit. Why: the thread that sends them also serves those who are live. A client that is "
                    + "behind sees its deliveries come at this pace."),

    LINGER_MS(
            "lingerMs",
            1_000,
            0,
            "milliseconds",
            "How long a closing connection waits for its client to take the last bytes and close."),

    DRAIN_TIMEOUT_MS(
            "drainTimeoutMs",
            5_000,
            0,
            "milliseconds",
            "How long a shutdown waits for answers in flight before it closes connections regardless."),

    TOKEN_WARNING_MS(
            "tokenWarningMs",
            60_000,
            0,
            "milliseconds",
            "How long before its token expires a client is sent TokenStatus."),

    BUSY_RETRY_MS("busyRetryMs", 50, 1, "milliseconds", "What a BUSY error tells the client to wait."),

    EXHAUSTED_RETRY_MS(
            "exhaustedRetryMs",
            1_000,
            1,
            "milliseconds",
            "What a RESOURCE_EXHAUSTED or TOO_MANY_CONNECTIONS error tells the client to wait."),

    SESSION_BYTES_PER_SECOND(
            "sessionBytesPerSecond",
            0,
            0,
            "bytes a second",
            "Bytes a second of one session, bursts of a second allowed. A client learns it in Welcome; "
                    + "over it, the node stops reading its connection until the rate is met."),

    SESSION_MESSAGES_PER_SECOND(
            "sessionMessagesPerSecond", 0, 0, "messages a second", "Messages of one session. As above."),

    RATE_WAIT_MS(
            "rateWaitMs",
            1_000,
            0,
            "milliseconds",
            "How long a request waits that is over a rate of its principal or database; its session is not read "
                    + "meanwhile. Why: refusing each at once would cost others more than letting its sender wait. After"
                    + " it, a client sees RATE_LIMITED with the time to wait; 0 for at once."),

    PRINCIPAL_BYTES_PER_SECOND(
            "principalBytesPerSecond",
            0,
            0,
            "bytes a second",
            "Request bytes a second of all sessions of one principal, bursts of a second allowed. A client over it is "
                    + "read later, and after rateWaitMs sees RATE_LIMITED with the time to wait."),

    PRINCIPAL_MESSAGES_PER_SECOND(
            "principalMessagesPerSecond", 0, 0, "messages a second", "Requests of them. As above."),

    DATABASE_BYTES_PER_SECOND(
            "databaseBytesPerSecond",
            0,
            0,
            "bytes a second",
            "Request bytes a second of all sessions of one database. As above."),

    DATABASE_MESSAGES_PER_SECOND("databaseMessagesPerSecond", 0, 0, "messages a second", "Requests of them. As above.");

    private final String label;
    private final long defaultValue;
    private final long least;
    private final String unit;
    private final String help;

    SessionLimit(final String label, final long defaultValue, final long least, final String unit, final String help) {
        this.label = label;
        this.defaultValue = defaultValue;
        this.least = least;
        this.unit = unit;
        this.help = help;
    }

    /** Its name in configuration and errors: camel case, the unit last. */
    public String label() {
        return label;
    }

    /** What holds when nothing is configured, in {@link #unit()}. */
    public long defaultValue() {
        return defaultValue;
    }

    /** The least that may be configured: 0 where that means no limit or none at all, otherwise 1. */
    public long least() {
        return least;
    }

    /** What is counted: a word or two. */
    public String unit() {
        return unit;
    }

    /** Why it is there, and what a client that meets it sees: sentences. */
    public String help() {
        return help;
    }
}
