package io.lockstep.journal;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.engine.port.JournalFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Recovery of any bytes ends, and with nothing but an answer or a typed failure. */
@Timeout(300)
class RecoveryFuzzTest {
    private static final int RECORDS = 50;

    @TempDir
    private Path folder;

    @Test
    void shouldSurviveAnyBytes() throws IOException {
        fuzz(150);
    }

    @Test
    @Tag("long")
    void shouldSurviveManyMoreBytes() throws IOException {
        fuzz(5_000);
    }

    private void fuzz(final int rounds) throws IOException {
        final Path sound = folder.resolve("sound");
        JournalFixture.write(sound, RECORDS, 700);
        final List<byte[]> expected = JournalFixture.scan(sound).records();
        final byte[] original = Files.readAllBytes(JournalFixture.files(sound).get(0));
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        for (int round = 0; round < rounds; round++) {
            final Path spoiled = folder.resolve("spoiled" + round);
            JournalFixture.copy(sound, spoiled);
            Files.write(JournalFixture.files(spoiled).get(0), spoil(original.clone(), random));
            if (random.nextBoolean()) {
                JournalFixture.forgetMark(spoiled);
            }
            final String where = "seed=" + seed + ", round=" + round;
            final JournalFixture.Scan scan = JournalFixture.scan(spoiled);
            assertTrue(scan.hasFirst(expected, Math.min(RECORDS, scan.records().size())), where);
            if (round % 10 == 0) {
                openOrRefuse(spoiled);
            }
        }
    }

    private static void openOrRefuse(final Path spoiled) {
        try (ChronicleJournal journal = JournalFixture.open(spoiled)) {
            assertTrue(JournalFixture.read(journal).size() <= RECORDS + 1);
        } catch (final JournalFailedException refused) {
            assertTrue(refused.getMessage().contains("position="), refused.getMessage());
        }
    }

    private static byte[] spoil(final byte[] bytes, final Random random) {
        switch (random.nextInt(6)) {
            case 0 -> random.nextBytes(bytes);
            case 1 -> overwrite(bytes, random, 1 + random.nextInt(64));
            case 2 -> overwrite(bytes, random, 1 + random.nextInt(8_192));
            case 3 -> zero(bytes, random);
            case 4 -> {
                for (int i = 0; i < 50; i++) {
                    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                }
            }
            default -> moveWithin(bytes, random);
        }
        return bytes;
    }

    private static void overwrite(final byte[] bytes, final Random random, final int count) {
        final byte[] noise = new byte[Math.min(count, bytes.length)];
        random.nextBytes(noise);
        System.arraycopy(noise, 0, bytes, random.nextInt(bytes.length - noise.length + 1), noise.length);
    }

    private static void zero(final byte[] bytes, final Random random) {
        final int from = random.nextInt(bytes.length);
        java.util.Arrays.fill(bytes, from, Math.min(bytes.length, from + random.nextInt(4_096)), (byte) 0);
    }

    private static void moveWithin(final byte[] bytes, final Random random) {
        final int length = random.nextInt(4_096);
        System.arraycopy(
                bytes,
                random.nextInt(bytes.length - length) & -4,
                bytes,
                random.nextInt(bytes.length - length) & -4,
                length);
    }
}
