package io.lockstep.engine.arbitration;

/** What one database takes of the arena: every block that it allocates counts here, as large as its class is. */
final class MemoryAccount {
    private final Arena arena;
    private long bytes;

    MemoryAccount(final Arena arena) {
        this.arena = arena;
    }

    Arena arena() {
        return arena;
    }

    int allocate(final int blockBytes) {
        bytes += Arena.blockBytes(blockBytes);
        return arena.allocate(blockBytes);
    }

    void free(final int ref, final int blockBytes) {
        bytes -= Arena.blockBytes(blockBytes);
        arena.free(ref, blockBytes);
    }

    long bytes() {
        return bytes;
    }
}
