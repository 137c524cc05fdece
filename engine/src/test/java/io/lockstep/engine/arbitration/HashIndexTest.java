package io.lockstep.engine.arbitration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class HashIndexTest {
    @Test
    void shouldHoldWhatASetHolds() {
        for (long seed = 1; seed <= 6; seed++) {
            // From hashes that are all different down to a handful, so that chains of buckets grow and shrink.
            run(seed, 1 << (4 * seed));
        }
    }

    private static void run(final long seed, final int hashes) {
        final Random random = new Random(seed);
        try (Arena arena = new Arena(4L * Arena.CHUNK_BYTES)) {
            final HashIndex index = new HashIndex(new MemoryAccount(arena));
            final Map<Integer, TreeSet<Integer>> model = new HashMap<>();
            final List<int[]> entries = new ArrayList<>();
            for (int step = 0; step < 30_000; step++) {
                final int kind = random.nextInt(10);
                if (entries.isEmpty() || kind < (step < 15_000 ? 6 : 3)) {
                    final int hash = random.nextInt(hashes) * 0x9E37_79B9;
                    index.insert(hash, step);
                    entries.add(new int[] {hash, step});
                    model.computeIfAbsent(hash, key -> new TreeSet<>()).add(step);
                } else if (kind < 8) {
                    final int[] entry = entries.remove(random.nextInt(entries.size()));
                    index.remove(entry[0], entry[1]);
                    model.get(entry[0]).remove(entry[1]);
                } else {
                    final int[] entry = entries.get(random.nextInt(entries.size()));
                    index.replace(entry[0], entry[1], -step);
                    model.get(entry[0]).remove(entry[1]);
                    model.get(entry[0]).add(-step);
                    entry[1] = -step;
                }
                assertEquals(entries.size(), index.size(), "seed=" + seed);
                if (step % 1_000 == 0) {
                    model.forEach((hash, values) -> assertEquals(values, found(index, hash), "seed=" + seed));
                }
            }
        }
    }

    private static TreeSet<Integer> found(final HashIndex index, final int hash) {
        final TreeSet<Integer> result = new TreeSet<>();
        long value = index.find(hash);
        while (value >= 0) {
            assertTrue(result.add((int) value), "value comes twice");
            value = index.findNext();
        }
        return result;
    }

    @Test
    void shouldStayCorrectWhenAllHashesAreTheSame() {
        try (Arena arena = new Arena(Arena.CHUNK_BYTES)) {
            final HashIndex index = new HashIndex(new MemoryAccount(arena));
            for (int i = 0; i < 2_000; i++) {
                index.insert(7, i);
            }
            assertEquals(2_000, found(index, 7).size());
            for (int i = 0; i < 2_000; i += 2) {
                index.remove(7, i);
            }
            assertEquals(1_000, found(index, 7).size());
        }
    }
}
