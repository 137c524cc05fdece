package io.lockstep.gateway.session;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.lockstep.codec.testing.RandomFrames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Coverage-guided: in the long profile Jazzer looks for messages, in any order, that make a session throw, reach the ring
 * without a token, or leave something behind. In every other build only the empty input runs.
 */
class SessionFuzzTest {
    private static final int STEPS_MAX = 200;
    private static final int RAW_BYTES_MAX = 300;

    private static final Path FOLDER = folder();

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

    @FuzzTest(maxDuration = "10m")
    void shouldHoldWhateverClientsSay(final FuzzedDataProvider data) {
        try (SessionDriver driver = new SessionDriver(FOLDER)) {
            final RandomFrames frames = new RandomFrames(data.consumeLong());
            for (int i = 0; i < STEPS_MAX && data.remainingBytes() > 0; i++) {
                final byte[] raw = data.consumeBytes(data.consumeInt(0, RAW_BYTES_MAX));
                driver.step(bound -> data.consumeInt(0, bound - 1), frames, raw);
            }
            driver.finish();
        }
    }
}
