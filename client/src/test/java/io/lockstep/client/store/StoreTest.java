package io.lockstep.client.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.client.store.StoreException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class StoreTest {
    private static final int KIND = 7;
    private static final String FIRST = "checkpoint";

    @TempDir
    private Path folder;

    private final FaultyFiles files = new FaultyFiles();
    private final List<String> read = new ArrayList<>();

    private Store open() {
        read.clear();
        final Store store = Store.open(folder, files, (kind, buffer, offset, length) -> {
            assertEquals(KIND, kind);
            read.add(buffer.getStringWithoutLengthUtf8(offset, length));
        });
        if (store.isNew()) {
            store.checkpoint(sink -> append(sink, FIRST));
        }
        return store;
    }

    private static void append(final RecordSink sink, final String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        sink.append(KIND, new UnsafeBuffer(bytes), 0, bytes.length);
    }

    private static void write(final Store store, final String text) {
        append(store, text);
        store.flush();
    }

    private Path file() throws IOException {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.filter(path -> path.toString().endsWith(".log"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private Reason reasonOfOpening() {
        try (Store store = open()) {
            return null;
        } catch (final StoreException e) {
            return e.reason();
        }
    }

    @Test
    void shouldGiveBackWhatWasFlushed() {
        try (Store store = open()) {
            write(store, "one");
            append(store, "two");
            write(store, "three");
            append(store, "never flushed");
        }
        open().close();
        assertEquals(List.of(FIRST, "one", "two", "three"), read);
    }

    @Test
    void shouldGoOnFromACheckpointAlone() {
        try (Store store = open()) {
            write(store, "before");
            store.checkpoint(sink -> append(sink, "second"));
            write(store, "after");
        }
        open().close();
        assertEquals(List.of("second", "after"), read);
    }

    @Test
    void shouldCutATailThatIsTornAnywhere() throws IOException {
        final long from;
        try (Store store = open()) {
            write(store, "one");
            from = Files.size(file());
            write(store, "a record that is torn");
        }
        final byte[] whole = Files.readAllBytes(file());
        for (int length = (int) from; length < whole.length - RecordDescriptor.ALIGNMENT; length++) {
            Files.write(
                    file(), ByteBuffer.allocate(length).put(whole, 0, length).array());
            try (Store store = open()) {
                write(store, "two");
            }
            open().close();
            assertEquals(List.of(FIRST, "one", "two"), read, "cut at " + length);
        }
    }

    @Test
    void shouldCutATailWhoseSectorsWereNeverWritten() throws IOException {
        final long from;
        try (Store store = open()) {
            write(store, "one");
            from = Files.size(file());
            write(store, "x".repeat(2_000));
        }
        final byte[] bytes = Files.readAllBytes(file());
        for (int i = 1_024; i < 1_536; i++) {
            bytes[i] = 0;
        }
        assertTrue(from < 1_024);
        Files.write(file(), bytes);
        open().close();
        assertEquals(List.of(FIRST, "one"), read);
    }

    @Test
    void shouldNeverTakeAFlippedBitForATornTail() throws IOException {
        try (Store store = open()) {
            write(store, "one");
            write(store, "two");
        }
        final byte[] whole = Files.readAllBytes(file());
        for (int bit = 0; bit < whole.length * 8; bit++) {
            final byte[] flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            Files.write(file(), flipped);
            final Reason reason = reasonOfOpening();
            assertTrue(
                    reason == Reason.DAMAGED || read.equals(List.of(FIRST, "one", "two")),
                    "bit=" + bit + ", reason=" + reason + ", read=" + read);
        }
    }

    @Test
    void shouldCallALostRecordDamageOnceItWasOnStableStorage() throws IOException {
        try (Store store = open()) {
            write(store, "x".repeat(2_000));
            store.awaitDurable(store.dataPosition());
            store.mark();
        }
        final byte[] bytes = Files.readAllBytes(file());
        for (int i = 1_024; i < 1_536; i++) {
            bytes[i] = 0;
        }
        Files.write(file(), bytes);
        assertEquals(Reason.DAMAGED, reasonOfOpening());
    }

    @Test
    void shouldLeaveADamagedFileAsItIs() throws IOException {
        try (Store store = open()) {
            write(store, "one");
            write(store, "two");
        }
        final byte[] bytes = Files.readAllBytes(file());
        bytes[40] ^= 1;
        Files.write(file(), bytes);
        assertEquals(Reason.DAMAGED, reasonOfOpening());
        assertEquals(ByteBuffer.wrap(bytes), ByteBuffer.wrap(Files.readAllBytes(file())));
    }

    @Test
    void shouldKeepNothingOfWhatAFullDiskDidNotTake() {
        try (Store store = open()) {
            write(store, "one");
            files.roomBytes = 10;
            assertEquals(
                    Reason.FULL,
                    assertThrows(StoreException.class, () -> write(store, "two"))
                            .reason());
            files.roomBytes = Long.MAX_VALUE;
            write(store, "three");
        }
        open().close();
        assertEquals(List.of(FIRST, "one", "three"), read);
    }

    @Test
    void shouldKeepTheFileBeforeIfTheDiskIsFullForTheNext() {
        try (Store store = open()) {
            write(store, "one");
            files.roomBytes = 50;
            final StoreException full =
                    assertThrows(StoreException.class, () -> store.checkpoint(sink -> append(sink, "second")));
            assertEquals(Reason.FULL, full.reason());
            files.roomBytes = Long.MAX_VALUE;
            write(store, "two");
        }
        open().close();
        assertEquals(List.of(FIRST, "one", "two"), read);
    }

    @Test
    void shouldTakeNothingMoreAfterAFailedSync() {
        try (Store store = open()) {
            write(store, "one");
            files.syncFails = true;
            assertEquals(
                    Reason.FAILED,
                    assertThrows(StoreException.class, () -> store.awaitDurable(store.dataPosition()))
                            .reason());
            files.syncFails = false;
            assertEquals(
                    Reason.FAILED,
                    assertThrows(StoreException.class, () -> write(store, "two"))
                            .reason());
        }
    }

    @Test
    void shouldTakeNothingMoreIfItDoesNotKnowWhatIsThere() {
        try (Store store = open()) {
            files.roomBytes = 10;
            files.truncateFails = true;
            assertEquals(
                    Reason.FAILED,
                    assertThrows(StoreException.class, () -> write(store, "two"))
                            .reason());
            files.roomBytes = Long.MAX_VALUE;
            assertEquals(
                    Reason.FAILED,
                    assertThrows(StoreException.class, () -> write(store, "two"))
                            .reason());
        }
    }

    @Test
    void shouldRefuseAFolderThatIsOpen() {
        try (Store store = open()) {
            assertEquals(Reason.LOCKED, reasonOfOpening());
        }
    }

    @Test
    void shouldForgetAnUnfinishedFile() throws IOException {
        try (Store store = open()) {
            write(store, "one");
        }
        final Path unfinished = folder.resolve(file().getFileName() + ".tmp");
        Files.writeString(unfinished, "half");
        open().close();
        assertEquals(List.of(FIRST, "one"), read);
        assertTrue(Files.notExists(unfinished));
    }

    @Test
    void shouldSyncOnceForAllThatWait() throws Exception {
        final int threads = 8;
        final int writes = 200;
        final ExecutorService pool = Executors.newFixedThreadPool(threads);
        try (Store store = open()) {
            final Object lock = new Object();
            final List<Future<?>> done = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                done.add(pool.submit(() -> {
                    for (int j = 0; j < writes; j++) {
                        final long position;
                        synchronized (lock) {
                            append(store, "x");
                            position = store.flush();
                        }
                        store.awaitDurable(position);
                        assertTrue(store.durablePosition() >= position);
                    }
                }));
            }
            for (final Future<?> each : done) {
                each.get();
            }
            assertTrue(files.syncs < threads * writes, "syncs=" + files.syncs);
        } finally {
            pool.shutdownNow();
        }
        open().close();
        assertEquals(1 + threads * writes, read.size());
    }
}
