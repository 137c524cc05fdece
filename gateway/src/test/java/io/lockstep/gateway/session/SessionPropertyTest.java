package io.lockstep.gateway.session;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.codec.testing.RandomFrames;
import io.lockstep.gateway.limits.GatewayCounter;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionPropertyTest {
    private static final long FIRST_SEED = 7_000;
    private static final int TRIALS = 250;
    private static final int STEPS = 400;

    private static byte[] bytes(final Random random) {
        final byte[] bytes = new byte[random.nextInt(200)];
        random.nextBytes(bytes);
        return bytes;
    }

    @Test
    void shouldHoldWhateverClientsSay(@TempDir final Path folder) {
        final Map<GatewayCounter, Long> seen = new EnumMap<>(GatewayCounter.class);
        for (long seed = FIRST_SEED; seed < FIRST_SEED + TRIALS; seed++) {
            try (SessionDriver driver = new SessionDriver(folder)) {
                final Random random = new Random(seed);
                final RandomFrames frames = new RandomFrames(seed);
                for (int i = 0; i < STEPS; i++) {
                    driver.step(random::nextInt, frames, () -> bytes(random));
                }
                driver.finish();
                for (final GatewayCounter counter : GatewayCounter.values()) {
                    seen.merge(counter, driver.counter(counter), Long::sum);
                }
            } catch (final AssertionError | RuntimeException e) {
                throw new AssertionError("seed=" + seed + ": " + e.getMessage(), e);
            }
        }
        final List<GatewayCounter> never = Stream.of(
                        GatewayCounter.COMMANDS,
                        GatewayCounter.ANSWERS,
                        GatewayCounter.MALFORMED,
                        GatewayCounter.AUTH_FAILURES,
                        GatewayCounter.NOT_PERMITTED,
                        GatewayCounter.RATE_LIMITED,
                        GatewayCounter.RING_FULL,
                        GatewayCounter.HANDSHAKE_TIMEOUTS,
                        GatewayCounter.HEARTBEAT_TIMEOUTS,
                        GatewayCounter.DELIVERIES_LIVE,
                        GatewayCounter.DELIVERIES_CATCH_UP,
                        GatewayCounter.RESETS)
                .filter(counter -> seen.get(counter) == 0)
                .toList();
        assertTrue(never.isEmpty(), () -> "never happened: " + never + " of " + seen);
    }
}
