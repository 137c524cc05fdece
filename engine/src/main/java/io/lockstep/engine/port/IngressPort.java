package io.lockstep.engine.port;

import io.lockstep.engine.command.IngressCommand;
import io.lockstep.engine.command.StagedSets;
import org.agrona.DirectBuffer;

/** Where transports hand over validated commands. One thread, that of the transports. */
public interface IngressPort {
    /**
     * Copies a command into the ring, or refuses.
     *
     * @param command the envelope; copied
     * @param body the SBE message named by the command's kind, with its header, already validated; copied
     * @param offset of its first byte
     * @param length bytes
     * @return false when the ring is full: nothing was taken, try again after the engine moved on
     */
    boolean tryPublish(IngressCommand command, DirectBuffer body, int offset, int length);

    /**
     * The time that a command published now would be stamped with: never backwards.
     *
     * @return milliseconds since 1970
     */
    long stampedTimeMs();

    /**
     * Databases that were brought back into memory: when it moves, whoever waits for one asks again.
     *
     * @return a count
     */
    default long loads() {
        return 0;
    }

    /**
     * Where large change sets are put before commands name them.
     *
     * @return the same for all commands
     */
    StagedSets stagedSets();
}
