package io.lockstep.client;

import io.lockstep.client.model.JvmAccess;
import io.lockstep.client.model.Site;
import io.lockstep.codec.frame.FrameLimits;
import java.util.List;
import java.util.function.Supplier;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;

/**
 * Configuration of a client: fluent, each setting with a default, checked once by {@link #conclude}. Not thread-safe; do
 * not change it after it was concluded.
 */
public final class ClientContext {
    /** Default of {@link #inFlightMax()}. */
    public static final int DEFAULT_IN_FLIGHT_MAX = 1_024;

    /** Default of {@link #pendingBytesMax()}. */
    public static final int DEFAULT_PENDING_BYTES_MAX = 4 << 20;

    /** Default of {@link #creditBytes()}. */
    public static final int DEFAULT_CREDIT_BYTES = 4 << 20;

    private static final int FRAME_BYTES_MIN = FrameLimits.UNAUTHENTICATED_FRAME_BYTES_MAX;
    private static final int IN_FLIGHT_LIMIT = 1 << 20;
    private static final int HELLO_FIXED_BYTES = 64;
    private static final int SITE_BYTES = 16;

    private List<String> addresses = List.of();
    private Supplier<String> token = () -> "";
    private List<Site> sites = List.of();
    private String clientName = "lockstep-java";
    private TlsOptions tls;
    private NanoClock clock = SystemNanoClock.INSTANCE;
    private long seed = System.nanoTime();
    private int inFlightMax = DEFAULT_IN_FLIGHT_MAX;
    private int pendingBytesMax = DEFAULT_PENDING_BYTES_MAX;
    private int frameBytesMax = 4 << 20;
    private int creditBytes = DEFAULT_CREDIT_BYTES;
    private boolean automaticCredit = true;
    private boolean automaticRetry = true;
    private boolean keepWhileDisconnected = true;
    private boolean reconnect = true;
    private int suspectLosses = 2;
    private long connectTimeoutMs = 5_000;
    private long requestedHeartbeatMs;
    private long backoffMinMs = 50;
    private long backoffMaxMs = 5_000;
    private long stableAfterMs = 1_000;
    private long lingerMs = 5_000;
    private long callTimeoutMs = 30_000;
    private boolean concluded;

    /**
     * Where nodes are, tried in turn.
     *
     * @param hostAndPorts each HOST:PORT or [IPV6]:PORT; a name is resolved anew at each attempt, which may block
     * @return this
     */
    public ClientContext addresses(final String... hostAndPorts) {
        addresses = List.of(hostAndPorts);
        return this;
    }

    /**
     * Where nodes are, tried in turn.
     *
     * @param hostAndPorts each HOST:PORT or [IPV6]:PORT
     * @return this
     */
    public ClientContext addresses(final List<String> hostAndPorts) {
        addresses = List.copyOf(hostAndPorts);
        return this;
    }

    /**
     * Where nodes are.
     *
     * @return at least one once concluded
     */
    public List<String> addresses() {
        return addresses;
    }

    /**
     * The bearer token; default none.
     *
     * @param newToken empty for none
     * @return this
     */
    public ClientContext token(final String newToken) {
        final String fixed = newToken == null ? "" : newToken;
        token = () -> fixed;
        return this;
    }

    /**
     * Where to take the bearer token from, asked at each attempt to connect.
     *
     * @param newToken must not block
     * @return this
     */
    public ClientContext tokenSupplier(final Supplier<String> newToken) {
        token = newToken;
        return this;
    }

    /**
     * The bearer token now.
     *
     * @return empty for none
     */
    public String token() {
        return token.get();
    }

    /**
     * Sites whose effects count as the client's own; default none.
     *
     * @param newSites any
     * @return this
     */
    public ClientContext sites(final Site... newSites) {
        sites = List.of(newSites);
        return this;
    }

    /**
     * Sites whose effects count as the client's own; default none.
     *
     * @param newSites any
     * @return this
     */
    public ClientContext sites(final List<Site> newSites) {
        sites = List.copyOf(newSites);
        return this;
    }

    /**
     * Sites whose effects count as the client's own.
     *
     * @return immutable
     */
    public List<Site> sites() {
        return sites;
    }

    /**
     * Name and version for the node's log; default lockstep-java.
     *
     * @param name short
     * @return this
     */
    public ClientContext clientName(final String name) {
        clientName = name;
        return this;
    }

    /**
     * Name and version for the node's log.
     *
     * @return short
     */
    public String clientName() {
        return clientName;
    }

    /**
     * TLS 1.3; default none.
     *
     * @param options whom to trust, null for no TLS
     * @return this
     */
    public ClientContext tls(final TlsOptions options) {
        tls = options;
        return this;
    }

    /**
     * TLS 1.3.
     *
     * @return null for no TLS
     */
    public TlsOptions tls() {
        return tls;
    }

    /**
     * The clock of all time-outs; default the system's.
     *
     * @param nanoClock any
     * @return this
     */
    public ClientContext clock(final NanoClock nanoClock) {
        clock = nanoClock;
        return this;
    }

    /**
     * The clock of all time-outs.
     *
     * @return never null
     */
    public NanoClock clock() {
        return clock;
    }

    /**
     * Seed of the jitter; default differs from client to client.
     *
     * @param newSeed any
     * @return this
     */
    public ClientContext seed(final long newSeed) {
        seed = newSeed;
        return this;
    }

    /**
     * Seed of the jitter.
     *
     * @return any
     */
    public long seed() {
        return seed;
    }

    /**
     * Most unanswered submissions; the node's own limit holds too. Default 1,024.
     *
     * @param submissions 1 to 1,048,576
     * @return this
     */
    public ClientContext inFlightMax(final int submissions) {
        inFlightMax = submissions;
        return this;
    }

    /**
     * Most unanswered submissions.
     *
     * @return at least 1
     */
    public int inFlightMax() {
        return inFlightMax;
    }

    /**
     * Most bytes of unanswered submissions, kept for sending them again. Default 4 MiB.
     *
     * @param bytes at least 4,096
     * @return this
     */
    public ClientContext pendingBytesMax(final int bytes) {
        pendingBytesMax = bytes;
        return this;
    }

    /**
     * Most bytes of unanswered submissions.
     *
     * @return bytes
     */
    public int pendingBytesMax() {
        return pendingBytesMax;
    }

    /**
     * Largest frame that the client takes, whatever the node says; bounds its buffers. Default 4 MiB.
     *
     * @param bytes at least 4,096
     * @return this
     */
    public ClientContext frameBytesMax(final int bytes) {
        frameBytesMax = bytes;
        return this;
    }

    /**
     * Largest frame that the client takes.
     *
     * @return bytes
     */
    public int frameBytesMax() {
        return frameBytesMax;
    }

    /**
     * Bytes of deliveries that may be under way; raised to twice the frame limit, below which nothing could flow.
     * Default 4 MiB.
     *
     * @param bytes above 0
     * @return this
     */
    public ClientContext creditBytes(final int bytes) {
        creditBytes = bytes;
        return this;
    }

    /**
     * Bytes of deliveries that may be under way.
     *
     * @return bytes
     */
    public int creditBytes() {
        return creditBytes;
    }

    /**
     * Whether credit is granted again when {@link ClientListener#onDelivery} returns; default true.
     *
     * @param automatic false to call {@link LockstepClient#grantCredit}
     * @return this
     */
    public ClientContext automaticCredit(final boolean automatic) {
        automaticCredit = automatic;
        return this;
    }

    /**
     * Whether credit is granted again when a delivery was handled.
     *
     * @return true by default
     */
    public boolean automaticCredit() {
        return automaticCredit;
    }

    /**
     * Whether submissions that met a retryable error are sent again after its delay; default true. Sets that were sent
     * after the refused one may be answered before it.
     *
     * @param automatic false to get such errors in {@link ClientListener#onError}
     * @return this
     */
    public ClientContext automaticRetry(final boolean automatic) {
        automaticRetry = automatic;
        return this;
    }

    /**
     * Whether submissions that met a retryable error are sent again.
     *
     * @return true by default
     */
    public boolean automaticRetry() {
        return automaticRetry;
    }

    /**
     * Whether submissions are taken into the window while there is no connection; default true.
     *
     * @param keep false to refuse them with {@link Refusal#NOT_CONNECTED}
     * @return this
     */
    public ClientContext keepWhileDisconnected(final boolean keep) {
        keepWhileDisconnected = keep;
        return this;
    }

    /**
     * Whether submissions are taken while there is no connection.
     *
     * @return true by default
     */
    public boolean keepWhileDisconnected() {
        return keepWhileDisconnected;
    }

    /**
     * Whether to connect again after a loss; default true.
     *
     * @param again false: the first loss closes the client
     * @return this
     */
    public ClientContext reconnect(final boolean again) {
        reconnect = again;
        return this;
    }

    /**
     * Whether to connect again after a loss.
     *
     * @return true by default
     */
    public boolean reconnect() {
        return reconnect;
    }

    /**
     * After how many losses of a connection with it in flight a change set is suspect: it is then sent alone, and
     * reported with {@link ErrorCodes#SUSPECT} if the connection is lost once more. Default 2.
     *
     * @param losses 1 to 100, or 0 to send it again for ever
     * @return this
     */
    public ClientContext suspectLosses(final int losses) {
        suspectLosses = losses;
        return this;
    }

    /**
     * After how many losses a change set is suspect.
     *
     * @return 0 for never
     */
    public int suspectLosses() {
        return suspectLosses;
    }

    /**
     * How long an attempt may take from the first packet to the welcome. Default 5,000.
     *
     * @param milliseconds above 0
     * @return this
     */
    public ClientContext connectTimeoutMs(final long milliseconds) {
        connectTimeoutMs = milliseconds;
        return this;
    }

    /**
     * How long an attempt to connect may take.
     *
     * @return milliseconds
     */
    public long connectTimeoutMs() {
        return connectTimeoutMs;
    }

    /**
     * The heartbeat that the client asks for; the node decides. Default 0: the node's own.
     *
     * @param milliseconds at least 0
     * @return this
     */
    public ClientContext requestedHeartbeatMs(final long milliseconds) {
        requestedHeartbeatMs = milliseconds;
        return this;
    }

    /**
     * The heartbeat that the client asks for.
     *
     * @return milliseconds, 0 for the node's own
     */
    public long requestedHeartbeatMs() {
        return requestedHeartbeatMs;
    }

    /**
     * Delay after the first failed attempt, doubled with each, and its limit. Default 50 and 5,000. The delay taken is a
     * random one between half of it and all of it.
     *
     * @param minMs above 0
     * @param maxMs at least minMs
     * @return this
     */
    public ClientContext backoffMs(final long minMs, final long maxMs) {
        backoffMinMs = minMs;
        backoffMaxMs = maxMs;
        return this;
    }

    /**
     * Delay after the first failed attempt.
     *
     * @return milliseconds
     */
    public long backoffMinMs() {
        return backoffMinMs;
    }

    /**
     * Largest delay between attempts.
     *
     * @return milliseconds
     */
    public long backoffMaxMs() {
        return backoffMaxMs;
    }

    /**
     * A session that lasted this long resets the delay. Default 1,000.
     *
     * @param milliseconds at least 0
     * @return this
     */
    public ClientContext stableAfterMs(final long milliseconds) {
        stableAfterMs = milliseconds;
        return this;
    }

    /**
     * A session that lasted this long resets the delay.
     *
     * @return milliseconds
     */
    public long stableAfterMs() {
        return stableAfterMs;
    }

    /**
     * How long an orderly close, and a drain after a go-away, may take. Default 5,000.
     *
     * @param milliseconds at least 0
     * @return this
     */
    public ClientContext lingerMs(final long milliseconds) {
        lingerMs = milliseconds;
        return this;
    }

    /**
     * How long an orderly close may take.
     *
     * @return milliseconds
     */
    public long lingerMs() {
        return lingerMs;
    }

    /**
     * How long the calls of {@link BlockingClient} wait for an answer, submissions aside. Default 30,000.
     *
     * @param milliseconds above 0
     * @return this
     */
    public ClientContext callTimeoutMs(final long milliseconds) {
        callTimeoutMs = milliseconds;
        return this;
    }

    /**
     * How long the calls of {@link BlockingClient} wait.
     *
     * @return milliseconds
     */
    public long callTimeoutMs() {
        return callTimeoutMs;
    }

    /**
     * Checks the settings against one another. The client calls it; a context serves any number of clients after that.
     *
     * @return this
     * @throws IllegalArgumentException naming the setting and its value
     */
    public ClientContext conclude() {
        if (concluded) {
            return this;
        }
        JvmAccess.check();
        require(!addresses.isEmpty(), "no address given");
        addresses.forEach(HostAndPort::parse);
        require(inFlightMax >= 1 && inFlightMax <= IN_FLIGHT_LIMIT, "inFlightMax=" + inFlightMax);
        require(pendingBytesMax >= FRAME_BYTES_MIN, "pendingBytesMax=" + pendingBytesMax);
        require(frameBytesMax >= FRAME_BYTES_MIN, "frameBytesMax=" + frameBytesMax);
        require(creditBytes > 0, "creditBytes=" + creditBytes);
        require(suspectLosses >= 0 && suspectLosses <= 100, "suspectLosses=" + suspectLosses);
        require(connectTimeoutMs > 0, "connectTimeoutMs=" + connectTimeoutMs);
        require(requestedHeartbeatMs >= 0, "requestedHeartbeatMs=" + requestedHeartbeatMs);
        require(
                backoffMinMs > 0 && backoffMaxMs >= backoffMinMs,
                "backoffMinMs=" + backoffMinMs + ", backoffMaxMs=" + backoffMaxMs);
        require(stableAfterMs >= 0, "stableAfterMs=" + stableAfterMs);
        require(lingerMs >= 0, "lingerMs=" + lingerMs);
        require(callTimeoutMs > 0, "callTimeoutMs=" + callTimeoutMs);
        final int helloBytes = HELLO_FIXED_BYTES + sites.size() * SITE_BYTES + clientName.length() + token().length();
        require(
                helloBytes <= FrameLimits.UNAUTHENTICATED_FRAME_BYTES_MAX,
                "sites, name and token do not fit the first frame: limit=" + FrameLimits.UNAUTHENTICATED_FRAME_BYTES_MAX
                        + ", bytes=" + helloBytes);
        concluded = true;
        return this;
    }

    private static void require(final boolean holds, final String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
