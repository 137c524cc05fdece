package io.lockstep.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.engine.port.JournalPort;
import io.lockstep.engine.port.JournalReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** What the tests of this module share: small journals, and ways to look at and to spoil their files. */
final class JournalFixture {
    static final int FILE_BYTES = 1 << 20;

    private static final long WAIT_NS = 20_000_000_000L;

    private JournalFixture() {}

    static JournalContext context(final Path dataFolder) {
        return new JournalContext()
                .dataFolder(dataFolder)
                .fileBytes(FILE_BYTES)
                .recordBytesMax(64 << 10)
                .inFlightBytesMax(128 << 10)
                .softFreeBytes(0)
                .hardFreeBytes(0)
                .reserveBytes(0);
    }

    static ChronicleJournal open(final Path dataFolder) {
        return ChronicleJournal.open(context(dataFolder).conclude());
    }

    static void awaitDurable(final JournalPort journal, final long position) {
        await(() -> journal.durablePosition() >= position || journal.failure() != null);
        assertTrue(journal.durablePosition() >= position, "durablePosition=" + journal.durablePosition());
    }

    static void await(final java.util.function.BooleanSupplier condition) {
        final long startNs = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - startNs < WAIT_NS, "waited too long");
            LockSupport.parkNanos(100_000);
        }
    }

    /** Writes a journal of some records in one generation, and closes it. */
    static void write(final Path dataFolder, final int count, final int valueBytes) {
        write(dataFolder, new SampleRecords(), count, valueBytes);
    }

    /** As if nothing had been synced before the last append: neither the records nor a mark name a durable position. */
    static void writeNothingDurable(final Path dataFolder, final int count, final int valueBytes) throws IOException {
        write(dataFolder, new SampleRecords().namingNothingDurable(), count, valueBytes);
        forgetMark(dataFolder);
    }

    /** The mark of a journal of which nothing was ever said to be durable. */
    static void forgetMark(final Path dataFolder) throws IOException {
        DurableMark.open(
                        new JournalFolder(dataFolder.resolve("journal")).markFile(), 0, channel -> channel.force(false))
                .close();
    }

    private static void write(
            final Path dataFolder, final SampleRecords records, final int count, final int valueBytes) {
        try (ChronicleJournal journal = open(dataFolder)) {
            records.append(journal, count, valueBytes);
        }
    }

    /** The bytes of all records that count. */
    static List<byte[]> read(final JournalPort journal) {
        final List<byte[]> read = new ArrayList<>();
        try (JournalReader reader = journal.openReader()) {
            reader.poll(
                    (buffer, offset, length) -> {
                        final byte[] bytes = new byte[length];
                        buffer.getBytes(offset, bytes);
                        assertEquals(read.size() + 1, RecordFields.position(buffer, offset));
                        return read.add(bytes);
                    },
                    Long.MAX_VALUE,
                    Integer.MAX_VALUE);
        }
        return read;
    }

    /** What a scan finds, and the records that it lets count. */
    record Scan(ScanResult result, List<byte[]> records) {
        boolean hasFirst(final List<byte[]> expected, final int count) {
            if (records.size() < count) {
                return false;
            }
            for (int i = 0; i < count; i++) {
                if (!Arrays.equals(expected.get(i), records.get(i))) {
                    return false;
                }
            }
            return true;
        }
    }

    static Scan scan(final Path dataFolder) throws IOException {
        final JournalFolder folder = new JournalFolder(dataFolder.resolve("journal"));
        final List<byte[]> records = new ArrayList<>();
        final ScanListener listener = new ScanListener() {
            @Override
            public void onFile(final JournalFile file, final long bytes) {
                assertTrue(file.index() >= 0);
            }

            @Override
            public void onRecord(final MappedJournalFile file, final FileWalker walker, final long position) {
                final byte[] bytes = new byte[walker.length()];
                file.buffer().getBytes(walker.offset(), bytes);
                records.add(bytes);
            }
        };
        final ScanResult result = new JournalScan(folder, DurableMark.read(folder.markFile()), listener).run();
        return new Scan(result, records);
    }

    static List<Path> files(final Path dataFolder) throws IOException {
        return new JournalFolder(dataFolder.resolve("journal"))
                .files().stream().map(JournalFolder.Entry::path).toList();
    }

    /** Offsets of the documents of the records in a file, and where the last one ends. */
    static List<Integer> documents(final Path file) throws IOException {
        final List<Integer> offsets = new ArrayList<>();
        try (MappedJournalFile mapped = MappedJournalFile.open(file)) {
            final FileWalker walker = new FileWalker(mapped, 0);
            while (walker.next() == FileWalker.Stop.RECORD) {
                offsets.add(walker.documentOffset());
                walker.skip();
            }
            offsets.add(walker.documentOffset());
        }
        return offsets;
    }

    static void copy(final Path from, final Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (final Path path : all.toList()) {
                final Path target = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else {
                    copyFile(path, target);
                }
            }
        }
    }

    private static void copyFile(final Path from, final Path to) throws IOException {
        try {
            Files.copy(from, to);
        } catch (final NoSuchFileException ex) {
            // A journal that is open renames its temporary files meanwhile; nothing else may vanish.
            assertTrue(from.toString().endsWith(".tmp"), ex.toString());
        }
    }

    /** Gives a file back the zeros that were cut off behind its documents. */
    static void extend(final Path file) throws IOException {
        final byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, FILE_BYTES));
    }
}
