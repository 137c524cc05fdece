package io.lockstep.client.model;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.client.BlockingClient;
import io.lockstep.client.ClientContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class JvmAccessTest {
    private static final String FLAG = "--add-opens java.base/jdk.internal.misc=ALL-UNNAMED";

    /** Programs of somebody who has not read about flags. */
    static final class Connecting {
        private Connecting() {}

        public static void main(final String[] args) {
            BlockingClient.connect(new ClientContext().addresses("127.0.0.1:1"));
        }
    }

    static final class Writing {
        private Writing() {}

        public static void main(final String[] args) {
            System.out.println(Key.ofInteger(1));
        }
    }

    private static String outputOf(final Class<?> program) throws IOException, InterruptedException {
        final Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        program.getName())
                .redirectErrorStream(true)
                .start();
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(30, TimeUnit.SECONDS));
        assertEquals(1, process.exitValue(), output);
        return output;
    }

    @Test
    void shouldNameTheFlagThatIsMissing() throws IOException, InterruptedException {
        for (final Class<?> program : new Class<?>[] {Connecting.class, Writing.class}) {
            final String output = outputOf(program);
            assertTrue(output.contains("IllegalStateException: ") && output.contains(FLAG), output);
        }
    }

    @Test
    void shouldFindNothingMissingWhereTheFlagIsGiven() {
        assertDoesNotThrow(JvmAccess::check);
    }
}
