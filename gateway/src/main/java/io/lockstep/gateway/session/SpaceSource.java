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
     * Whether what can wait may be written now: others need what room there is until more is made.
     *
     * @return true if so
     */
    default boolean hasRoomForBulk() {
        return true;
    }

    /**
     * Whether it is the disk that has too little room, and not the file that is made ahead.
     *
     * @return true if so, or if it is not known
     */
    default boolean isTooFull() {
        return level() == SpaceLevel.HARD
                && (limitBytes(SpaceLevel.HARD) < 0 || freeBytes() < limitBytes(SpaceLevel.HARD));
    }

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
