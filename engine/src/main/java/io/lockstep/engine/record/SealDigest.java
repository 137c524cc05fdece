package io.lockstep.engine.record;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.agrona.DirectBuffer;

/**
 * SHA-256 over the bytes of the records since the last seal. Begun by replay, carried on by the journal stage. One thread
 * at a time; allocates nothing after construction.
 */
public final class SealDigest {
    /** Bytes of a SHA-256. */
    public static final int LENGTH = 32;

    private final MessageDigest sha256;
    private final byte[] staging = new byte[8192];
    private int staged;
    private int records;

    /** A digest of nothing. */
    public SealDigest() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (final NoSuchAlgorithmException ex) {
            throw new IllegalStateException("every Java platform has SHA-256", ex);
        }
    }

    /**
     * Takes in one record.
     *
     * @param buffer holds it, sealed
     * @param offset of its first byte
     * @param length bytes
     */
    public void update(final DirectBuffer buffer, final int offset, final int length) {
        int done = 0;
        while (done < length) {
            if (staged == staging.length) {
                flush();
            }
            final int part = Math.min(staging.length - staged, length - done);
            buffer.getBytes(offset + done, staging, staged, part);
            staged += part;
            done += part;
        }
        records++;
    }

    /**
     * Ends the digest and starts the next one.
     *
     * @param out gets {@value #LENGTH} bytes
     */
    public void finish(final byte[] out) {
        flush();
        try {
            sha256.digest(out, 0, LENGTH);
        } catch (final DigestException ex) {
            throw new IllegalArgumentException("out.length=" + out.length + ", needed=" + LENGTH, ex);
        }
        records = 0;
    }

    private void flush() {
        sha256.update(staging, 0, staged);
        staged = 0;
    }

    /**
     * Records taken in since the last seal.
     *
     * @return a count
     */
    public int records() {
        return records;
    }
}
