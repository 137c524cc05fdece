package io.lockstep.gateway.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.codec.ClosedDecoder;
import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.GoAwayDecoder;
import io.lockstep.gateway.limits.GatewayCounter;
import io.lockstep.gateway.limits.SessionLimit;
import io.lockstep.gateway.limits.SessionLimits;
import io.lockstep.gateway.testing.Messages;
import io.lockstep.gateway.testing.Received;
import io.lockstep.gateway.testing.TcpClient;
import io.lockstep.gateway.testing.TestCertificate;
import io.lockstep.gateway.testing.TestGateway;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TcpGatewayTest {
    private static final long WALL = 1_750_000_000_000L;
    private static final long MUCH = 1L << 40;

    private static TestGateway plain() {
        return new TestGateway(context -> {});
    }

    private static TcpClient open(final TestGateway node, final String database) throws IOException {
        final TcpClient client = new TcpClient(node.address());
        client.says(Messages.hello(""), Messages.open(1, database, true));
        assertEquals(0, client.next().welcome().version());
        assertEquals(1, client.next().opened().requestId());
        return client;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldAnswerSubmissions(final boolean nativeTransport) throws IOException {
        try (TestGateway node = new TestGateway(context -> context.nativeTransport(nativeTransport));
                TcpClient client = open(node, "db")) {
            for (int i = 1; i <= 100; i++) {
                client.says(Messages.submit(i, 1, WALL + i, i));
                assertEquals(i, client.next().result().sequence());
            }
        }
    }

    @Test
    void shouldTakeFramesByteByByte() throws IOException {
        try (TestGateway node = plain();
                TcpClient client = open(node, "db")) {
            for (final byte b : TcpClient.frame(Messages.submit(1, 1, WALL, 1), Messages.submit(2, 1, WALL + 1, 1))) {
                client.raw(new byte[] {b});
            }
            assertEquals(1, client.next().result().requestId());
            assertEquals(2, client.next().result().requestId());
        }
    }

    @Test
    void shouldTakeManyFramesAtOnceWhereverTheyAreCut() throws IOException {
        try (TestGateway node = plain();
                TcpClient client = open(node, "db")) {
            final byte[][] messages = new byte[500][];
            for (int i = 0; i < messages.length; i++) {
                messages[i] = Messages.submit(i, 1, WALL + i, 1, i);
            }
            final byte[] all = TcpClient.frame(messages);
            for (int from = 0; from < all.length; from += 7_919) {
                client.raw(Arrays.copyOfRange(all, from, Math.min(all.length, from + 7_919)));
            }
            for (int i = 0; i < messages.length; i++) {
                assertEquals(i, client.nextResult().result().requestId());
            }
        }
    }

    @Test
    void shouldTakeAFrameLargerThanOneRead() throws IOException {
        try (TestGateway node = plain();
                TcpClient client = open(node, "db")) {
            client.says(Messages.submit(1, 1, WALL, 1, 8_000));
            assertEquals(1, client.next().result().sequence());
        }
    }

    @Test
    void shouldAnswerOneErrorAndCloseOnBytesThatAreNotFrames() throws IOException {
        try (TestGateway node = plain();
                TcpClient other = open(node, "db");
                TcpClient client = new TcpClient(node.address())) {
            final byte[] garbage = new byte[100_000];
            Arrays.fill(garbage, (byte) 'G');
            client.raw(garbage);
            assertEquals(ErrorCode.MALFORMED_FRAME, client.next().errorCode());
            assertNull(client.next());
            other.says(Messages.submit(1, 1, WALL, 1));
            assertEquals(1, other.next().result().sequence());
        }
    }

    @Test
    void shouldRefuseALengthBeforeItAllocates() throws IOException {
        try (TestGateway node = plain();
                TcpClient client = open(node, "db")) {
            client.raw(new byte[] {0x7F, 0, 0, 0, (byte) 0xEB, 0x50, 1, 2, 3});
            final Received error = client.next();
            assertEquals(ErrorCode.FRAME_TOO_LARGE, error.errorCode());
            assertEquals(64 * 1024, error.error().limitValue());
            assertEquals(0x7F000000L, error.error().actualValue());
            assertNull(client.next());
        }
    }

    @Test
    void shouldGiveStrangersFourKibibytes() throws IOException {
        try (TestGateway node = plain();
                TcpClient client = new TcpClient(node.address())) {
            client.raw(new byte[] {0, 0, 0x10, 1, (byte) 0xEB, 0x50});
            assertEquals(ErrorCode.FRAME_TOO_LARGE, client.next().errorCode());
            assertNull(client.next());
        }
    }

    @Test
    void shouldKeepAcceptedWorkWhenTheSessionEndsBadly() throws IOException {
        try (TestGateway node = plain();
                TcpClient client = open(node, "db")) {
            client.says(Messages.submit(1, 1, WALL, 1));
            assertEquals(1, client.next().result().sequence());
            final byte[] bad = Messages.submit(2, 1, WALL + 1, 1);
            client.says(Arrays.copyOf(bad, bad.length - 1));
            assertEquals(ErrorCode.MALFORMED_FRAME, client.next().errorCode());
            assertNull(client.next());
            try (TcpClient again = open(node, "db")) {
                again.says(Messages.submit(1, 1, WALL + 2, 2));
                assertEquals(2, again.next().result().sequence());
            }
        }
    }

    @Test
    void shouldDeliverFromTheJournalAndThenLive() throws IOException {
        try (TestGateway node = plain();
                TcpClient author = open(node, "db")) {
            for (int i = 1; i <= 300; i++) {
                author.says(Messages.submit(i, 1, WALL + i, i, 500));
            }
            try (TcpClient reader = open(node, "db")) {
                reader.says(Messages.subscribe(2, 0, MUCH, false));
                for (int i = 301; i <= 600; i++) {
                    author.says(Messages.submit(i, 1, WALL + i, i, 500));
                }
                assertEquals(0, reader.next().subscribed().sequence());
                for (int i = 1; i <= 600; i++) {
                    assertEquals(i, reader.next().delivery().sequence());
                }
            }
        }
    }

    @Test
    void shouldHoldASlowReaderInConstantMemoryWhileOthersGoOn() throws IOException {
        final SessionLimits limits = new SessionLimits().set(SessionLimit.OUTBOUND_BYTES_MAX, 32_768);
        try (TestGateway node = new TestGateway(context -> context.limits(limits));
                TcpClient author = open(node, "db");
                TcpClient slow = open(node, "db")) {
            slow.says(Messages.subscribe(2, 0, MUCH, false));
            assertNotNull(slow.next());
            final int sets = 3_000;
            for (int i = 1; i <= sets; i++) {
                author.says(Messages.submit(i, 1, WALL + i, i, 4_000));
                assertEquals(i, author.next().result().sequence());
            }
            TestGateway.await(() -> node.gateway().counters().value(GatewayCounter.CATCH_UP_SUBSCRIBERS) == 1);
            for (int i = 1; i <= sets; i++) {
                assertEquals(i, slow.next().delivery().sequence());
            }
            TestGateway.await(() -> node.gateway().counters().value(GatewayCounter.LIVE_SUBSCRIBERS) == 1);
        }
    }

    @Test
    void shouldNotHoldABufferForEachOfManySmallDeliveries() throws IOException {
        final int outboundBytesMax = 64 << 10;
        final SessionLimits limits = new SessionLimits().set(SessionLimit.OUTBOUND_BYTES_MAX, outboundBytesMax);
        try (TestGateway node = new TestGateway(context -> context.limits(limits));
                TcpClient author = open(node, "db");
                TcpClient slow = open(node, "db")) {
            slow.says(Messages.subscribe(2, 0, MUCH, false));
            assertNotNull(slow.next());
            for (int i = 1; node.gateway().counters().value(GatewayCounter.CATCH_UP_SUBSCRIBERS) == 0; i++) {
                author.says(Messages.submit(i, 1, WALL + i, i));
                assertEquals(i, author.next().result().sequence());
            }
            TestGateway.await(
                    () -> node.gateway().counters().value(GatewayCounter.BUFFER_MEMORY) > outboundBytesMax / 2);
            final long bytes = node.gateway().counters().value(GatewayCounter.BUFFER_MEMORY);
            assertTrue(bytes < 4 * outboundBytesMax, "bufferBytes=" + bytes);
        }
    }

    @Test
    void shouldSurviveAFlood() throws IOException, InterruptedException {
        final SessionLimits limits = new SessionLimits().set(SessionLimit.IN_FLIGHT_MAX, 64);
        try (TestGateway node = new TestGateway(context -> context.limits(limits));
                TcpClient flood = open(node, "db");
                TcpClient honest = open(node, "db")) {
            final byte[][] messages = new byte[20_000][];
            for (int i = 0; i < messages.length; i++) {
                messages[i] = Messages.submit(i, 1, WALL + i, 1);
            }
            final byte[] all = TcpClient.frame(messages);
            final Thread flooding = new Thread(() -> {
                try {
                    flood.raw(all);
                } catch (final IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            flooding.start();
            for (int i = 1; i <= 200; i++) {
                honest.says(Messages.submit(i, 2, WALL + i, 2));
                assertNotNull(honest.nextResult());
            }
            int answered = 0;
            for (int i = 0; i < messages.length; i++) {
                final Received received = flood.next();
                answered += received.isResult() || received.errorCode() == ErrorCode.BUSY ? 1 : 0;
            }
            assertEquals(messages.length, answered);
            flooding.join();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldAnswerAClientThatHasShutDownItsSide(final boolean nativeTransport) throws IOException {
        try (TestGateway node = new TestGateway(context -> context.nativeTransport(nativeTransport));
                TcpClient client = open(node, "db")) {
            final byte[][] messages = new byte[100][];
            for (int i = 0; i < messages.length; i++) {
                messages[i] = Messages.submit(i, 1, WALL + i, 1);
            }
            client.says(messages);
            client.raw(new byte[] {0, 0, 1});
            client.socket().shutdownOutput();
            for (int i = 0; i < messages.length; i++) {
                assertEquals(i, client.next().result().requestId());
            }
            assertEquals(ClosedDecoder.TEMPLATE_ID, client.next().templateId());
            assertNull(client.next());
            TestGateway.await(() -> node.gateway().counters().value(GatewayCounter.CONNECTIONS) == 0);
        }
    }

    @Test
    void shouldAnswerATlsClientThatHasShutDownItsSide(@TempDir final Path folder)
            throws IOException, GeneralSecurityException, InterruptedException {
        final TestCertificate certificate = new TestCertificate(folder);
        try (TestGateway node = new TestGateway(context -> context.tls(certificate.chain(), certificate.key()));
                SSLSocket socket = (SSLSocket) certificate
                        .clientContext()
                        .getSocketFactory()
                        .createSocket("127.0.0.1", node.address().getPort());
                TcpClient client = new TcpClient(socket)) {
            client.says(Messages.hello(""), Messages.open(1, "db", true));
            client.next();
            client.next();
            client.says(Messages.submit(2, 1, WALL, 1));
            socket.shutdownOutput();
            assertEquals(2, client.next().result().requestId());
        }
    }

    @Test
    void shouldCloseAStrangerThatHasShutDownItsSide() throws IOException {
        try (TestGateway node = plain();
                TcpClient client = new TcpClient(node.address())) {
            client.socket().shutdownOutput();
            assertNull(client.next());
            TestGateway.await(() -> node.gateway().counters().value(GatewayCounter.CONNECTIONS) == 0);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldAnswerMuchThatWasSentBeforeAClientShutDownItsSide(final boolean nativeTransport) throws Exception {
        try (TestGateway node = new TestGateway(context -> context.nativeTransport(nativeTransport));
                TcpClient client = open(node, "db")) {
            final byte[][] messages = new byte[8_000][];
            for (int i = 0; i < messages.length; i++) {
                messages[i] = Messages.submit(i, 1, WALL + i, 1, 500);
            }
            final Thread reader = new Thread(() -> assertAnswers(client, messages.length), "reader");
            final AtomicReference<Throwable> failure = new AtomicReference<>();
            reader.setUncaughtExceptionHandler((thread, thrown) -> failure.set(thrown));
            reader.start();
            client.says(messages);
            client.socket().shutdownOutput();
            reader.join();
            assertNull(failure.get());
            assertEquals(0, node.gateway().counters().value(GatewayCounter.UNEXPECTED));
        }
    }

    private static void assertAnswers(final TcpClient client, final int count) {
        try {
            for (int i = 0; i < count; i++) {
                assertEquals(i, client.next().result().requestId());
            }
            assertEquals(ClosedDecoder.TEMPLATE_ID, client.next().templateId());
            assertNull(client.next());
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldOutliveClientsThatResetWhileTheyAreAnswered(final boolean nativeTransport) throws IOException {
        try (TestGateway node = new TestGateway(context -> context.nativeTransport(nativeTransport));
                TcpClient other = open(node, "db")) {
            final byte[][] messages = new byte[100][];
            for (int i = 0; i < 40; i++) {
                try (TcpClient client = open(node, "db")) {
                    for (int j = 0; j < messages.length; j++) {
                        messages[j] = Messages.submit(j, 1, WALL, 1);
                    }
                    client.socket().setSoLinger(i % 4 == 0, 0);
                    client.says(messages);
                    client.says(messages);
                    client.says(messages);
                }
            }
            other.says(Messages.submit(1, 1, WALL + 1, 1));
            assertNotNull(other.next().result());
            assertEquals(0, node.gateway().counters().value(GatewayCounter.UNEXPECTED));
        }
    }

    @Test
    void shouldSayGoAwayAndDrain() throws IOException {
        try (TestGateway node = plain();
                TcpClient client = open(node, "db")) {
            client.says(Messages.submit(1, 1, WALL, 1));
            assertTrue(client.next().isResult());
            node.gateway().shutdown("test", 250);
            assertEquals(GoAwayDecoder.TEMPLATE_ID, client.next().templateId());
            assertNull(client.next());
            client.close();
            TestGateway.await(() -> node.gateway().isDrained());
            assertThrows(IOException.class, () -> new TcpClient(node.address()));
        }
    }

    @Test
    void shouldSayWhichAddressCannotBeListenedOn() {
        try (TestGateway node = plain()) {
            final AssertionError e = assertThrows(
                    AssertionError.class, () -> new TestGateway(context -> context.bindAddress(node.address())));
            assertTrue(e.getMessage().contains(String.valueOf(node.address().getPort())), e::getMessage);
        }
    }

    @Test
    void shouldCloseAHalfOpenConnectionInTime() throws IOException {
        final SessionLimits limits = new SessionLimits()
                .set(SessionLimit.HANDSHAKE_TIMEOUT_MS, 300)
                .set(SessionLimit.AUTH_DELAY_MS_MAX, 200);
        try (TestGateway node = new TestGateway(context -> context.limits(limits));
                TcpClient silent = new TcpClient(node.address())) {
            assertEquals(ErrorCode.HANDSHAKE_TIMEOUT, silent.next().errorCode());
            assertNull(silent.next());
        }
    }

    @Test
    void shouldSpeakTls13(@TempDir final Path folder)
            throws IOException, GeneralSecurityException, InterruptedException {
        final TestCertificate certificate = new TestCertificate(folder);
        try (TestGateway node = new TestGateway(context -> context.tls(certificate.chain(), certificate.key()));
                SSLSocket socket = (SSLSocket) certificate
                        .clientContext()
                        .getSocketFactory()
                        .createSocket("127.0.0.1", node.address().getPort());
                TcpClient client = new TcpClient(socket)) {
            client.says(Messages.hello(""), Messages.open(1, "db", true), Messages.submit(2, 1, WALL, 1));
            assertEquals(ErrorCode.UNEXPECTED_MESSAGE, lastBeforeClose(client).errorCode());
            assertEquals("TLSv1.3", socket.getSession().getProtocol());
        }
        try (TestGateway node = new TestGateway(context -> context.tls(certificate.chain(), certificate.key()));
                SSLSocket socket = (SSLSocket) certificate
                        .clientContext()
                        .getSocketFactory()
                        .createSocket("127.0.0.1", node.address().getPort());
                TcpClient client = new TcpClient(socket)) {
            client.says(Messages.hello(""), Messages.open(1, "db", true));
            client.next();
            client.next();
            for (int i = 1; i <= 200; i++) {
                client.says(Messages.submit(i, 1, WALL + i, 1, 3_000));
            }
            for (int i = 1; i <= 200; i++) {
                assertEquals(i, client.next().result().sequence());
            }
            client.says(Messages.close(9));
            assertNotNull(client.next());
            assertNull(client.next());
        }
    }

    private static Received lastBeforeClose(final TcpClient client) throws IOException {
        Received last = null;
        for (Received received = client.next(); received != null; received = client.next()) {
            last = received;
        }
        return last;
    }

    @Test
    void shouldRefuseOlderTls(@TempDir final Path folder)
            throws IOException, GeneralSecurityException, InterruptedException {
        final TestCertificate certificate = new TestCertificate(folder);
        try (TestGateway node = new TestGateway(context -> context.tls(certificate.chain(), certificate.key()));
                SSLSocket socket = (SSLSocket) certificate
                        .clientContext()
                        .getSocketFactory()
                        .createSocket("127.0.0.1", node.address().getPort())) {
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            assertThrows(SSLHandshakeException.class, socket::startHandshake);
        }
    }

    @Test
    void shouldDropPlainBytesOnATlsPort(@TempDir final Path folder)
            throws IOException, GeneralSecurityException, InterruptedException {
        final TestCertificate certificate = new TestCertificate(folder);
        try (TestGateway node = new TestGateway(context -> context.tls(certificate.chain(), certificate.key()));
                Socket socket =
                        new Socket(node.address().getAddress(), node.address().getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(TcpClient.frame(Messages.hello("")));
            socket.getInputStream().readAllBytes();
            TestGateway.await(() -> node.gateway().counters().value(GatewayCounter.MALFORMED) == 1);
        }
    }
}
