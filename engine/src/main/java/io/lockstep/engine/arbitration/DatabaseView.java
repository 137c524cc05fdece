package io.lockstep.engine.arbitration;

import io.lockstep.codec.KeyForm;
import io.lockstep.codec.RowPolicy;

/**
 * What may be looked at of a database from outside of arbitration. Every value is as of the last decision; only the
 * thread that decides may call.
 */
public interface DatabaseView {
    /**
     * The node's number for it.
     *
     * @return 1, 2, 3 ...
     */
    int id();

    /**
     * Its name.
     *
     * @return 1 to 128 characters
     */
    String name();

    /**
     * What a delete means to later writes.
     *
     * @return never changes
     */
    RowPolicy rowPolicy();

    /**
     * How keys are compared.
     *
     * @return never changes
     */
    KeyForm keyForm();

    /**
     * How far a change set's wall may be ahead of the stamped time.
     *
     * @return milliseconds
     */
    long maxDriftMs();

    /**
     * The last sequence handed out.
     *
     * @return 0 before the first
     */
    long sequence();

    /**
     * Live cells.
     *
     * @return a count
     */
    long cells();

    /**
     * Rows that are kept: with live cells, a tombstone, or both.
     *
     * @return a count
     */
    long rows();

    /**
     * Tombstones.
     *
     * @return a count
     */
    long tombstones();

    /**
     * Schema migrations kept.
     *
     * @return a count
     */
    long migrations();

    /**
     * Memory that counts against the quota.
     *
     * @return bytes
     */
    long bytes();

    /**
     * Upper half of the digest of the live cells.
     *
     * @return bits 64 to 127
     */
    long liveDigestHigh();

    /**
     * Lower half of the digest of the live cells.
     *
     * @return bits 0 to 63
     */
    long liveDigestLow();

    /**
     * Upper half of the digest of tombstones and migrations.
     *
     * @return bits 64 to 127
     */
    long secondDigestHigh();

    /**
     * Lower half of the digest of tombstones and migrations.
     *
     * @return bits 0 to 63
     */
    long secondDigestLow();

    /**
     * Both digests folded, as a journal record carries them.
     *
     * @return 64 bits
     */
    long stateDigest();

    /**
     * How often a write came with the clock of a cell and another value: its site used a clock twice. A metric of this
     * process, not part of the state.
     *
     * @return a count
     */
    long sameHlcConflicts();

    /**
     * First half of the site that {@link #sameHlcConflicts} counted last.
     *
     * @return 0 if there was none
     */
    long sameHlcSiteHigh();

    /**
     * Second half of the site that {@link #sameHlcConflicts} counted last.
     *
     * @return 0 if there was none
     */
    long sameHlcSiteLow();
}
