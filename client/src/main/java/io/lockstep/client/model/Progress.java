package io.lockstep.client.model;

import io.lockstep.codec.ProgressDecoder;

/**
 * Nothing between two sequences matched the subscription. Immutable.
 *
 * @param afterSequence the sequence of the delivery or progress before
 * @param sequence up to here nothing matched
 * @param check goes into the cursor
 */
public record Progress(long afterSequence, long sequence, long check) {
    /**
     * Decodes a message.
     *
     * @param decoder wrapped around a validated message
     * @return the progress
     */
    public static Progress decode(final ProgressDecoder decoder) {
        return new Progress(decoder.afterSequence(), decoder.sequence(), decoder.check());
    }
}
