package io.lockstep.gateway.auth;

import org.agrona.DirectBuffer;

/** Everybody may do everything. Only for a node that listens on loopback alone. */
public final class NoAuthentication implements Authenticator {
    private final Grant everything = Grant.ofEverything("anonymous");

    @Override
    public Grant authenticate(final DirectBuffer token, final int offset, final int length, final long nowMs) {
        return everything;
    }

    @Override
    public Grant current(final Grant grant) {
        return grant;
    }

    @Override
    public long generation() {
        return 0;
    }

    @Override
    public boolean requiresToken() {
        return false;
    }

    @Override
    public void refresh() {
        // Nothing ever changes.
    }

    @Override
    public long refreshErrors() {
        return 0;
    }
}
