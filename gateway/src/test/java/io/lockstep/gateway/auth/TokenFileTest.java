package io.lockstep.gateway.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.gateway.testing.TestTokens;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenFileTest {
    @TempDir
    private Path folder;

    private static Grant authenticate(final Authenticator authenticator, final String token, final long nowMs) {
        final byte[] bytes = token.getBytes(StandardCharsets.UTF_8);
        return authenticator.authenticate(new UnsafeBuffer(bytes), 0, bytes.length, nowMs);
    }

    @Test
    void shouldKnowATokenByItsHash() {
        final TokenFile file =
                TestTokens.file(folder, "# ours", "", TestTokens.line("alice", "notes,team-*", "read,write"));
        final Grant grant = authenticate(file, "alice", 0);
        assertEquals("alice", grant.principal());
        assertTrue(grant.principalId() != 0);
        assertTrue(grant.allows(Permission.READ) && grant.allows(Permission.WRITE));
        assertFalse(grant.allows(Permission.ADMIN) || grant.allows(Permission.CREATE));
        assertTrue(grant.covers("notes") && grant.covers("team-7"));
        assertFalse(grant.covers("note") || grant.covers("other") || grant.covers("notes2"));
        assertNull(authenticate(file, "bob", 0));
        assertNull(authenticate(file, "", 0));
    }

    @Test
    void shouldHoldSitesToTheList() {
        final String site = "0000000000000000000000000000002a";
        final TokenFile file = TestTokens.file(folder, TestTokens.line("alice", "*", "write", "sites=" + site));
        final Grant grant = authenticate(file, "alice", 0);
        assertTrue(grant.mayWriteAs(0, 42));
        assertFalse(grant.mayWriteAs(0, 43));
    }

    @Test
    void shouldNotKnowAnExpiredToken() {
        final TokenFile file =
                TestTokens.file(folder, TestTokens.line("alice", "*", "read", "sites=any expiresMs=1000"));
        assertNotNull(authenticate(file, "alice", 999));
        assertNull(authenticate(file, "alice", 1_000));
    }

    @Test
    void shouldTakeOverAChangedFile() {
        final TokenFile file = TestTokens.file(folder, TestTokens.line("alice", "*", "read"));
        final Grant alice = authenticate(file, "alice", 0);
        final long generation = file.generation();
        file.refresh();
        assertEquals(generation, file.generation());
        TestTokens.write(folder, TestTokens.line("bob", "*", "read"));
        file.refresh();
        assertTrue(file.generation() != generation);
        assertNull(file.current(alice));
        assertNull(authenticate(file, "alice", 0));
        assertNotNull(authenticate(file, "bob", 0));
    }

    @Test
    void shouldKeepTheTokensWhenTheNewFileIsBroken() throws IOException {
        final List<String> alarms = new ArrayList<>();
        final Path path = TestTokens.write(folder, TestTokens.line("alice", "*", "read"));
        final TokenFile file = new TokenFile(path, (category, message) -> alarms.add(message));
        TestTokens.write(folder, "sha256=nonsense");
        file.refresh();
        file.refresh();
        assertNotNull(authenticate(file, "alice", 0));
        assertEquals(1, alarms.size());
        assertEquals(1, file.refreshErrors());
        Files.delete(path);
        file.refresh();
        file.refresh();
        assertNotNull(authenticate(file, "alice", 0));
        assertEquals(2, alarms.size());
        TestTokens.write(folder, TestTokens.line("bob", "*", "read"));
        file.refresh();
        assertNull(authenticate(file, "alice", 0));
        assertNotNull(authenticate(file, "bob", 0));
    }

    @Test
    void shouldRefuseAFileThatOthersCanRead() throws IOException {
        final Path path = TestTokens.write(folder, TestTokens.line("alice", "*", "read"));
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r-----"));
        final IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> new TokenFile(path, (category, message) -> {}));
        assertTrue(e.getMessage().contains("GROUP_READ") && e.getMessage().contains("chmod 600"), e::getMessage);
    }

    @Test
    void shouldSayThatThereIsNoFile() {
        final Path path = folder.resolve("none");
        final IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> new TokenFile(path, (category, message) -> {}));
        assertTrue(e.getMessage().contains(path.toString()), e::getMessage);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "principal=a databases=* permissions=read sites=any",
                "sha256=00 principal=a databases=* permissions=read sites=any",
                "H principal=a databases=* permissions=fly sites=any",
                "H principal=a databases=* permissions=read",
                "H principal=a databases=* permissions=read sites=12",
                "H principal=a databases=* permissions=read sites=any expiresMs=soon",
                "H principal=a databases=* permissions=read sites=any expiresMs=0",
                "H principal=a databases= permissions=read sites=any",
                "H principal=a databases=* permissions=read sites=any colour=red",
                "H just words"
            })
    void shouldNameTheLineThatIsWrong(final String line) {
        final String text = line.replace("H ", "sha256=" + TokenTool.hash("secret") + " ");
        final IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> TestTokens.file(folder, TestTokens.line("ok", "*", "read"), text));
        assertTrue(e.getMessage().contains("line=2"), e::getMessage);
        assertFalse(e.getMessage().contains(TokenTool.hash("secret")), e::getMessage);
    }

    @ParameterizedTest
    @CsvSource({
        "a*,abc,true",
        "*c,abc,true",
        "a?c,abc,true",
        "a?c,ac,false",
        "*,x,true",
        "a*b*c,aXbYc,true",
        "a*b*c,aXbY,false",
        "abc,abcd,false",
        "***,,true"
    })
    void shouldMatchNames(final String pattern, final String name, final boolean expected) {
        assertEquals(expected, new NamePattern(pattern).matches(name == null ? "" : name));
    }

    @Test
    void shouldMakeTokensThatDiffer() {
        assertFalse(TokenTool.newToken().equals(TokenTool.newToken()));
        assertEquals("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", TokenTool.hash("test"));
    }
}
