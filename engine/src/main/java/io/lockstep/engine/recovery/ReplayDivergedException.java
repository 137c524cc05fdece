package io.lockstep.engine.recovery;

/** Arbitrating a recorded command again gave something else than what is recorded. The node must not start. */
public final class ReplayDivergedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long position;
    private final String field;
    private final String recorded;
    private final String recomputed;

    ReplayDivergedException(final long position, final String field, final String recorded, final String recomputed) {
        super("replay differs from the journal: position=" + position + ", field=" + field + ", recorded=" + recorded
                + ", recomputed=" + recomputed);
        this.position = position;
        this.field = field;
        this.recorded = recorded;
        this.recomputed = recomputed;
    }

    /**
     * Where.
     *
     * @return the record's position
     */
    public long position() {
        return position;
    }

    /**
     * What differs first.
     *
     * @return a field of the record, by its name in the schema
     */
    public String field() {
        return field;
    }

    /**
     * What the journal says.
     *
     * @return the value
     */
    public String recorded() {
        return recorded;
    }

    /**
     * What arbitration says now.
     *
     * @return the value
     */
    public String recomputed() {
        return recomputed;
    }
}
