package io.lockstep.engine.arbitration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.agrona.UnsafeApi;
import org.junit.jupiter.api.Test;

class ArenaTest {
    private record Block(int ref, int bytes, byte fill) {}

    @Test
    void shouldRoundUpByAQuarterAtMost() {
        for (int bytes = 1; bytes <= 1 << 20; bytes += bytes < 5_000 ? 1 : 997) {
            final int block = Arena.blockBytes(bytes);
            assertTrue(block >= bytes && block % 8 == 0, "bytes=" + bytes + " block=" + block);
            assertTrue(block <= Math.max(bytes + 7, bytes + bytes / 4 + 1), "bytes=" + bytes + " block=" + block);
            assertEquals(block, Arena.blockBytes(block), "bytes=" + bytes);
        }
    }

    @Test
    void shouldNeverGiveOutBytesTwice() {
        for (long seed = 1; seed <= 5; seed++) {
            runRandomly(seed);
        }
    }

    private static void runRandomly(final long seed) {
        final Random random = new Random(seed);
        try (Arena arena = new Arena(6L * Arena.CHUNK_BYTES)) {
            final List<Block> blocks = new ArrayList<>();
            final TreeMap<Long, Long> taken = new TreeMap<>();
            long used = 0;
            for (int step = 0; step < 40_000; step++) {
                if (blocks.isEmpty() || (random.nextInt(5) < 3 && used < 4L * Arena.CHUNK_BYTES)) {
                    final int bytes = 1 + random.nextInt(random.nextInt(200) == 0 ? 700_000 : 600);
                    final Block block = new Block(arena.allocate(bytes), bytes, (byte) random.nextInt());
                    final long start = arena.address(block.ref());
                    final long end = start + Arena.blockBytes(bytes);
                    assertTrue(bytes <= 256 || start % 64 == 0, "not aligned: seed=" + seed + " bytes=" + bytes);
                    final var before = taken.lowerEntry(end);
                    assertTrue(before == null || before.getValue() <= start, "overlap: seed=" + seed);
                    taken.put(start, end);
                    UnsafeApi.setMemory(start, bytes, block.fill());
                    blocks.add(block);
                    used += Arena.blockBytes(bytes);
                } else {
                    final Block block = blocks.remove(random.nextInt(blocks.size()));
                    checkFilled(arena, block, seed);
                    taken.remove(arena.address(block.ref()));
                    arena.free(block.ref(), block.bytes());
                    used -= Arena.blockBytes(block.bytes());
                }
                assertEquals(used, arena.usedBytes(), "seed=" + seed);
            }
            for (final Block block : blocks) {
                checkFilled(arena, block, seed);
                arena.free(block.ref(), block.bytes());
            }
            assertEquals(0, arena.usedBytes(), "seed=" + seed);
        }
    }

    private static void checkFilled(final Arena arena, final Block block, final long seed) {
        final long address = arena.address(block.ref());
        assertEquals(block.fill(), UnsafeApi.getByte(address), "seed=" + seed);
        assertEquals(block.fill(), UnsafeApi.getByte(address + block.bytes() - 1), "seed=" + seed);
    }

    @Test
    void shouldUseAFreedBlockAgain() {
        try (Arena arena = new Arena(Arena.CHUNK_BYTES)) {
            final int first = arena.allocate(100);
            arena.allocate(100);
            arena.free(first, 100);
            assertEquals(first, arena.allocate(97));
        }
    }

    @Test
    void shouldCutUpLargeFreeBlocksBeforeItGivesUp() {
        try (Arena arena = new Arena(Arena.CHUNK_BYTES)) {
            final int large = arena.allocate(Arena.BLOCK_BYTES_MAX);
            while (arena.freshBytes() >= 4_096) {
                arena.allocate(4_096);
            }
            arena.free(large, Arena.BLOCK_BYTES_MAX);
            for (int i = 0; i < Arena.BLOCK_BYTES_MAX / 8_192; i++) {
                assertNotEquals(0, arena.allocate(8_192));
            }
        }
    }

    @Test
    void shouldSayHowMuchItHoldsWhenItIsExhausted() {
        try (Arena arena = new Arena(Arena.CHUNK_BYTES)) {
            arena.allocate(Arena.BLOCK_BYTES_MAX);
            final IllegalStateException thrown =
                    assertThrows(IllegalStateException.class, () -> arena.allocate(Arena.BLOCK_BYTES_MAX));
            assertTrue(thrown.getMessage().contains("bytesMax=" + Arena.CHUNK_BYTES), thrown.getMessage());
        }
    }
}
