package io.lockstep.node.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class UnreachedTest {
    @Test
    void shouldThinkOfTlsOnlyWhereSomethingTookTheConnection() {
        assertEquals("; is one running there?", Unreached.hint("Connection refused, address=x", false));
        assertTrue(Unreached.hint("the node closed the connection", false).contains("--tls-trust"));
        assertEquals("", Unreached.hint("the node closed the connection", true));
    }

    @Test
    void shouldKnowACertificateThatIsNotTrusted() {
        assertTrue(Unreached.isCertificate("PKIX path building failed: x"));
        assertFalse(Unreached.isCertificate("Connection reset"));
    }
}
