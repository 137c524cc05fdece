package io.lockstep.node.config;

/** Finds settings by name. */
public final class Settings {
    private static final int TYPING_ERRORS_MAX = 3;

    private Settings() {}

    /**
     * By its name in a file or flag.
     *
     * @param key lower case with dashes
     * @return null if there is none
     */
    public static Setting byKey(final String key) {
        for (final Setting setting : Setting.values()) {
            if (setting.key().equals(key)) {
                return setting;
            }
        }
        return null;
    }

    static Setting byEnvironmentName(final String name) {
        for (final Setting setting : Setting.values()) {
            if (setting.environmentName().equals(name)) {
                return setting;
            }
        }
        return null;
    }

    /**
     * What an unknown name may have been meant to be.
     *
     * @param key as given
     * @return ends a sentence
     */
    static String suggestion(final String key) {
        Setting nearest = null;
        int best = TYPING_ERRORS_MAX + 1;
        for (final Setting setting : Setting.values()) {
            final int distance = distance(key, setting.key());
            if (distance < best) {
                best = distance;
                nearest = setting;
            }
        }
        return nearest == null ? "; 'lockstep config' prints all of them" : "; did you mean '" + nearest.key() + "'?";
    }

    /** Levenshtein: how many letters differ. */
    private static int distance(final String left, final String right) {
        int[] previous = new int[right.length() + 1];
        for (int j = 0; j <= right.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= left.length(); i++) {
            final int[] current = new int[right.length() + 1];
            current[0] = i;
            for (int j = 1; j <= right.length(); j++) {
                final int same = left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1;
                current[j] = Math.min(previous[j - 1] + same, Math.min(previous[j], current[j - 1]) + 1);
            }
            previous = current;
        }
        return previous[right.length()];
    }
}
