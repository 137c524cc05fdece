package io.lockstep.gateway;

import io.lockstep.codec.frame.FrameLimits;
import io.lockstep.engine.port.IngressPort;
import io.lockstep.engine.port.JournalReader;
import io.lockstep.engine.port.SnapshotLibrary;
import io.lockstep.gateway.auth.Authenticator;
import io.lockstep.gateway.limits.GatewayCounters;
import io.lockstep.gateway.limits.SessionLimits;
import io.lockstep.gateway.session.GatewayLog;
import io.lockstep.gateway.session.NodeIdentity;
import io.lockstep.gateway.session.SpaceSource;
import io.lockstep.gateway.session.StatusSource;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.EpochClock;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.SystemNanoClock;

/**
 * Configuration of a {@link Gateway}: fluent, concluded once. What has no default must be set: bind address, ingress,
 * readers, committed position, identity and authenticator.
 */
public final class GatewayContext {
    private static final int CHECKPOINT_KEY_BYTES = 32;

    private InetSocketAddress bindAddress;
    private IngressPort ingress;
    private Supplier<JournalReader> readers;
    private LongSupplier committedPosition;
    private SnapshotLibrary snapshots = SnapshotLibrary.NONE;
    private byte[] checkpointKey = new byte[CHECKPOINT_KEY_BYTES];
    private SpaceSource space = SpaceSource.ALWAYS_NORMAL;
    private StatusSource statusSource = report -> {};
    private Authenticator authenticator;
    private Path tlsCertificateChain;
    private Path tlsPrivateKey;
    private boolean plaintextTokensAllowed;
    private boolean nativeTransport = true;
    private SessionLimits limits = new SessionLimits();
    private FrameLimits frameLimits = FrameLimits.DEFAULT;
    private NodeIdentity identity;
    private NanoClock nanoClock = SystemNanoClock.INSTANCE;
    private EpochClock epochClock = SystemEpochClock.INSTANCE;
    private GatewayCounters counters = new GatewayCounters();
    private GatewayLog log = (category, message) -> {};
    private ErrorHandler errorHandler;
    private long idleSpinNs = 20_000;
    private long idleBlockNs = 10_000_000;
    private boolean concluded;

    /**
     * Where to listen; port 0 picks one.
     *
     * @param value a resolved address
     * @return this
     */
    public GatewayContext bindAddress(final InetSocketAddress value) {
        mutable();
        bindAddress = value;
        return this;
    }

    /**
     * Takes commands.
     *
     * @param value the ring's front
     * @return this
     */
    public GatewayContext ingress(final IngressPort value) {
        mutable();
        ingress = value;
        return this;
    }

    /**
     * What clients that are behind are served from.
     *
     * @param newReaders opens readers; called on the readers' thread
     * @param committed position up to which everything is committed; readable by any thread, never backwards
     * @return this
     */
    public GatewayContext journal(final Supplier<JournalReader> newReaders, final LongSupplier committed) {
        mutable();
        readers = newReaders;
        committedPosition = committed;
        return this;
    }

    /**
     * Snapshots for clients that are new. Without them clients read the state from arbitration.
     *
     * @param library used by the readers' thread, and closed with it
     * @param key signs what clients keep to go on from; 32 bytes that stay the same over restarts
     * @return this
     */
    public GatewayContext snapshots(final SnapshotLibrary library, final byte[] key) {
        mutable();
        snapshots = library;
        checkpointKey = key.clone();
        return this;
    }

    /**
     * How much room the journal has.
     *
     * @param value readable by any thread; default always normal
     * @return this
     */
    public GatewayContext space(final SpaceSource value) {
        mutable();
        space = value;
        return this;
    }

    /**
     * Tells how the node is.
     *
     * @param value default tells nothing
     * @return this
     */
    public GatewayContext statusSource(final StatusSource value) {
        mutable();
        statusSource = value;
        return this;
    }

    /**
     * Tells who a client is.
     *
     * @param value one that needs no token is only taken for a loopback address
     * @return this
     */
    public GatewayContext authenticator(final Authenticator value) {
        mutable();
        authenticator = value;
        return this;
    }

    /**
     * Speaks TLS 1.3 instead of plain TCP.
     *
     * @param certificateChain PEM file
     * @param privateKey PEM file, PKCS#8, without a password
     * @return this
     */
    public GatewayContext tls(final Path certificateChain, final Path privateKey) {
        mutable();
        tlsCertificateChain = certificateChain;
        tlsPrivateKey = privateKey;
        return this;
    }

    /**
     * Takes tokens over plain TCP on an address that is not loopback.
     *
     * @param value default false
     * @return this
     */
    public GatewayContext plaintextTokensAllowed(final boolean value) {
        mutable();
        plaintextTokensAllowed = value;
        return this;
    }

    /**
     * Uses epoll where it is there.
     *
     * @param value default true; false for NIO always
     * @return this
     */
    public GatewayContext nativeTransport(final boolean value) {
        mutable();
        nativeTransport = value;
        return this;
    }

    /**
     * Limits of sessions.
     *
     * @param value not yet concluded; concluded with this
     * @return this
     */
    public GatewayContext limits(final SessionLimits value) {
        mutable();
        limits = value;
        return this;
    }

    /**
     * Limits of frames.
     *
     * @param value default {@link FrameLimits#DEFAULT}
     * @return this
     */
    public GatewayContext frameLimits(final FrameLimits value) {
        mutable();
        frameLimits = value;
        return this;
    }

    /**
     * What the node says of itself.
     *
     * @param value the identity
     * @return this
     */
    public GatewayContext identity(final NodeIdentity value) {
        mutable();
        identity = value;
        return this;
    }

    /**
     * Clocks.
     *
     * @param nano monotonic, for every time-out
     * @param epoch wall clock, for the expiry of tokens alone
     * @return this
     */
    public GatewayContext clocks(final NanoClock nano, final EpochClock epoch) {
        mutable();
        nanoClock = nano;
        epochClock = epoch;
        return this;
    }

    /**
     * Where to count.
     *
     * @param value default a new one
     * @return this
     */
    public GatewayContext counters(final GatewayCounters value) {
        mutable();
        counters = value;
        return this;
    }

    /**
     * Where to tell what an operator should know.
     *
     * @param value default nowhere
     * @return this
     */
    public GatewayContext log(final GatewayLog value) {
        mutable();
        log = value;
        return this;
    }

    /**
     * Gets what must stop the node: a journal that cannot be read back. Called on the catch-up thread.
     *
     * @param value default writes to the log
     * @return this
     */
    public GatewayContext errorHandler(final ErrorHandler value) {
        mutable();
        errorHandler = value;
        return this;
    }

    /**
     * How the thread of the transports idles.
     *
     * @param spinNs polls for so long after the last work before it blocks; 0 blocks at once
     * @param blockNs blocks in the event loop for at most so long; other agents of the thread run that late unless
     *     {@link Gateway#wakeup()} is called
     * @return this
     */
    public GatewayContext idle(final long spinNs, final long blockNs) {
        mutable();
        idleSpinNs = spinNs;
        idleBlockNs = blockNs;
        return this;
    }

    /**
     * Cross-checks everything and makes it final.
     *
     * @return this
     * @throws IllegalStateException when called twice, or when something that has no default is missing
     * @throws IllegalArgumentException naming the values that do not go together
     */
    public GatewayContext conclude() {
        mutable();
        required("bindAddress", bindAddress);
        required("ingress", ingress);
        required("journal", readers);
        required("identity", identity);
        required("authenticator", authenticator);
        ListenRules.check(bindAddress, authenticator, tlsCertificateChain, tlsPrivateKey, plaintextTokensAllowed);
        if (idleSpinNs < 0 || idleBlockNs <= 0) {
            throw new IllegalArgumentException(
                    "idle times are out of range: spinNs=" + idleSpinNs + ", blockNs=" + idleBlockNs);
        }
        limits.conclude(frameLimits.frameBytesMax());
        if (errorHandler == null) {
            final GatewayLog sink = log;
            errorHandler = error -> sink.event("failure", String.valueOf(error));
        }
        concluded = true;
        return this;
    }

    private static void required(final String name, final Object value) {
        if (value == null) {
            throw new IllegalStateException(name + " is not set");
        }
    }

    private void mutable() {
        if (concluded) {
            throw new IllegalStateException("the context is concluded");
        }
    }

    boolean isConcluded() {
        return concluded;
    }

    InetSocketAddress bindAddress() {
        return bindAddress;
    }

    IngressPort ingress() {
        return ingress;
    }

    Supplier<JournalReader> readers() {
        return readers;
    }

    LongSupplier committedPosition() {
        return committedPosition;
    }

    SnapshotLibrary snapshots() {
        return snapshots;
    }

    byte[] checkpointKey() {
        return checkpointKey.clone();
    }

    SpaceSource space() {
        return space;
    }

    StatusSource statusSource() {
        return statusSource;
    }

    Authenticator authenticator() {
        return authenticator;
    }

    Path tlsCertificateChain() {
        return tlsCertificateChain;
    }

    Path tlsPrivateKey() {
        return tlsPrivateKey;
    }

    boolean nativeTransport() {
        return nativeTransport;
    }

    SessionLimits limits() {
        return limits;
    }

    FrameLimits frameLimits() {
        return frameLimits;
    }

    NodeIdentity identity() {
        return identity;
    }

    NanoClock nanoClock() {
        return nanoClock;
    }

    EpochClock epochClock() {
        return epochClock;
    }

    GatewayCounters counters() {
        return counters;
    }

    GatewayLog log() {
        return log;
    }

    ErrorHandler errorHandler() {
        return errorHandler;
    }

    long idleSpinNs() {
        return idleSpinNs;
    }

    long idleBlockNs() {
        return idleBlockNs;
    }
}
