package io.lockstep.client;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.client.testing.DatabaseScript;
import io.lockstep.client.testing.Rig;
import io.lockstep.client.testing.RunningNode;
import io.lockstep.client.testing.TlsRelay;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class TlsTest {
    @TempDir
    private Path folder;

    private static BlockingClient connect(final TlsRelay relay, final Path trust) {
        return BlockingClient.connect(
                new ClientContext().addresses("127.0.0.1:" + relay.port()).tls(TlsOptions.trusting(trust)));
    }

    @Test
    void shouldSpeakTls13WithANodeThatItTrusts() throws Exception {
        try (RunningNode node = new RunningNode(new DatabaseScript());
                TlsRelay relay = TlsRelay.start(folder, "IP:127.0.0.1", node.port());
                BlockingClient client = connect(relay, relay.certificate())) {
            client.openDatabase(DatabaseOptions.createIfMissing("db"));
            for (int i = 0; i < 20; i++) {
                client.submit(Rig.changeSet(i, 50_000));
            }
            assertTrue(client.submitAndWait(Rig.changeSet(100)).isSettled());
        }
    }

    @Test
    void shouldRefuseANodeThatItDoesNotTrust() throws Exception {
        try (RunningNode node = new RunningNode(new DatabaseScript());
                TlsRelay relay = TlsRelay.start(folder, "IP:127.0.0.1", node.port());
                TlsRelay other = TlsRelay.start(folder.resolve("other"), "IP:127.0.0.1", node.port())) {
            assertThrows(ClientException.class, () -> connect(relay, other.certificate()));
        }
    }

    @Test
    void shouldRefuseANodeOfAnotherName() throws Exception {
        try (RunningNode node = new RunningNode(new DatabaseScript());
                TlsRelay relay = TlsRelay.start(folder, "DNS:elsewhere.example", node.port())) {
            assertThrows(ClientException.class, () -> connect(relay, relay.certificate()));
        }
    }

    @Test
    void shouldNameAFileOfCertificatesThatItCannotRead() {
        final Path missing = folder.resolve("missing.pem");
        final ClientContext context =
                new ClientContext().addresses("127.0.0.1:1").tls(TlsOptions.trusting(missing));
        assertThrows(IllegalArgumentException.class, () -> BlockingClient.connect(context));
    }
}
