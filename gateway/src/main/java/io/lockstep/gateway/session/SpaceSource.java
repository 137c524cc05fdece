package io.lockstep.gateway.session;

import io.lockstep.engine.port.SpaceLevel;

/** How much room the journal has. Any thread. */
@FunctionalInterface
public interface SpaceSource {
    /** Room without end. */
    SpaceSource ALWAYS_NORMAL = () -> SpaceLevel.NORMAL;

    /**
     * How much in a word.
     *
     * @return the level now
     */
    SpaceLevel level();

    /**
     * What is free.
     *
     * @return bytes, -1 if not known
     */
    default long freeBytes() {
        return -1;
    }

    /**
     * Below how much free space a level begins.
     *
     * @param level not NORMAL
     * @return bytes, -1 if not known
     */
    default long limitBytes(final SpaceLevel level) {
        return -1;
    }
}
