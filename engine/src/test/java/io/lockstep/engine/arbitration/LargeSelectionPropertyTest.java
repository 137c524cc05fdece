package io.lockstep.engine.arbitration;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.codec.KeyForm;
import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.RecordKind;
import io.lockstep.codec.RowPolicy;
import io.lockstep.codec.SubscribeEncoder;
import io.lockstep.codec.filter.ChangeFilters;
import io.lockstep.engine.delivery.DeliveryEncoder;
import io.lockstep.engine.delivery.DeliveryFilter;
import io.lockstep.engine.delivery.LargeDelivery;
import io.lockstep.engine.delivery.LargeSelection;
import io.lockstep.engine.record.LargeSetAssembly;
import io.lockstep.engine.record.RecordView;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** What a selection gives out in pieces must be, byte by byte, what encoder and filter make of the set when it is put together. */
class LargeSelectionPropertyTest {
    private static final String[] GLOBS = {"t", "main.*", "*u", "m?.int", "aint", "*", "none", "?.aint", "ma*"};

    private final LargeSetAssembly assembly = new LargeSetAssembly();
    private final LargeDelivery delivery = new LargeDelivery();
    private final DeliveryEncoder encoder = new DeliveryEncoder();
    private final DeliveryFilter filter = new DeliveryFilter();
    private final RecordView view = new RecordView();
    private int sets;
    private int parts;
    private int survivors;
    private int dropped;

    @Test
    void shouldGiveTheBytesOfTheFilteredDeliveryFromAnyPlace() {
        for (long seed = 1; seed <= 40; seed++) {
            compare(seed, new ModelSets(seed), 200);
        }
        assertTrue(
                sets > 500 && parts > 500 && survivors > 100 && dropped > 100,
                "too few to mean anything: sets=" + sets + ", parts=" + parts + ", survivors=" + survivors
                        + ", dropped=" + dropped);
    }

    @Test
    void shouldGiveLongValuesFromAnyPlace() {
        for (long seed = 1; seed <= 4; seed++) {
            compare(seed, ModelSets.withLongValues(seed), 40_000);
        }
    }

    private void compare(final long seed, final ModelSets model, final int partBytesMax) {
        final Random random = model.random();
        final RowPolicy policy = seed % 2 == 0 ? RowPolicy.DELETE_WINS : RowPolicy.LAST_WRITER_WINS;
        try (ArbiterDriver driver = ArbiterDriver.withSeed(seed)) {
            final int database = driver.create("a", policy, KeyForm.TYPED);
            int seen = driver.records().size();
            for (int i = 0; i < 60; i++) {
                driver.submitLarge(
                        database,
                        model.next(ModelSets.START_MS + 20L * i),
                        ModelSets.START_MS + 20L * i,
                        true,
                        false,
                        1 + random.nextInt(partBytesMax),
                        () -> {});
                final List<byte[]> records = driver.records();
                for (; seen < records.size(); seen++) {
                    onRecord(records.get(seen), random, "seed=" + seed + " set=" + i);
                }
            }
        } finally {
            assembly.close();
            delivery.close();
        }
    }

    private void onRecord(final byte[] record, final Random random, final String where) {
        view.wrap(new UnsafeBuffer(record), 0, record.length);
        if (view.kind() == RecordKind.SET_PART) {
            parts++;
            assertTrue(assembly.onPart(view));
            assertTrue(delivery.onPart(view));
        } else if (view.kind() == RecordKind.LARGE_CHANGE_SET) {
            sets++;
            assertTrue(assembly.onLargeSet(view));
            assertTrue(delivery.onLargeSet(view));
            survivors += view.survivorsLength() > 4 ? 1 : 0;
            final int slice = 1 + random.nextInt(7);
            while (!delivery.index(slice)) {
                Thread.onSpinWait();
            }
            for (int i = 0; i < 6; i++) {
                compare(i == 0 ? ChangeFilters.ALL : filters(random), random, where);
            }
        }
    }

    private void compare(final ChangeFilters filters, final Random random, final String where) {
        final byte[] expected = expected(filters);
        final LargeSelection selection = new LargeSelection(filters);
        final int slice = 1 + random.nextInt(7);
        while (!selection.select(delivery, slice)) {
            Thread.onSpinWait();
        }
        assertEquals(expected.length, selection.length(), where);
        final byte[] actual = new byte[expected.length];
        final UnsafeBuffer target = new UnsafeBuffer(actual);
        final int partBytes = 1 + random.nextInt(random.nextBoolean() ? 40 : 1 + expected.length);
        final int step = Math.max(partBytes, expected.length / 2_000);
        for (int from = 0; from < expected.length; from += step) {
            selection.copy(delivery, from, Math.min(step, expected.length - from), target, from);
        }
        assertArrayEquals(expected, actual, where);
        for (int i = 0; i < 5 && expected.length > 0; i++) {
            final int from = random.nextInt(expected.length);
            final byte[] piece = new byte[1 + random.nextInt(expected.length - from)];
            selection.copy(delivery, from, piece.length, new UnsafeBuffer(piece), 0);
            assertArrayEquals(Arrays.copyOfRange(expected, from, from + piece.length), piece, where);
        }
    }

    private byte[] expected(final ChangeFilters filters) {
        final UnsafeBuffer whole = new UnsafeBuffer(new byte[DeliveryEncoder.lengthMax(assembly.length())]);
        int length = encoder.encode(assembly.buffer(), 0, assembly.length(), whole, 0);
        if (!filters.isAll()) {
            if (filter.match(filters, whole, 0) == 0) {
                length = 0;
            } else if (!filter.isWhole()) {
                dropped++;
                length = filter.copy(0, whole, 0);
            }
        }
        return Arrays.copyOf(whole.byteArray(), length);
    }

    private static ChangeFilters filters(final Random random) {
        final UnsafeBuffer message = new UnsafeBuffer(new byte[1_024]);
        final SubscribeEncoder encoder =
                new SubscribeEncoder().wrapAndApplyHeader(message, 0, new MessageHeaderEncoder());
        final int count = 1 + random.nextInt(3);
        final var group = encoder.filtersCount(count);
        for (int i = 0; i < count; i++) {
            final byte[] glob = GLOBS[random.nextInt(GLOBS.length)].getBytes(StandardCharsets.UTF_8);
            final byte[] prefix = prefix(random);
            group.next().putTable(glob, 0, glob.length).putKeyPrefix(prefix, 0, prefix.length);
        }
        return new ChangeFilters().wrap(message, ChangeFilters.groupOffset(message, 0), false);
    }

    /** Mostly none: keys are of few kinds, and a byte tells them apart. */
    private static byte[] prefix(final Random random) {
        return random.nextInt(3) > 0 ? new byte[0] : new byte[] {(byte) (1 + random.nextInt(6))};
    }
}
