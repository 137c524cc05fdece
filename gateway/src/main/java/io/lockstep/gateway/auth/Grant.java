package io.lockstep.gateway.auth;

import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What one token allows. Immutable. */
public final class Grant {
    private final String principal;
    private final int principalId;
    private final Set<Permission> permissions;
    private final List<NamePattern> databases;
    private final long[] sites;
    private final long expiresMs;
    private final Object key;

    /**
     * A grant.
     *
     * @param principal whose token it is
     * @param permissions what it allows
     * @param databases in which databases
     * @param sites pairs of (high, low) of the sites that it may write as; null for any
     * @param expiresMs milliseconds since 1970, 0 never
     * @param key what the authenticator finds it by again
     */
    Grant(
            final String principal,
            final Set<Permission> permissions,
            final List<NamePattern> databases,
            final long[] sites,
            final long expiresMs,
            final Object key) {
        this.principal = principal;
        this.principalId = principalId(principal);
        this.permissions = permissions.isEmpty() ? EnumSet.noneOf(Permission.class) : EnumSet.copyOf(permissions);
        this.databases = List.copyOf(databases);
        this.sites = sites == null ? null : sites.clone();
        this.expiresMs = expiresMs;
        this.key = key;
    }

    /**
     * A grant of everything, for a node without authentication.
     *
     * @param principal name for the log and the journal
     * @return a grant that never expires
     */
    public static Grant ofEverything(final String principal) {
        return new Grant(
                principal, EnumSet.allOf(Permission.class), List.of(new NamePattern("*")), null, 0, "everything");
    }

    /**
     * Whose token it is.
     *
     * @return a name
     */
    public String principal() {
        return principal;
    }

    /**
     * The principal in the journal.
     *
     * @return a hash of the name, never 0
     */
    public int principalId() {
        return principalId;
    }

    /**
     * Whether something is allowed in the databases named.
     *
     * @param permission which
     * @return true if so
     */
    public boolean allows(final Permission permission) {
        return permissions.contains(permission);
    }

    /**
     * Whether a database is named.
     *
     * @param name of the database
     * @return true if so
     */
    public boolean covers(final CharSequence name) {
        for (int i = 0; i < databases.size(); i++) {
            if (databases.get(i).matches(name)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether change sets of a site may be applied.
     *
     * @param high first eight bytes of the site
     * @param low last eight bytes of the site
     * @return true if so
     */
    public boolean mayWriteAs(final long high, final long low) {
        if (sites == null) {
            return true;
        }
        for (int i = 0; i < sites.length; i += 2) {
            if (sites[i] == high && sites[i + 1] == low) {
                return true;
            }
        }
        return false;
    }

    /**
     * When it ends.
     *
     * @return milliseconds since 1970, 0 never
     */
    public long expiresMs() {
        return expiresMs;
    }

    /**
     * Whether it has ended.
     *
     * @param nowMs milliseconds since 1970
     * @return true if so
     */
    public boolean isExpired(final long nowMs) {
        return expiresMs != 0 && nowMs >= expiresMs;
    }

    Object key() {
        return key;
    }

    private static int principalId(final String principal) {
        int hash = 0x811C9DC5;
        for (final byte b : principal.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xFF)) * 0x01000193;
        }
        return hash == 0 ? 1 : hash;
    }
}
