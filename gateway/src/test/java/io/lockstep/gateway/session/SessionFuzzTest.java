package io.lockstep.gateway.session;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.lockstep.codec.testing.RandomFrames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Coverage-guided: in the long profile Jazzer looks for messages, in any order, that make a session throw, reach the ring
 * without a token, or leave something behind. In every other build only the seeds run.
 */
class SessionFuzzTest {
    private static final int SEEDS = 10;
    private static final int SEED_BYTES = 1_500;
    private static final int RAW_BYTES_MAX = 64;
    private static final int STEPS_MAX = 1_000;

    private static final Path FOLDER = folder();

    /** Hands out an input bit by bit; zeroes when it is used up. */
    private static final class Choices {
        private final byte[] bytes;
        private int next;

        Choices(final byte[] bytes) {
            this.bytes = bytes;
        }

        int choose(final int bound) {
            int value = 0;
            for (long reach = 1; reach < bound; reach <<= Byte.SIZE) {
                value = value << Byte.SIZE | (next < bytes.length ? bytes[next] & 0xFF : 0);
                next++;
            }
            return Math.floorMod(value, bound);
        }

        byte[] raw() {
            final int from = Math.min(next, bytes.length);
            next = Math.min(bytes.length, from + choose(RAW_BYTES_MAX) + 1);
            return Arrays.copyOfRange(bytes, Math.min(from + 1, next), next);
        }

        boolean isEmpty() {
            return next >= bytes.length;
        }
    }

    private static Path folder() {
        try {
            final Path folder = Files.createTempDirectory(
                    "session-fuzz", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            folder.toFile().deleteOnExit();
            return folder;
        } catch (final IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static Stream<Arguments> seeds() {
        return IntStream.range(0, SEEDS).mapToObj(seed -> {
            final byte[] bytes = new byte[SEED_BYTES];
            new Random(seed).nextBytes(bytes);
            return Arguments.of((Object) bytes);
        });
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "10m")
    void shouldHoldWhateverClientsSay(final byte[] bytes) {
        final Choices choices = new Choices(bytes);
        try (SessionDriver driver = new SessionDriver(FOLDER)) {
            final RandomFrames frames = new RandomFrames(choices.choose(Short.MAX_VALUE));
            for (int i = 0; i < STEPS_MAX && !choices.isEmpty(); i++) {
                driver.step(choices::choose, frames, choices::raw);
            }
            driver.finish();
        }
    }
}
