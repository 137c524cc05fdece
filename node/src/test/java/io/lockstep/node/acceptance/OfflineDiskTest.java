package io.lockstep.node.acceptance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.client.ClientContext;
import io.lockstep.client.DatabaseOptions;
import io.lockstep.client.model.Key;
import io.lockstep.client.model.Value;
import io.lockstep.client.offline.OfflineContext;
import io.lockstep.client.offline.OfflineDatabase;
import io.lockstep.client.store.StoreException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A device's disk is full, or the device loses power: what a write returned for is there, and nothing that it refused. */
@Tag("long")
@Timeout(300)
class OfflineDiskTest {
    private static final int VALUE_BYTES = 4_000;

    private static OfflineDatabase open(final LoopDisk disk, final String address) {
        return OfflineDatabase.open(new OfflineContext()
                .folder(disk.data())
                .database(DatabaseOptions.createIfMissing("d"))
                .client(new ClientContext().addresses(address).backoffMs(5, 100))
                .logBytesMin(200_000)
                .retryMs(100));
    }

    private static void write(final OfflineDatabase database, final int key) {
        database.write(
                changes -> changes.write("main", "t", Key.ofInteger(key), "v", Value.ofBlob(new byte[VALUE_BYTES])));
    }

    private static Set<Long> keys(final OfflineDatabase database) {
        final Set<Long> keys = new HashSet<>();
        database.forEachCell(cell -> keys.add(cell.key().parts().get(0).asInteger()));
        return keys;
    }

    private static Set<Long> firstKeys(final int count) {
        final Set<Long> keys = new HashSet<>();
        for (long key = 0; key < count; key++) {
            keys.add(key);
        }
        return keys;
    }

    @Test
    void shouldRefuseWhatDoesNotFitAndGoOnWhenThereIsRoom(@TempDir final Path folder) throws Exception {
        try (LoopDisk disk = LoopDisk.make(folder, "small", 48L << 20);
                NodeProcess node = new NodeProcess(folder, folder.resolve("node"))) {
            final Path ballast = Files.write(disk.mount().resolve("someone-else"), new byte[32 << 20]);
            int written = 0;
            try (OfflineDatabase alone = open(disk, node.address())) {
                StoreException refusal = null;
                while (refusal == null) {
                    try {
                        write(alone, written);
                        written++;
                    } catch (final StoreException e) {
                        refusal = e;
                    }
                }
                assertEquals(StoreException.Reason.FULL, refusal.reason());
                assertEquals(firstKeys(written), keys(alone));
                node.start();
                Files.delete(ballast);
                write(alone, written);
                assertTrue(alone.awaitAnswers(60_000), () -> "sent: " + alone.status());
                assertTrue(alone.awaitSequence(written + 1, 60_000), () -> "received: " + alone.status());
            }
            try (OfflineDatabase device = open(disk, node.address())) {
                assertEquals(firstKeys(written + 1), keys(device));
            }
        }
    }

    @Test
    void shouldHaveEverythingThatAWriteReturnedForAfterALossOfPower(@TempDir final Path folder) throws Exception {
        try (LoopDisk disk = LoopDisk.make(folder, "disk", 64L << 20)) {
            for (int round = 0; round < 10; round++) {
                final int from = 100 * round;
                try (OfflineDatabase alone = open(disk, "127.0.0.1:1")) {
                    for (int i = 0; i < 100; i++) {
                        write(alone, from + i);
                    }
                    try (LoopDisk copy = disk.copy(folder, "copy-" + round);
                            OfflineDatabase after = open(copy, "127.0.0.1:1")) {
                        assertTrue(keys(after).containsAll(firstKeys(from + 100)), "round=" + round);
                    }
                }
            }
        }
    }
}
