package io.lockstep.gateway.auth;

/**
 * A database name, in which {@code *} stands for any run of characters and {@code ?} for one. Matching takes time
 * proportional to the product of the lengths at worst, both of which are bounded.
 */
public final class NamePattern {
    private final String pattern;

    /**
     * A pattern.
     *
     * @param pattern 1 to 128 characters
     */
    public NamePattern(final String pattern) {
        if (pattern.isEmpty() || pattern.length() > 128) {
            throw new IllegalArgumentException(
                    "a database pattern has 1 to 128 characters: length=" + pattern.length());
        }
        this.pattern = pattern;
    }

    /**
     * Whether a name is meant.
     *
     * @param name of a database
     * @return true if so
     */
    public boolean matches(final CharSequence name) {
        int p = 0;
        int n = 0;
        int star = -1;
        int starName = 0;
        while (n < name.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                starName = n;
            } else if (p < pattern.length() && (pattern.charAt(p) == '?' || pattern.charAt(p) == name.charAt(n))) {
                p++;
                n++;
            } else if (star >= 0) {
                p = star + 1;
                n = ++starName;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }

    @Override
    public String toString() {
        return pattern;
    }
}
