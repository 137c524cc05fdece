package io.lockstep.gateway;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.codec.Durability;
import io.lockstep.codec.NodeRole;
import io.lockstep.engine.command.IngressCommand;
import io.lockstep.engine.command.StagedSets;
import io.lockstep.engine.port.IngressPort;
import io.lockstep.gateway.auth.NoAuthentication;
import io.lockstep.gateway.limits.SessionLimit;
import io.lockstep.gateway.limits.SessionLimits;
import io.lockstep.gateway.session.NodeIdentity;
import io.lockstep.gateway.testing.TestTokens;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatewayContextTest {
    @TempDir
    private Path folder;

    private static GatewayContext context(final String address) {
        return new GatewayContext()
                .bindAddress(new InetSocketAddress(address, 0))
                .ingress(new IngressPort() {
                    @Override
                    public boolean tryPublish(
                            final IngressCommand command, final DirectBuffer body, final int offset, final int length) {
                        return false;
                    }

                    @Override
                    public long stampedTimeMs() {
                        return 0;
                    }

                    @Override
                    public StagedSets stagedSets() {
                        return new StagedSets();
                    }
                })
                .journal(() -> null, () -> 0)
                .identity(new NodeIdentity(1, 2, () -> 1, Durability.SYNCED, NodeRole.SINGLE, "test"));
    }

    private GatewayContext withTokens(final String address) {
        return context(address).authenticator(TestTokens.file(folder, TestTokens.line("a", "*", "read")));
    }

    @Test
    void shouldTakeNoAuthenticationOnLoopbackOnly() {
        assertDoesNotThrow(
                () -> context("127.0.0.1").authenticator(new NoAuthentication()).conclude());
        final IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> context("0.0.0.0").authenticator(new NoAuthentication()).conclude());
        assertTrue(e.getMessage().contains("0.0.0.0"), e::getMessage);
    }

    @Test
    void shouldNotTakeTokensInTheClearUnlessAllowed() {
        assertThrows(IllegalArgumentException.class, () -> withTokens("0.0.0.0").conclude());
        assertDoesNotThrow(
                () -> withTokens("0.0.0.0").plaintextTokensAllowed(true).conclude());
        assertDoesNotThrow(() -> withTokens("127.0.0.1").conclude());
    }

    @Test
    void shouldSayWhichCertificateCannotBeRead() {
        final Path none = folder.resolve("none.pem");
        final IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> withTokens("0.0.0.0").tls(none, none).conclude());
        assertTrue(e.getMessage().contains("none.pem"), e::getMessage);
    }

    @Test
    void shouldNameWhatIsMissing() {
        final IllegalStateException e = assertThrows(
                IllegalStateException.class, () -> context("127.0.0.1").conclude());
        assertTrue(e.getMessage().contains("authenticator"), e::getMessage);
    }

    @Test
    void shouldBeConcludedOnce() {
        final GatewayContext context = withTokens("127.0.0.1").conclude();
        assertThrows(IllegalStateException.class, context::conclude);
        assertThrows(IllegalStateException.class, () -> context.plaintextTokensAllowed(true));
    }

    @Test
    void shouldRelateLimitsToOneAnother() {
        final SessionLimits limits = new SessionLimits().set(SessionLimit.HEARTBEAT_MS, 10);
        final IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> limits.conclude(1 << 20));
        assertTrue(e.getMessage().contains("heartbeatMs=10"), e::getMessage);
        assertThrows(IllegalArgumentException.class, () -> new SessionLimits()
                .set(SessionLimit.SESSION_BYTES_PER_SECOND, 10)
                .conclude(1 << 20));
        assertThrows(IllegalArgumentException.class, () -> new SessionLimits().set(SessionLimit.CONNECTIONS_MAX, 0));
    }
}
