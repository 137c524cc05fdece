package io.lockstep.gateway.limits;

/** What the gateway counts. Gauges go up and down, the others only up. */
public enum GatewayCounter {
    /** Connections open now. */
    CONNECTIONS("connections", true, "connections open now"),
    /** Connections that have not shown a valid token yet. */
    UNAUTHENTICATED("unauthenticated", true, "connections without a valid Hello yet"),
    /** Sessions with an open database now. */
    SESSIONS("sessions", true, "sessions with an open database now"),
    /** Sessions that receive deliveries live. */
    LIVE_SUBSCRIBERS("live_subscribers", true, "subscriptions fed from the ring"),
    /** Sessions that are fed from the journal. */
    CATCH_UP_SUBSCRIBERS("catch_up_subscribers", true, "subscriptions behind the live edge"),
    /** Subscribers that do not move although there is more for them. */
    STALLED_SUBSCRIBERS("stalled_subscribers", true, "subscribers that take nothing or grant no credit"),
    /** Sequences that wait for the one of them that is furthest behind. */
    STALLED_BEHIND_MOST("stalled_behind_most", true, "most sequences that wait for one of them"),
    /** For how long one of them has not moved. */
    STALLED_MS_MOST("stalled_ms_most", true, "most milliseconds that one of them has not moved"),
    /** Sessions whose frame waits for room in the ring. */
    WAITING_FOR_RING("waiting_for_ring", true, "sessions not read because the ring is full"),
    /** Sessions whose database has had its turn. */
    WAITING_FOR_TURN("waiting_for_turn", true, "sessions not read because it is the turn of other databases"),
    /** Sessions whose request is over a rate. */
    WAITING_FOR_RATE("waiting_for_rate", true, "sessions not read because their database or principal is over a rate"),
    /** Bytes that wait to be sent, and of frames that are not whole yet. */
    BUFFER_BYTES("buffer_bytes", true, "bytes that wait to be sent, and of frames that are not whole yet"),
    /** Connections taken since the start. */
    CONNECTIONS_TAKEN("connections_taken_total", false, "connections taken"),
    /** Connections and sessions refused for a limit. */
    SESSIONS_REFUSED("sessions_refused_total", false, "connections and sessions refused for a limit"),
    /** Frames received. */
    FRAMES_IN("frames_in_total", false, "frames received"),
    /** Bytes received. */
    BYTES_IN("bytes_in_total", false, "bytes received"),
    /** Frames sent. */
    FRAMES_OUT("frames_out_total", false, "frames sent"),
    /** Bytes sent. */
    BYTES_OUT("bytes_out_total", false, "bytes sent"),
    /** Commands handed to the ring. */
    COMMANDS("commands_total", false, "commands handed to the ring"),
    /** Answers handed out of the ring. */
    ANSWERS("answers_total", false, "answers received from the ring"),
    /** Frames against the protocol. */
    MALFORMED("malformed_total", false, "frames against the protocol"),
    /** Hellos without a valid token. */
    AUTH_FAILURES("auth_failures_total", false, "hellos and refreshes without a valid token"),
    /** Requests that a token does not allow. */
    NOT_PERMITTED("not_permitted_total", false, "requests that a token does not allow"),
    /** Times that a rate limit was met. */
    RATE_LIMITED("rate_limited_total", false, "times that a rate limit was met"),
    /** Requests over a session's window. */
    WINDOW_EXCEEDED("window_exceeded_total", false, "requests over the in-flight window"),
    /** Memory of the buffers that connections use: of what waits, and the room around it. */
    BUFFER_MEMORY("buffer_memory_bytes", true, "memory of the buffers that connections use, with the room in them"),
    /** Requests refused and connections closed for want of buffer memory. */
    BUFFERS_REFUSED(
            "buffers_refused_total", false, "requests refused and connections closed for want of buffer memory"),
    /** Times that a session was stopped because the ring was full. */
    RING_FULL("ring_full_total", false, "times that reading stopped because the ring was full"),
    /** Writes refused for want of disk space. */
    SPACE_REFUSED("space_refused_total", false, "requests refused for want of disk space"),
    /** Connections not authenticated in time. */
    HANDSHAKE_TIMEOUTS("handshake_timeouts_total", false, "connections without a valid Hello in time"),
    /** Sessions that fell silent. */
    HEARTBEAT_TIMEOUTS("heartbeat_timeouts_total", false, "sessions that fell silent"),
    /** Sessions ended because they took nothing for too long. */
    STALLED("stalled_total", false, "sessions ended because they took nothing"),
    /** Sessions ended because a token expired or vanished. */
    TOKENS_ENDED("tokens_ended_total", false, "sessions ended because a token expired or vanished"),
    /** Deliveries sent live or from the recent ones. */
    DELIVERIES_LIVE("deliveries_live_total", false, "deliveries sent live"),
    /** Deliveries sent from the journal. */
    DELIVERIES_CATCH_UP("deliveries_catch_up_total", false, "deliveries sent from the journal"),
    /** Pages of snapshots sent. */
    SNAPSHOT_PAGES("snapshot_pages_total", false, "pages of snapshots sent to clients"),
    /** Change sets on their way in parts. */
    UPLOADS("uploads", true, "change sets on their way in parts"),
    /** Bytes that these take, which count against uploadsBytesMax. */
    UPLOADS_BYTES("uploads_bytes", true, "bytes that these take of uploads-bytes-max"),
    /** Uploads that were told to wait for want of memory, or had to make room. */
    UPLOADS_REFUSED("uploads_refused_total", false, "uploads put off for want of memory"),
    /** Change sets that came in parts and were decided. */
    LARGE_SETS("large_sets_total", false, "change sets that came in parts and were decided"),
    /** Subscriptions with filters that commits reached. */
    ROUTED("routed_total", false, "subscriptions with filters that commits reached"),
    /** Cursors that could not be served. */
    RESETS("resets_total", false, "subscriptions answered with reset required"),
    /** Connections that ended with an error of the operating system. */
    CONNECTION_ERRORS("connection_errors_total", false, "connections ended by an error of the network"),
    /** Exceptions that should not have been. */
    UNEXPECTED("unexpected_total", false, "unexpected exceptions, each closes its connection"),
    /** Token files refused on re-reading. */
    TOKEN_FILE_ERRORS("token_file_errors_total", false, "token files refused on re-reading");

    private final String label;
    private final boolean gauge;
    private final String help;

    GatewayCounter(final String label, final boolean gauge, final String help) {
        this.label = label;
        this.gauge = gauge;
        this.help = help;
    }

    /**
     * Stable name.
     *
     * @return lower case with underscores
     */
    public String label() {
        return label;
    }

    /**
     * Whether it can go down.
     *
     * @return true if so
     */
    public boolean isGauge() {
        return gauge;
    }

    /**
     * What it says.
     *
     * @return a phrase
     */
    public String help() {
        return help;
    }
}
