package io.lockstep.node.cli;

/** Makes foreign text harmless in a log or on a terminal: one line, no control characters, bounded. */
public final class LogText {
    private static final int LENGTH_MAX = 2_000;

    private LogText() {}

    /**
     * Replaces what could fake a line or steer a terminal.
     *
     * @param text any
     * @return one line of at most 2,000 characters
     */
    public static String safe(final String text) {
        final int length = Math.min(text.length(), LENGTH_MAX);
        final StringBuilder safe = new StringBuilder(length + 1);
        for (int i = 0; i < length; i++) {
            final char c = text.charAt(i);
            final int type = Character.getType(c);
            final boolean harmful = Character.isISOControl(c)
                    || type == Character.FORMAT
                    || type == Character.LINE_SEPARATOR
                    || type == Character.PARAGRAPH_SEPARATOR;
            safe.append(harmful ? '?' : c);
        }
        return length < text.length() ? safe.append('…').toString() : safe.toString();
    }
}
