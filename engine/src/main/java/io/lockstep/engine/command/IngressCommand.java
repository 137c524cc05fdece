package io.lockstep.engine.command;

/**
 * The envelope of a command: what the gateway knows of it and the client does not decide. Mutable, reused, confined to
 * one thread.
 */
public final class IngressCommand {
    /** Flag: the principal may write as the change set's site. */
    public static final int FLAG_SITE_AUTHORISED = 1;

    /** Flag: the principal may create databases. */
    public static final int FLAG_MAY_CREATE = 2;

    private CommandKind kind = CommandKind.CHANGE_SET;
    private long sessionId;
    private int principalId;
    private int databaseId;
    private int flags;
    private long stampedTimeMs;

    /**
     * Sets every field.
     *
     * @param newKind what is asked
     * @param newSessionId who asks, 0 for the node itself
     * @param newPrincipalId on whose behalf
     * @param newDatabaseId the session's database, 0 before one is open
     * @param newFlags FLAG_ bits
     * @param newStampedTimeMs the ingress clock, milliseconds since 1970
     * @return this
     */
    public IngressCommand set(
            final CommandKind newKind,
            final long newSessionId,
            final int newPrincipalId,
            final int newDatabaseId,
            final int newFlags,
            final long newStampedTimeMs) {
        kind = newKind;
        sessionId = newSessionId;
        principalId = newPrincipalId;
        databaseId = newDatabaseId;
        flags = newFlags;
        stampedTimeMs = newStampedTimeMs;
        return this;
    }

    /**
     * What is asked.
     *
     * @return its kind
     */
    public CommandKind kind() {
        return kind;
    }

    /**
     * Who asks.
     *
     * @return the session, 0 for the node itself
     */
    public long sessionId() {
        return sessionId;
    }

    /**
     * On whose behalf.
     *
     * @return a hash of the principal's name, 0 for the node itself
     */
    public int principalId() {
        return principalId;
    }

    /**
     * The session's database.
     *
     * @return 0 before one is open
     */
    public int databaseId() {
        return databaseId;
    }

    /**
     * FLAG_ bits.
     *
     * @return the bits
     */
    public int flags() {
        return flags;
    }

    /**
     * The command's time.
     *
     * @return milliseconds since 1970
     */
    public long stampedTimeMs() {
        return stampedTimeMs;
    }
}
