package io.lockstep.gateway.testing;

import io.lockstep.gateway.auth.TokenFile;
import io.lockstep.gateway.auth.TokenTool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** Token files for tests. */
public final class TestTokens {
    private TestTokens() {}

    /** A line of a token file; the token is the principal's name. */
    public static String line(final String principal, final String databases, final String permissions) {
        return line(principal, databases, permissions, "sites=any");
    }

    public static String line(
            final String principal, final String databases, final String permissions, final String rest) {
        return "sha256=" + TokenTool.hash(principal) + " principal=" + principal + " databases=" + databases
                + " permissions=" + permissions + " " + rest;
    }

    public static Path write(final Path folder, final String... lines) {
        try {
            final Path path = folder.resolve("tokens");
            final Path temporary = Files.createTempFile(
                    folder,
                    "tokens",
                    "new",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(temporary, List.of(lines));
            Files.move(temporary, path, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            return path;
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static TokenFile file(final Path folder, final String... lines) {
        return new TokenFile(write(folder, lines), (category, message) -> {});
    }
}
