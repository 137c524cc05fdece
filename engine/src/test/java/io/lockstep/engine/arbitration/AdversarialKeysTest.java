package io.lockstep.engine.arbitration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.codec.KeyForm;
import io.lockstep.codec.RowPolicy;
import io.lockstep.codec.hash.SipHash;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class AdversarialKeysTest {
    private static final long SEED = 77;

    @Test
    void shouldTellRowsApartWhoseHashesAreTheSame() {
        final List<Long> colliding = colliding();
        assertTrue(colliding.size() >= 2, "no two keys with one hash among those tried");
        try (ArbiterDriver driver = ArbiterDriver.withSeed(SEED)) {
            final int database = driver.create("db", RowPolicy.LAST_WRITER_WINS, KeyForm.TYPED);
            final List<ModelSet.Change> writes = new ArrayList<>();
            for (final long key : colliding) {
                writes.add(new ModelSet.Change(
                        writes.size(), "m", "t", List.of(ModelValue.of(key)), "c", ModelValue.of(key)));
            }
            final ModelSet set = new ModelSet("0".repeat(32), ModelSets.START_MS, 0, List.of(), writes);
            driver.submit(database, set, ModelSets.START_MS);
            assertEquals(colliding.size(), driver.arbiter().database(database).rows());
            final Map<String, String> cells = driver.scan(database, 1 << 20).cells();
            for (final long key : colliding) {
                final byte[] bytes = ModelValue.of(key).encoded();
                final String value = cells.get(ArbiterDriver.cellName("m", "t", bytes, "c"));
                assertTrue(value.startsWith(java.util.HexFormat.of().formatHex(bytes)), "key=" + key);
            }
        }
    }

    @Test
    void shouldTellRowsApartWhosePartsRunTogether() {
        try (ArbiterDriver driver = ArbiterDriver.withSeed(SEED)) {
            final int database = driver.create("db", RowPolicy.LAST_WRITER_WINS, KeyForm.TYPED);
            final List<ModelSet.Change> writes = new ArrayList<>();
            final String[][] names = {{"a", "bc"}, {"ab", "c"}};
            for (final String[] name : names) {
                for (final List<ModelValue> key : List.of(
                        List.of(ModelValue.text("x"), ModelValue.text("y")),
                        List.of(ModelValue.text("xy")),
                        List.of(ModelValue.text("x\0y")),
                        List.of(ModelValue.blob("7879")),
                        List.of(ModelValue.json("xy")))) {
                    writes.add(new ModelSet.Change(writes.size(), name[0], name[1], key, "c", ModelValue.of(1)));
                }
            }
            driver.submit(
                    database,
                    new ModelSet("0".repeat(32), ModelSets.START_MS, 0, List.of(), writes),
                    ModelSets.START_MS);
            assertEquals(writes.size(), driver.arbiter().database(database).rows());
        }
    }

    /** Keys whose rows have the same 32 bits of hash under the seed of the driver, which no client knows. */
    private static List<Long> colliding() {
        final byte[] prefix = "\1\0m\1\0t\11\0".getBytes(StandardCharsets.ISO_8859_1);
        final byte[] row = new byte[prefix.length + 9];
        System.arraycopy(prefix, 0, row, 0, prefix.length);
        final UnsafeBuffer buffer = new UnsafeBuffer(row);
        final Map<Integer, Long> seen = new HashMap<>();
        final List<Long> result = new ArrayList<>();
        for (long key = 0; key < 400_000; key++) {
            buffer.putBytes(prefix.length, ModelValue.of(key).encoded());
            final Long other = seen.put((int) SipHash.hash13(SEED, ~SEED, buffer, 0, row.length), key);
            if (other != null) {
                result.add(other);
                result.add(key);
            }
        }
        return result;
    }
}
