package io.lockstep.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One flipped bit anywhere: found, or shown harmless; never a wrong record, never taken for a torn tail. */
class BitFlipTest {
    private static final int RECORDS = 400;
    private static final int VALUE_BYTES = 150;

    @TempDir
    private Path folder;

    private List<byte[]> expected;

    @Test
    void shouldFindAnyFlippedBit() throws IOException {
        JournalFixture.write(folder, RECORDS, VALUE_BYTES);
        flipAnywhere(200, true);
    }

    @Test
    @Tag("long")
    void shouldFindAnyFlippedBitOfMany() throws IOException {
        JournalFixture.write(folder, RECORDS, VALUE_BYTES);
        flipAnywhere(2_000, true);
    }

    @Test
    void shouldFindAnyFlippedBitThoughNothingWasEverDurable() throws IOException {
        JournalFixture.writeNothingDurable(folder, RECORDS, VALUE_BYTES);
        flipAnywhere(200, false);
    }

    @Test
    @Tag("long")
    void shouldFindAnyFlippedBitOfManyThoughNothingWasEverDurable() throws IOException {
        JournalFixture.writeNothingDurable(folder, RECORDS, VALUE_BYTES);
        flipAnywhere(20_000, false);
    }

    @Test
    void shouldFindAnyFlippedBitAcrossGenerationsWithACut() throws IOException {
        JournalFixture.writeNothingDurable(folder, RECORDS, VALUE_BYTES);
        final Path file = JournalFixture.files(folder).get(0);
        final int torn = (JournalFixture.documents(file).get(300) / 512 + 1) * 512;
        write(file, torn, new byte[512]);
        JournalFixture.extend(file);
        JournalFixture.open(folder).close();
        JournalFixture.open(folder).close();
        flipAnywhere(200, true);
    }

    @Test
    void shouldFindEveryFlippedBitOfTheLastRecord() throws IOException {
        JournalFixture.write(folder, RECORDS, VALUE_BYTES);
        flipLast();
    }

    @Test
    void shouldFindEveryFlippedBitOfTheLastRecordThoughNothingWasEverDurable() throws IOException {
        JournalFixture.writeNothingDurable(folder, RECORDS, VALUE_BYTES);
        flipLast();
    }

    private void flipLast() throws IOException {
        expected = JournalFixture.scan(folder).records();
        final Path file = JournalFixture.files(folder).get(0);
        final List<Integer> documents = JournalFixture.documents(file);
        final int from = documents.get(documents.size() - 2);
        final int to = from + QueueDescriptor.WORD_BYTES + expected.get(expected.size() - 1).length;
        for (int bit = 0; bit < (to - from) * 8; bit++) {
            flip(file, from + bit / 8, bit % 8);
            check(file, from + bit / 8, bit % 8);
            flip(file, from + bit / 8, bit % 8);
        }
    }

    private void flipAnywhere(final int count, final boolean alsoMark) throws IOException {
        expected = JournalFixture.scan(folder).records();
        final List<Path> files = new ArrayList<>(JournalFixture.files(folder));
        if (alsoMark) {
            files.add(folder.resolve("journal").resolve("durable"));
        }
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        for (int i = 0; i < count; i++) {
            final Path file = files.get(i % 10 == 0 ? random.nextInt(files.size()) : 0);
            final int offset = random.nextInt((int) Files.size(file));
            final int bit = random.nextInt(8);
            flip(file, offset, bit);
            try {
                check(file, offset, bit);
            } catch (final AssertionError error) {
                throw new AssertionError("seed=" + seed, error);
            }
            flip(file, offset, bit);
        }
    }

    private void check(final Path file, final int offset, final int bit) throws IOException {
        final String where = "file=" + file + ", offset=" + offset + ", bit=" + bit;
        final JournalFixture.Scan scan = JournalFixture.scan(folder);
        assertEquals(
                0,
                scan.result().cutFrom(),
                where + ": taken for a torn tail, " + scan.result().rule());
        assertTrue(scan.hasFirst(expected, scan.records().size()), where + ": a wrong record");
        if (scan.records().size() < expected.size()) {
            assertNotNull(scan.result().damage(), where + ": records are lost, and nobody says so");
        }
    }

    private static void flip(final Path file, final int offset, final int bit) throws IOException {
        try (RandomAccessFile raf = new RandomAccessFile(file.toFile(), "rw")) {
            raf.seek(offset);
            final int value = raf.read();
            raf.seek(offset);
            raf.write(value ^ 1 << bit);
        }
    }

    private static void write(final Path file, final int offset, final byte[] bytes) throws IOException {
        try (RandomAccessFile raf = new RandomAccessFile(file.toFile(), "rw")) {
            raf.seek(offset);
            raf.write(bytes);
        }
    }
}
