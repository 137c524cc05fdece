package io.lockstep.node.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.client.model.Change;
import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.model.Hlc;
import io.lockstep.client.model.Key;
import io.lockstep.node.demo.DemoPlan.PlannedSet;
import io.lockstep.node.demo.History.FileVersion;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DemoPlanTest {
    private static final long NOW_MS = 1_800_000_000_000L;
    private static final long SEED = 7;

    private final History history = BuiltInHistory.make(SEED, NOW_MS);
    private final DemoPlan plan = new DemoPlan(history, 9_000, NOW_MS);

    /** Last writer wins, from the rules, in the simplest way: per row a tombstone, per cell a clock. */
    private static final class Oracle {
        private final Map<Key, Hlc> tombstones = new HashMap<>();
        private final Map<Key, Map<String, Hlc>> clocks = new HashMap<>();
        private final Map<Key, Map<String, String>> values = new HashMap<>();

        void apply(final ChangeSet set) {
            for (final Change change : set.changes()) {
                final Hlc clock = set.hlc(change.opSeq());
                final Hlc tombstone = tombstones.get(change.key());
                final Map<String, Hlc> cells = clocks.computeIfAbsent(change.key(), key -> new HashMap<>());
                final Map<String, String> texts = values.computeIfAbsent(change.key(), key -> new HashMap<>());
                if (change.isDelete()) {
                    if (tombstone == null || clock.compareTo(tombstone) > 0) {
                        tombstones.put(change.key(), clock);
                        cells.entrySet().removeIf(cell -> cell.getValue().compareTo(clock) <= 0);
                        texts.keySet().retainAll(cells.keySet());
                    }
                } else if (tombstone == null || clock.compareTo(tombstone) > 0) {
                    final Hlc present = cells.get(change.column());
                    if (present == null || clock.compareTo(present) > 0) {
                        cells.put(change.column(), clock);
                        texts.put(change.column(), change.value().asText());
                    }
                }
            }
        }
    }

    @Test
    void shouldEndInTheTreeWhateverTheOrder() {
        final List<PlannedSet> shuffled = new ArrayList<>(plan.sets());
        Collections.shuffle(shuffled, new Random(SEED));
        final Oracle oracle = new Oracle();
        shuffled.forEach(planned -> oracle.apply(plan.changeSet(planned)));
        oracle.values.values().removeIf(Map::isEmpty);
        final Map<Key, Map<String, String>> expected = new HashMap<>();
        for (final Map.Entry<Key, FileVersion> file : plan.expected().entrySet()) {
            expected.put(
                    file.getKey(),
                    Map.of(
                            DemoPlan.MODE,
                            file.getValue().mode(),
                            DemoPlan.BLOB,
                            file.getValue().blob()));
        }
        assertEquals(expected, oracle.values, "seed=" + SEED);
    }

    @Test
    void shouldReachTheNumberOfSetsWithRivalsFromSeveralSites() {
        assertTrue(plan.sets().size() >= 9_000, "sets=" + plan.sets().size());
        assertTrue(plan.rivals() >= 1 && plan.copies() >= 1);
        assertTrue(plan.sites() >= 8, "sites=" + plan.sites());
    }

    @Test
    void shouldGiveEverySetAClockOfItsOwn() {
        final Set<Hlc> clocks = new HashSet<>();
        plan.sets().forEach(planned -> assertTrue(clocks.add(plan.clock(planned)), "twice: " + planned));
    }

    @Test
    void shouldNotStampFromTheFuture() {
        final DemoPlan past = new DemoPlan(history, 9_000, NOW_MS / 2);
        past.sets().forEach(planned -> assertTrue(past.clock(planned).wall() <= NOW_MS / 2));
    }
}
