package io.lockstep.gateway.tcp;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.gateway.testing.TestCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsFilesTest {
    @TempDir
    private static Path folder;

    private static TestCertificate one;
    private static TestCertificate other;

    @BeforeAll
    static void makeCertificates() throws Exception {
        one = new TestCertificate(Files.createDirectory(folder.resolve("one")));
        other = new TestCertificate(Files.createDirectory(folder.resolve("other")));
    }

    private static void refused(final Path chain, final Path key, final String why) {
        final IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> TlsFiles.check(chain, key));
        assertTrue(refused.getMessage().contains(why), refused.getMessage());
    }

    @Test
    void shouldTakeACertificateWithItsKey() {
        assertDoesNotThrow(() -> TlsFiles.check(one.chain(), one.key()));
    }

    @Test
    void shouldRefuseTheKeyOfAnotherCertificate() {
        refused(one.chain(), other.key(), "do not belong together: certificate=" + one.chain());
    }

    @Test
    void shouldSayWhatKindOfKeyItNeeds() throws Exception {
        final Path key = Files.writeString(
                folder.resolve("pkcs1"), "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n");
        refused(one.chain(), key, "holds no PKCS#8 key without a password");
    }

    @Test
    void shouldRefuseAFileWithoutACertificate() throws Exception {
        refused(Files.writeString(folder.resolve("empty"), ""), one.key(), "certificate=" + folder.resolve("empty"));
    }

    @Test
    void shouldNameAFileThatIsNotThere() {
        refused(one.chain(), folder.resolve("none"), "key=" + folder.resolve("none"));
    }
}
