package io.lockstep.client;

import io.lockstep.codec.KeyForm;
import io.lockstep.codec.RowPolicy;

/**
 * Which database to open, and whether to make it. Immutable.
 *
 * @param name 1 to 128 bytes of A-Z a-z 0-9 . _ : -
 * @param create make it if it is not there; needs the create permission
 * @param rowPolicy with create: what a delete means to later writes
 * @param keyForm with create: how keys are compared
 * @param maxDriftMs with create: maximal drift, 0 for the node's default
 */
public record DatabaseOptions(String name, boolean create, RowPolicy rowPolicy, KeyForm keyForm, long maxDriftMs) {
    private static final int NAME_LENGTH_MAX = 128;
    private static final String OTHER_CHARACTERS = "._:-";

    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException if the name is outside its rules
     */
    public DatabaseOptions {
        if (name == null || name.isEmpty() || name.length() > NAME_LENGTH_MAX || !hasOnlyAllowed(name)) {
            throw new IllegalArgumentException(
                    "a database name has 1 to 128 characters of A-Z a-z 0-9 . _ : -: name=" + name);
        }
        if (maxDriftMs < 0) {
            throw new IllegalArgumentException("maxDriftMs=" + maxDriftMs);
        }
    }

    /**
     * An existing database.
     *
     * @param name its name
     * @return options that never make one
     */
    public static DatabaseOptions existing(final String name) {
        return new DatabaseOptions(name, false, RowPolicy.LAST_WRITER_WINS, KeyForm.TYPED, 0);
    }

    /**
     * A database that is made if it is not there, last-writer-wins with typed keys and the default drift.
     *
     * @param name its name
     * @return options that make one
     */
    public static DatabaseOptions createIfMissing(final String name) {
        return createIfMissing(name, RowPolicy.LAST_WRITER_WINS, KeyForm.TYPED);
    }

    /**
     * A database that is made if it is not there, with the default drift.
     *
     * @param name its name
     * @param rowPolicy what a delete means to later writes
     * @param keyForm how keys are compared
     * @return options that make one
     */
    public static DatabaseOptions createIfMissing(final String name, final RowPolicy rowPolicy, final KeyForm keyForm) {
        return new DatabaseOptions(name, true, rowPolicy, keyForm, 0);
    }

    private static boolean hasOnlyAllowed(final String name) {
        for (int i = 0; i < name.length(); i++) {
            final char c = name.charAt(i);
            final boolean letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
            final boolean digit = c >= '0' && c <= '9';
            final boolean allowed = letter || digit || OTHER_CHARACTERS.indexOf(c) >= 0;
            if (!allowed) {
                return false;
            }
        }
        return true;
    }
}
