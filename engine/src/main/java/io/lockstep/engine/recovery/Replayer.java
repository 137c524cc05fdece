package io.lockstep.engine.recovery;

import io.lockstep.engine.arbitration.Arbiter;
import io.lockstep.engine.arbitration.Decision;
import io.lockstep.engine.command.IngressCommand;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** Decides recorded commands again; see {@link Arbiter#replay}. */
@FunctionalInterface
public interface Replayer {
    /**
     * Decides one command.
     *
     * @param command the envelope as the record names it
     * @param body holds the record's command
     * @param offset of its first byte
     * @param length bytes
     * @param out where record and answer go
     * @param outOffset from here on
     * @param decision is told where they are
     */
    void replay(
            IngressCommand command,
            DirectBuffer body,
            int offset,
            int length,
            MutableDirectBuffer out,
            int outOffset,
            Decision decision);
}
