package io.lockstep.gateway.auth;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class TokenToolTest {
    @Test
    void shouldMakeTokensThatNoCommandTakesForAnOption() {
        for (int seed = 0; seed < 1_000; seed++) {
            final String token = TokenTool.newToken(new Random(seed));
            assertTrue(token.matches("[A-Za-z0-9_][A-Za-z0-9_-]{42}"), "seed=" + seed + ": " + token);
        }
    }
}
