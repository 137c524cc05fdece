package io.lockstep.gateway.auth;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * One line of a token file: {@code name=value} pairs with blanks between them.
 *
 * <pre>
 *   sha256=9f86…0a08 principal=alice databases=notes,team-* permissions=read,write sites=any
 *   sha256=60303ae2… principal=relay databases=notes permissions=write sites=0123…cdef,… expiresMs=1767225600000
 * </pre>
 *
 * @param sha256 of the token, lower-case hexadecimal
 * @param grant what it allows
 */
record TokenLine(String sha256, Grant grant) {
    private static final int HASH_BYTES = 32;
    private static final int SITE_DIGITS = 32;
    private static final int HALF = 16;

    /** Throws IllegalArgumentException that names the pair, never the token or its hash. */
    static TokenLine parse(final String line) {
        String hash = null;
        String principal = null;
        List<NamePattern> databases = null;
        Set<Permission> permissions = null;
        long[] sites = null;
        boolean sitesGiven = false;
        long expiresMs = 0;
        for (final String pair : line.trim().split("\\s+", -1)) {
            final int equals = pair.indexOf('=');
            final String name = equals < 0 ? pair : pair.substring(0, equals);
            final String value = equals < 0 ? "" : pair.substring(equals + 1);
            if (value.isEmpty()) {
                throw new IllegalArgumentException("not a name=value pair: name=" + printable(name));
            }
            switch (name) {
                case "sha256" -> hash = hash(value);
                case "principal" -> principal = principal(value);
                case "databases" -> databases = databases(value);
                case "permissions" -> permissions = permissions(value);
                case "sites" -> {
                    sites = "any".equals(value) ? null : sites(value);
                    sitesGiven = true;
                }
                case "expiresMs" -> expiresMs = expires(value);
                default -> throw new IllegalArgumentException("unknown name: name=" + printable(name));
            }
        }
        required("sha256", hash);
        required("principal", principal);
        required("databases", databases);
        required("permissions", permissions);
        required("sites", sitesGiven ? "" : null);
        return new TokenLine(hash, new Grant(principal, permissions, databases, sites, expiresMs, hash));
    }

    private static void required(final String name, final Object value) {
        if (value == null) {
            throw new IllegalArgumentException("missing: name=" + name);
        }
    }

    private static String hash(final String value) {
        if (value.length() != HASH_BYTES * 2) {
            throw new IllegalArgumentException("sha256 has 64 hexadecimal digits: length=" + value.length());
        }
        try {
            return HexFormat.of().formatHex(HexFormat.of().parseHex(value));
        } catch (final IllegalArgumentException e) {
            throw new IllegalArgumentException("sha256 is not hexadecimal", e);
        }
    }

    private static String principal(final String value) {
        if (value.length() > 128) {
            throw new IllegalArgumentException("principal has at most 128 characters: length=" + value.length());
        }
        return value;
    }

    private static List<NamePattern> databases(final String value) {
        final List<NamePattern> patterns = new ArrayList<>();
        for (final String name : value.split(",", -1)) {
            patterns.add(new NamePattern(name));
        }
        return patterns;
    }

    private static Set<Permission> permissions(final String value) {
        final Set<Permission> permissions = EnumSet.noneOf(Permission.class);
        for (final String name : value.split(",", -1)) {
            switch (name.toLowerCase(Locale.ROOT)) {
                case "read" -> permissions.add(Permission.READ);
                case "write" -> permissions.add(Permission.WRITE);
                case "create" -> permissions.add(Permission.CREATE);
                case "admin" -> permissions.add(Permission.ADMIN);
                default ->
                    throw new IllegalArgumentException(
                            "permissions are read, write, create, admin: permission=" + printable(name));
            }
        }
        return permissions;
    }

    private static long[] sites(final String value) {
        final String[] names = value.split(",", -1);
        final long[] sites = new long[names.length * 2];
        for (int i = 0; i < names.length; i++) {
            final String digits = names[i].replace("-", "");
            if (digits.length() != SITE_DIGITS) {
                throw new IllegalArgumentException("a site has 32 hexadecimal digits: site=" + printable(names[i]));
            }
            try {
                sites[2 * i] = Long.parseUnsignedLong(digits.substring(0, HALF), HALF);
                sites[2 * i + 1] = Long.parseUnsignedLong(digits.substring(HALF), HALF);
            } catch (final NumberFormatException e) {
                throw new IllegalArgumentException("a site is not hexadecimal: site=" + printable(names[i]), e);
            }
        }
        return sites;
    }

    private static long expires(final String value) {
        try {
            final long expiresMs = Long.parseLong(value);
            if (expiresMs > 0) {
                return expiresMs;
            }
        } catch (final NumberFormatException e) {
            throw new IllegalArgumentException("expiresMs is not a number: expiresMs=" + printable(value), e);
        }
        throw new IllegalArgumentException("expiresMs must be above 0, or left out for never: expiresMs=" + value);
    }

    /** Short, and of plain characters, for it goes to a log. */
    private static String printable(final String text) {
        final String cut = text.length() > 40 ? text.substring(0, 40) : text;
        return cut.replaceAll("[^\\x21-\\x7e]", "?");
    }
}
