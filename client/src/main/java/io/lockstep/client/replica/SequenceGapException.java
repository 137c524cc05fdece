package io.lockstep.client.replica;

/** A delivery does not follow the one before it: something was lost or comes twice, and the replica was left as it was. */
public final class SequenceGapException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /**
     * A gap.
     *
     * @param cursorSequence where the replica is
     * @param afterSequence where the delivery says that it follows
     * @param sequence of the delivery
     */
    public SequenceGapException(final long cursorSequence, final long afterSequence, final long sequence) {
        super("delivery does not follow the cursor: cursorSequence=" + cursorSequence + ", afterSequence="
                + afterSequence + ", sequence=" + sequence);
    }
}
