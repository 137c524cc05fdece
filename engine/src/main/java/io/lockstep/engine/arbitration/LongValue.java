package io.lockstep.engine.arbitration;

import io.lockstep.codec.hash.StateDigest;
import org.agrona.DirectBuffer;

/**
 * Puts a long value into memory a piece at a time and hashes it on the way. The cell belongs to nobody before it is
 * {@link #take taken}. One value at a time; one thread.
 */
final class LongValue {
    private final DigestKey digestKey;
    private final StateDigest hash;
    private MemoryAccount account;
    private int ref;
    private boolean reused;
    private int length;
    private int received;

    LongValue(final DigestKey digestKey) {
        this.digestKey = digestKey;
        hash = new StateDigest(digestKey.high(), digestKey.low());
    }

    /**
     * Begins with the value of a write.
     *
     * @param reusedRef a cell that the new one replaces in its own memory, which must be as large; 0 for none
     */
    void begin(final MemoryAccount newAccount, final int reusedRef, final Clock clock, final ChangeCursor change) {
        begin(
                newAccount,
                reusedRef,
                clock,
                change.opSeq(),
                digestKey.rowHash(change),
                digestKey.columnHash(change),
                change.valueLength());
    }

    void begin(
            final MemoryAccount newAccount,
            final int reusedRef,
            final Clock clock,
            final int opSeq,
            final long rowHash,
            final long columnHash,
            final int newLength) {
        account = newAccount;
        length = newLength;
        received = 0;
        reused = reusedRef != 0;
        ref = reused ? reusedRef : account.allocate(CellDescriptor.blockBytes(length));
        hash.beginCell(rowHash, columnHash, clock.wallCounter(), clock.siteHigh(), clock.siteLow(), opSeq);
    }

    boolean isOpen() {
        return ref != 0;
    }

    boolean isWhole() {
        return ref != 0 && received == length;
    }

    /** Bytes of the value that it has. */
    int received() {
        return received;
    }

    /** Bytes of the whole value. */
    int length() {
        return length;
    }

    /** Whether it goes into the memory of a cell. */
    boolean isIn(final int cellRef) {
        return ref == cellRef;
    }

    /** Takes more of the value of a write; tells how many bytes it took. */
    int more(final ChangeCursor change, final int most) {
        final int bytes = Math.min(most, length - received);
        add(change.buffer(), change.value() + received, bytes);
        return bytes;
    }

    /** Takes the next bytes, as many as are missing at most. */
    void add(final DirectBuffer buffer, final int offset, final int bytes) {
        if (bytes > length - received) {
            throw new IllegalArgumentException(
                    "more than the value has: length=" + length + ", received=" + received + ", bytes=" + bytes);
        }
        final Arena arena = account.arena();
        int done = 0;
        while (done < bytes) {
            final int chunk = received / CellDescriptor.CHUNK_BYTES;
            final int within = received % CellDescriptor.CHUNK_BYTES;
            final long cell = arena.address(ref);
            final int room = CellDescriptor.chunkBytes(length, chunk);
            if (within == 0 && !reused) {
                CellDescriptor.chunk(cell, chunk, account.allocate(room));
            }
            final int now = Math.min(bytes - done, room - within);
            NativeBytes.read(buffer, offset + done, now, arena.address(CellDescriptor.chunk(cell, chunk)) + within);
            hash.addToCell(buffer, offset + done, now);
            done += now;
            received += now;
        }
        if (received == length) {
            hash.endCell();
        }
    }

    /** The cell, whose value is whole, with its clock; from here on it is the caller's. */
    int take(final Clock clock, final int opSeq) {
        if (!isWhole()) {
            throw new IllegalStateException("a value is not whole: length=" + length + ", received=" + received);
        }
        final int taken = ref;
        CellDescriptor.putLong(account.arena().address(taken), clock, opSeq, length, hash.high(), hash.low());
        ref = 0;
        return taken;
    }

    /** Gives up what was begun, if anything was; not with the memory of another cell. */
    void discard() {
        if (ref == 0) {
            return;
        }
        if (reused) {
            throw new IllegalStateException("half of a cell is replaced: length=" + length + ", received=" + received);
        }
        final int chunks = CellDescriptor.chunkCount(received);
        CellDescriptor.freeChunks(account, account.arena().address(ref), length, chunks);
        account.free(ref, CellDescriptor.blockBytes(length));
        ref = 0;
    }
}
