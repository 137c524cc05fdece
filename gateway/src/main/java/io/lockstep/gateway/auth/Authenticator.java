package io.lockstep.gateway.auth;

import org.agrona.DirectBuffer;

/** Tells who a client is. {@link #refresh} runs on a background thread, everything else on that of the transports. */
public interface Authenticator {
    /**
     * Looks a token up, in time that does not depend on how much of it is right.
     *
     * @param token holds it
     * @param offset of its first byte
     * @param length bytes, may be 0
     * @param nowMs milliseconds since 1970
     * @return null for no such token, or one that has expired
     */
    Grant authenticate(DirectBuffer token, int offset, int length, long nowMs);

    /**
     * What a grant that was given has become.
     *
     * @param grant given by {@link #authenticate}
     * @return the same, its successor, or null when it was revoked
     */
    Grant current(Grant grant);

    /**
     * Changes whenever a grant may have.
     *
     * @return a number
     */
    long generation();

    /**
     * Whether a client needs a token at all.
     *
     * @return false if everybody may do everything
     */
    boolean requiresToken();

    /** Looks for changes. May read files. */
    void refresh();

    /**
     * Times that a change could not be taken over, so that what was known before stays in force.
     *
     * @return a count
     */
    long refreshErrors();
}
