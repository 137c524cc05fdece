package io.lockstep.node.config;

/** Finds the setting that a wrong name may have been meant to be. Stateless. */
final class Spelling {
    private static final int TYPING_ERRORS_MAX = 3;

    /** In the environment, which others write to as well, one letter in this many may differ. */
    private static final int LETTERS_PER_ERROR = 4;

    private Spelling() {}

    /**
     * What an unknown name may have been meant to be.
     *
     * @param key as given
     * @return ends a sentence
     */
    static String suggestion(final String key) {
        final Setting nearest = nearest(key, TYPING_ERRORS_MAX);
        return nearest == null ? "; 'lockstep config' prints all of them" : "; did you mean '" + nearest.key() + "'?";
    }

    /**
     * The setting that a name in the environment was surely meant to be.
     *
     * @param key in the form of a setting's key
     * @return null if it is near none
     */
    static Setting misspelt(final String key) {
        return nearest(key, Math.min(TYPING_ERRORS_MAX, key.length() / LETTERS_PER_ERROR));
    }

    private static Setting nearest(final String key, final int errorsMax) {
        Setting nearest = null;
        int best = errorsMax + 1;
        for (final Setting setting : Settings.all()) {
            final int distance = distance(key, setting.key());
            if (distance < best) {
                best = distance;
                nearest = setting;
            }
        }
        return nearest;
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
