package io.lockstep.gateway.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.codec.Durability;
import io.lockstep.codec.NodeRole;
import io.lockstep.codec.filter.ChangeFilters;
import io.lockstep.engine.bootstrap.CheckpointWriter;
import io.lockstep.engine.bootstrap.SnapshotPlace;
import io.lockstep.gateway.testing.Messages;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class CheckpointSealTest {
    private static final byte[] KEY = key(1);
    private static final CheckpointHolder HOLDER = new CheckpointHolder(1, 2, "alice");
    private static final int DATABASE_ID = 3;

    private final CheckpointSeal seal = seal(KEY, 9);

    private static byte[] key(final int first) {
        final byte[] key = new byte[32];
        key[0] = (byte) first;
        return key;
    }

    private static CheckpointSeal seal(final byte[] key, final long incarnation) {
        return new CheckpointSeal(
                key, new NodeIdentity(incarnation, 0, () -> 1, Durability.SYNCED, NodeRole.SINGLE, "test"));
    }

    private static byte[] write(final CheckpointSeal by, final ChangeFilters filters) {
        final UnsafeBuffer out = new UnsafeBuffer(new byte[CheckpointWriter.BYTES_MAX]);
        by.bind(HOLDER, filters);
        final int length = by.write(new SnapshotPlace().set(77, DATABASE_ID, 1L << 40, 5, 6), out, 0);
        return Arrays.copyOf(out.byteArray(), length);
    }

    private static boolean reads(
            final CheckpointSeal by, final CheckpointHolder holder, final ChangeFilters filters, final byte[] bytes) {
        by.bind(holder, filters);
        return by.read(bytes, DATABASE_ID, new SnapshotPlace());
    }

    @Test
    void shouldReadWhatItWrote() {
        final SnapshotPlace place = new SnapshotPlace();
        assertTrue(seal.read(write(seal, ChangeFilters.ALL), DATABASE_ID, place));
        assertEquals(77, place.snapshot());
        assertEquals(DATABASE_ID, place.databaseId());
        assertEquals(1L << 40, place.block());
        assertEquals(5, place.entry());
        assertEquals(6, place.part());
    }

    @Test
    void shouldReadWhatAnotherProcessWroteWithTheSameKey() {
        assertTrue(reads(seal(KEY, 9), HOLDER, ChangeFilters.ALL, write(seal, ChangeFilters.ALL)));
    }

    @Test
    void shouldRefuseAnyFlippedBitAndAnyOtherLength() {
        final byte[] good = write(seal, ChangeFilters.ALL);
        for (int bit = 0; bit < good.length * 8; bit++) {
            final byte[] bad = good.clone();
            bad[bit / 8] ^= (byte) (1 << (bit % 8));
            assertFalse(reads(seal, HOLDER, ChangeFilters.ALL, bad), "bit=" + bit);
        }
        for (int length = 0; length < 2 * good.length; length++) {
            if (length != good.length) {
                assertFalse(reads(seal, HOLDER, ChangeFilters.ALL, Arrays.copyOf(good, length)), "length=" + length);
            }
        }
    }

    @Test
    void shouldRefuseWhatIsOfAnotherKeyJournalSiteTokenOrDatabase() {
        final byte[] good = write(seal, ChangeFilters.ALL);
        assertFalse(reads(seal(key(2), 9), HOLDER, ChangeFilters.ALL, good), "key");
        assertFalse(reads(seal(KEY, 8), HOLDER, ChangeFilters.ALL, good), "incarnation");
        assertFalse(reads(seal, new CheckpointHolder(1, 3, "alice"), ChangeFilters.ALL, good), "site");
        assertFalse(reads(seal, new CheckpointHolder(1, 2, "bob"), ChangeFilters.ALL, good), "token");
        seal.bind(HOLDER, ChangeFilters.ALL);
        assertFalse(seal.read(good, DATABASE_ID + 1, new SnapshotPlace()), "database");
    }

    @Test
    void shouldRefuseWhatIsOfOtherFilters() {
        final byte[] all = write(seal, ChangeFilters.ALL);
        final byte[] orders = write(seal, filters("orders"));
        assertFalse(reads(seal, HOLDER, filters("orders"), all));
        assertFalse(reads(seal, HOLDER, ChangeFilters.ALL, orders));
        assertFalse(reads(seal, HOLDER, filters("order*"), orders));
        assertTrue(reads(seal, HOLDER, filters("orders"), orders));
    }

    private static ChangeFilters filters(final String table) {
        final UnsafeBuffer message =
                new UnsafeBuffer(Messages.subscribe(1, 0, 1, new Messages.Filter(table, new byte[0])));
        return new ChangeFilters().wrap(message, ChangeFilters.groupOffset(message, 0), false);
    }
}
