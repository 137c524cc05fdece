package io.lockstep.gateway.session;

import io.lockstep.gateway.session.SessionPublisher.Refusal;
import org.agrona.DirectBuffer;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A change set on its way in parts. It outlives its session for a while, so that the client can go on after a reconnect.
 * At any time one thread owns it: that of the transports, or the background one while it is examined and when its memory is
 * given back.
 */
final class Upload {
    /** What makes two uploads the same one. */
    record Key(
            int databaseId,
            int principalId,
            long siteHigh,
            long siteLow,
            long wall,
            int counter,
            int totalBytes,
            int crc) {}

    /** How far it is. */
    enum State {
        /** Parts are still to come. */
        RECEIVING,
        /** All of it came; the background thread looks at it, or it waits for its turn in the ring. */
        WHOLE,
        /** It was found good, but nobody has its database open, which may have left memory: it waits for its client. */
        PARKED,
        /** The ring decides it. */
        DECIDING,
        /** Its memory is given back. */
        OVER
    }

    private final Key key;
    private final int flags;
    private final boolean keysFolded;
    private final UnsafeBuffer memory = new UnsafeBuffer(0, 0);
    private UnsafeBuffer folded;
    private State state = State.RECEIVING;
    private Session session;
    private long requestId;
    private long touchedNs;
    private int received;
    private int foldBytes;
    private long countedBytes;
    private Refusal refusal;

    /**
     * An empty one; its memory is taken from the system as parts fill it.
     *
     * @param flags for the command
     * @param keysFolded whether keys of the database are in the quereus key form
     */
    Upload(final Key key, final int flags, final boolean keysFolded) {
        this.key = key;
        this.flags = flags;
        this.keysFolded = keysFolded;
        memory.wrap(UnsafeApi.allocateMemory(key.totalBytes()), key.totalBytes());
    }

    Key key() {
        return key;
    }

    int flags() {
        return flags;
    }

    boolean keysFolded() {
        return keysFolded;
    }

    /** It belongs to this session from now on; null when the session is gone. */
    void attach(final Session newSession, final long newRequestId) {
        session = newSession;
        requestId = newRequestId;
    }

    /** Null while no session asks for it. */
    Session session() {
        return session;
    }

    long requestId() {
        return requestId;
    }

    State state() {
        return state;
    }

    void state(final State next) {
        state = next;
    }

    void touched(final long nowNs) {
        touchedNs = nowNs;
    }

    long touchedNs() {
        return touchedNs;
    }

    int received() {
        return received;
    }

    boolean isWhole() {
        return received == key.totalBytes();
    }

    void add(final DirectBuffer buffer, final int offset, final int length) {
        memory.putBytes(received, buffer, offset, length);
        received += length;
    }

    /** What the client sent. */
    UnsafeBuffer memory() {
        return memory;
    }

    /** What the ring decides: the same, but for keys that had to be folded. */
    UnsafeBuffer set() {
        return folded == null ? memory : folded;
    }

    /** What the client sent is of no use any more. */
    void folded(final UnsafeBuffer set) {
        folded = set;
        free(memory);
    }

    /** Room is needed for a second form of it before it can be made. */
    void wantsFolding(final int bytes) {
        foldBytes = bytes;
    }

    /** How large the second form is; 0 if none is needed, as far as is known. */
    int foldBytes() {
        return foldBytes;
    }

    boolean isFolded() {
        return folded != null;
    }

    /** Its memory as {@link UploadRoom} counts it. */
    void counted(final long bytes) {
        countedBytes = bytes;
    }

    long countedBytes() {
        return countedBytes;
    }

    /** Why it cannot be decided; null if it can. */
    Refusal refusal() {
        return refusal;
    }

    void refuse(final Refusal why) {
        refusal = why;
    }

    /** Gives the memory back; it must not be used any more. */
    void free() {
        free(memory);
        if (folded != null) {
            free(folded);
        }
    }

    private static void free(final UnsafeBuffer buffer) {
        if (buffer.capacity() > 0) {
            UnsafeApi.freeMemory(buffer.addressOffset());
            buffer.wrap(0, 0);
        }
    }
}
