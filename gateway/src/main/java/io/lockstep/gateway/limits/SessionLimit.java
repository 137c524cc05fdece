package io.lockstep.gateway.limits;

/**
 * Every limit of the gateway. The text of each says what it is, what a client that meets it sees, and why it is there; the
 * node prints it with its configuration. Values are in {@link SessionLimits}.
 */
public enum SessionLimit {
    CONNECTIONS_MAX(
            "connectionsMax",
            10_000,
            1,
            "connections",
            "Most connections at once. Seen: TOO_MANY_CONNECTIONS and a close. Why: file descriptors and buffers are finite."),

    CONNECTIONS_PER_ADDRESS_MAX(
            "connectionsPerAddressMax",
            0,
            0,
            "connections",
            "Most connections of one address at once, 0 for no limit. Seen: TOO_MANY_CONNECTIONS and a close. Why: one host must not use up the node; none by default, since many may share an address."),

    UNAUTHENTICATED_MAX(
            "unauthenticatedMax",
            1_024,
            1,
            "connections",
            "Most connections that have not shown a token yet. Over it, the oldest one of the address that has most of them goes. Seen: HANDSHAKE_TIMEOUT and a close. Why: strangers get a small budget, and few addresses must not use it up."),

    UNAUTHENTICATED_PER_ADDRESS_MAX(
            "unauthenticatedPerAddressMax",
            64,
            1,
            "connections",
            "Most connections of one address that have not shown a token half a second after they came. Seen: TOO_MANY_CONNECTIONS and a close. Why: strangers get a small budget, each of them, too."),

    HANDSHAKE_TIMEOUT_MS(
            "handshakeTimeoutMs",
            5_000,
            1,
            "milliseconds",
            "How long a connection may stay without a valid Hello, TLS handshake included. Seen: HANDSHAKE_TIMEOUT and a close. Why: a connection costs memory before anybody knows whose it is."),

    AUTH_DELAY_MS_MIN(
            "authDelayMsMin",
            100,
            1,
            "milliseconds",
            "How long no token of an address is looked at after one that was wrong; doubles with each failure, and hanging up does not shorten it. Seen: a late answer; the right token waits for it once. Why: guessing tokens must be slow."),

    AUTH_DELAY_MS_MAX(
            "authDelayMsMax",
            4_000,
            1,
            "milliseconds",
            "Most that a token waits after failures of its address. Below the handshake timeout. Seen: a late answer, and not a time-out. Why: who shares an address with a guesser must still get in."),

    ADDRESSES_MAX(
            "addressesMax",
            65_536,
            1,
            "addresses",
            "Most addresses whose failures are remembered. When full, the one that expires first is forgotten. Seen: nothing. Why: bounded memory."),

    SESSIONS_PER_PRINCIPAL_MAX(
            "sessionsPerPrincipalMax",
            4_096,
            0,
            "sessions",
            "Most sessions of one principal at once, 0 for no limit. Seen: TOO_MANY_CONNECTIONS and a close. Why: one token that is used everywhere must not use up the node."),

    SESSIONS_PER_DATABASE_MAX(
            "sessionsPerDatabaseMax",
            4_096,
            0,
            "sessions",
            "Most sessions of one database at once, 0 for no limit. Seen: TOO_MANY_CONNECTIONS to its OpenDatabase. Why: databases share the connections."),

    SUBSCRIPTIONS_PER_DATABASE_MAX(
            "subscriptionsPerDatabaseMax",
            0,
            0,
            "subscriptions",
            "Most subscriptions of one database at once, 0 for as many as sessions. Seen: TOO_MANY_CONNECTIONS to its Subscribe. Why: each that a change matches is sent it."),

    DATABASE_IN_FLIGHT_MAX(
            "databaseInFlightMax",
            4_096,
            0,
            "requests",
            "Most requests of all sessions of one database in the ring, 0 for no limit. Over it, the node does not read its sessions until some are answered. Seen: a socket that takes no more for a while; nothing is lost. Why: one database must not fill the ring that all share."),

    DATABASE_TURN_BYTES(
            "databaseTurnBytes",
            256 * 1024,
            1,
            "bytes",
            "Bytes of frames, each counted as 256 at least, that the sessions of one database are read in a turn; then the other databases have theirs. Seen: its own pace. Why: one that sends much must not keep the others waiting."),

    IN_FLIGHT_MAX(
            "inFlightMax",
            4_096,
            1,
            "requests",
            "Most unanswered requests of a session. Seen: its value in Welcome; over it, BUSY. Why: answers take memory, and the ring is shared."),

    READS_IN_FLIGHT_MAX(
            "readsInFlightMax",
            4,
            1,
            "requests",
            "Most unanswered ReadState and Prune requests of a session. Seen: BUSY. Why: their answers may be as large as a frame."),

    OWN_SITES_MAX(
            "ownSitesMax",
            256,
            0,
            "sites",
            "Most sites that a Hello may name. Seen: MALFORMED_FRAME and a close. Why: each is looked at for each delivery."),

    FILTERS_MAX(
            "filtersMax",
            64,
            1,
            "filters",
            "Most filters of one request. Seen: FILTERS_TOO_LARGE. Why: each is looked at for what its tables are sent."),

    FILTER_BYTES_MAX(
            "filterBytesMax",
            8_192,
            1,
            "bytes",
            "Most bytes of all filters of one request. Seen: FILTERS_TOO_LARGE. Why: they stay in memory as long as the subscription."),

    GLOBS_PER_DATABASE_MAX(
            "globsPerDatabaseMax",
            1_024,
            1,
            "globs",
            "Most distinct globs with * or ? that the subscriptions of a database name together. Seen: FILTERS_TOO_LARGE. Why: each is matched against each table once."),

    PROGRESS_INTERVAL_MS(
            "progressIntervalMs",
            1_000,
            1,
            "milliseconds",
            "How often a subscription is told how far nothing matched; later with over 12,800 of them. Seen: Progress at most so often. Why: a cursor moves though nothing matches, and the telling must cost little."),

    HEARTBEAT_MS(
            "heartbeatMs",
            10_000,
            1,
            "milliseconds",
            "Each side sends something at least this often, unless the client asks for oftener. Seen: its value in Welcome. Why: often enough to keep ways through routers open, rarely enough for many sessions."),

    HEARTBEAT_MS_MIN(
            "heartbeatMsMin",
            200,
            1,
            "milliseconds",
            "Shortest heartbeat that a client may ask for. Seen: this one in Welcome in place of a shorter one. Why: heartbeats of many sessions must not be the load."),

    HEARTBEATS_MISSED_MAX(
            "heartbeatsMissedMax",
            3,
            1,
            "heartbeats",
            "A session that is silent for this many heartbeats is taken for dead; only a whole frame is heard, so a frame must be whole within that time. Seen: HEARTBEAT_TIMEOUT and a close. Why: a dead connection holds a session."),

    PARTIAL_FRAME_TIMEOUT_MS(
            "partialFrameTimeoutMs",
            20_000,
            1,
            "milliseconds",
            "How long a frame may take from its first byte to its last; time that the node does not read does not count. Seen: HEARTBEAT_TIMEOUT and a close. Why: half a frame takes memory."),

    STALL_TIMEOUT_MS(
            "stallTimeoutMs",
            60_000,
            1,
            "milliseconds",
            "How long bytes may wait for a client that takes none of them. A subscriber that merely grants no credit is not stalled: it costs a cursor. Seen: SLOW_CONSUMER, if it ever reads again, and a close. Why: what waits for it takes memory."),

    OUTBOUND_BYTES_MAX(
            "outboundBytesMax",
            16 * 1024,
            1,
            "bytes",
            "Bytes that may wait to be sent to a client before its deliveries are left to the journal and its requests are no longer read. One frame may pass the mark. Seen: its own slowness. Why: a slow one costs a cursor and at most some twice this, not memory that grows."),

    BUFFER_BYTES_MAX(
            "bufferBytesMax",
            1L << 30,
            1,
            "bytes",
            "Bytes of all connections that wait to be sent or belong to a frame that is not whole yet, a largest frame for each unanswered read included; never more than a quarter of the direct memory. Frames that are not whole may take half of it: when there is no room for more, whoever costs most, bytes times the age of the frame, has to go, those without a token first. Seen: BUSY to a ReadState; SLOW_CONSUMER and a close over outboundBytesMax, when it takes nothing for exhaustedRetryMs; RESOURCE_EXHAUSTED and a close with half a frame. Why: clients that do not read must not use up the memory of all."),

    RECENT_DELIVERY_BYTES(
            "recentDeliveryBytes",
            256 * 1024,
            1,
            "bytes",
            "Latest deliveries of a database with subscribers that are kept to feed sessions that fell behind by a moment. Seen: nothing. Why: a moment behind is not worth a reading of the journal."),

    CATCH_UP_CHUNK_BYTES(
            "catchUpChunkBytes",
            32 * 1024,
            1,
            "bytes",
            "Most bytes that the catch-up reader reads for one session before it turns to the next; one delivery may pass it. Seen: nothing. Why: who is far behind must not keep the others from the reader."),

    CATCH_UP_BYTES_PER_SECOND(
            "catchUpBytesPerSecond",
            32L << 20,
            0,
            "bytes",
            "Bytes a second that all sessions that are behind are sent from the journal together, while others write; 0 for no limit. Seen: its deliveries at this pace while it is behind. Why: the thread that sends them also serves those who are live."),

    LINGER_MS(
            "lingerMs",
            1_000,
            0,
            "milliseconds",
            "How long a closing connection waits for its client to take the last bytes and close. Seen: a reset connection, if it takes longer. Why: the last word should arrive, and nobody can hold a connection with it."),

    DRAIN_TIMEOUT_MS(
            "drainTimeoutMs",
            5_000,
            0,
            "milliseconds",
            "How long a shutdown waits for answers in flight before it closes connections regardless. Seen: GoAway, and then a close. Why: a restart must not hang on one client."),

    TOKEN_WARNING_MS(
            "tokenWarningMs",
            60_000,
            0,
            "milliseconds",
            "How long before its token expires a client is told. Seen: TokenStatus; without a new token TOKEN_EXPIRED and a close. Why: time for a new token, without a break."),

    BUSY_RETRY_MS(
            "busyRetryMs",
            50,
            1,
            "milliseconds",
            "What BUSY tells to wait. Seen: this time with BUSY. Why: long enough for some answers to come."),

    EXHAUSTED_RETRY_MS(
            "exhaustedRetryMs",
            1_000,
            1,
            "milliseconds",
            "What refusals for want of room tell to wait. Seen: this time with RESOURCE_EXHAUSTED and TOO_MANY_CONNECTIONS. Why: room does not come back within milliseconds."),

    SESSION_BYTES_PER_SECOND(
            "sessionBytesPerSecond",
            0,
            0,
            "bytes a second",
            "Bytes a second of one session, bursts of a second allowed, 0 for no limit. Over it, its connection is not read until the rate is met. Seen: its value in Welcome; over it, a socket that takes no more for a while. Why: one session must not use up what all share; none by default."),

    SESSION_MESSAGES_PER_SECOND(
            "sessionMessagesPerSecond",
            0,
            0,
            "messages a second",
            "Messages a second of one session, as with its bytes. Seen: its value in Welcome; over it, a socket that takes no more for a while. Why: small messages cost by number."),

    RATE_WAIT_MS(
            "rateWaitMs",
            1_000,
            0,
            "milliseconds",
            "How long a request waits that is over a rate of its principal or database; its session is not read meanwhile. 0 for not at all. What belongs to an upload waits as long as it takes. Seen: after it, RATE_LIMITED with the time to wait. Why: refusing each at once would cost others more than letting its sender wait."),

    PRINCIPAL_BYTES_PER_SECOND(
            "principalBytesPerSecond",
            0,
            0,
            "bytes a second",
            "Request bytes a second of all sessions of one principal, bursts of a second allowed, 0 for no limit. Seen: a later answer, and after rateWaitMs RATE_LIMITED with the time to wait. Why: one principal must not use up what all share; none by default."),

    PRINCIPAL_MESSAGES_PER_SECOND(
            "principalMessagesPerSecond",
            0,
            0,
            "messages a second",
            "Requests a second of all sessions of one principal, as with their bytes. Seen: a later answer, and after rateWaitMs RATE_LIMITED with the time to wait. Why: small requests cost by number."),

    DATABASE_BYTES_PER_SECOND(
            "databaseBytesPerSecond",
            0,
            0,
            "bytes a second",
            "Request bytes a second of all sessions of one database, bursts of a second allowed, 0 for no limit. Seen: a later answer, and after rateWaitMs RATE_LIMITED with the time to wait. Why: one database must not use up what all share; none by default."),

    DATABASE_MESSAGES_PER_SECOND(
            "databaseMessagesPerSecond",
            0,
            0,
            "messages a second",
            "Requests a second of all sessions of one database, as with their bytes. Seen: a later answer, and after rateWaitMs RATE_LIMITED with the time to wait. Why: small requests cost by number."),

    UPLOAD_BYTES_MAX(
            "uploadBytesMax",
            64 << 20,
            0,
            "bytes",
            "Largest change set that is uploaded in parts, 0 for none. Seen: its value in Welcome; over it, CHANGE_SET_TOO_LARGE. Why: it takes its size in memory, and its database waits while it is decided."),

    UPLOADS_BYTES_MAX(
            "uploadsBytesMax",
            256 << 20,
            0,
            "bytes",
            "Most bytes of all change sets on their way in parts: what each announced, and where its keys have to be folded both forms while the second is made, then that alone; a principal has half of them, or one set, and what is without a part for 30 s makes room for others. Seen: BUSY to an UploadChangeSet, or to one under way; CHANGE_SET_TOO_LARGE to one whose two forms are more than that. Why: bounded memory that nobody holds alone."),

    UPLOAD_TIMEOUT_MS(
            "uploadTimeoutMs",
            600_000,
            1,
            "milliseconds",
            "How long an upload is kept without a part; the time in which the node does not read its session does not count. Seen: UPLOAD_REFUSED to a part after it, and receivedBytes of 0 to an UploadChangeSet. Why: a client that does not come back must not hold memory.");

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

    /** What it is; after {@code Seen: } what a client sees at it; after {@code Why: } why it is there: sentences. */
    public String help() {
        return help;
    }
}
