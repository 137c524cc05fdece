package io.lockstep.client.model;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * Where a client goes on in a snapshot: opaque, signed by the node, and good for the same site, token, database and filters
 * as long as the node keeps the snapshot. Immutable.
 */
public final class Checkpoint {
    /** The beginning. */
    public static final Checkpoint START = new Checkpoint(new byte[0]);

    private final byte[] bytes;

    private Checkpoint(final byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * A checkpoint that was kept.
     *
     * @param bytes from {@link #toBytes()}; copied
     * @return the checkpoint
     */
    public static Checkpoint of(final byte[] bytes) {
        return bytes.length == 0 ? START : new Checkpoint(bytes.clone());
    }

    /**
     * What to keep.
     *
     * @return a copy
     */
    public byte[] toBytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof Checkpoint that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
