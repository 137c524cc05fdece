package io.lockstep.node.server;

import io.lockstep.engine.port.JournalPort;
import io.lockstep.engine.port.SpaceLevel;
import io.lockstep.gateway.session.SpaceSource;

/**
 * The journal's room as the gateway is told of it. Any thread.
 *
 * @param journal knows it
 * @param softBytes setting space-soft-bytes
 * @param hardBytes setting space-hard-bytes
 */
record JournalSpace(JournalPort journal, long softBytes, long hardBytes) implements SpaceSource {
    @Override
    public SpaceLevel level() {
        return journal.spaceLevel();
    }

    @Override
    public boolean hasRoomForBulk() {
        return journal.hasRoomForBulk();
    }

    @Override
    public long freeBytes() {
        return journal.freeBytes();
    }

    @Override
    public long limitBytes(final SpaceLevel level) {
        return level == SpaceLevel.HARD ? hardBytes : softBytes;
    }
}
