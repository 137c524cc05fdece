package io.lockstep.node.config;

import io.lockstep.engine.arbitration.ArbiterContext;
import io.lockstep.node.config.SettingType.Amount;

/** The settings of which databases are in memory. */
final class ResidencySettings {
    private ResidencySettings() {}

    static Setting databases() {
        return Setting.amount(
                "databases-resident-max",
                new Amount(1, 1 << 24, Unit.COUNT),
                "20000",
                "above so many databases in memory, those without a session leave it, the longest unused first; opening one brings it back. Seen: some milliseconds more to its OpenDatabase.",
                "an idle one costs 2 KiB in memory, and 128 bytes when it has left");
    }

    static Setting bytes() {
        return Setting.amount(
                "state-resident-bytes",
                new Amount(1L << 20, ArbiterContext.ARENA_BYTES_MAX_DEFAULT, Unit.BYTES),
                Long.toString(bytesFor(ArbiterContext.ARENA_BYTES_MAX_DEFAULT)),
                "above so much memory of state, databases without a session leave it, the longest unused first, once a snapshot holds them. Seen: some milliseconds more to its OpenDatabase.",
                "below state-bytes-max, so that there is room to bring others back; three quarters of it by default");
    }

    /** How much of the state is in memory, where nobody says. */
    static long bytesFor(final long stateBytesMax) {
        return stateBytesMax / 4 * 3;
    }
}
