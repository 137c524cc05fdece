package io.lockstep.gateway.auth;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import org.agrona.DirectBuffer;

/**
 * Tokens from a file of mode 0600, one a line, see {@link TokenLine}; {@code #} starts a comment. Holds hashes only, so
 * that the file gives no token away. Read again when it changes: a file that cannot be taken over leaves the tokens before
 * in force, and is told once.
 */
public final class TokenFile implements Authenticator {
    private static final int TOKENS_MAX = 10_000;
    private static final long FILE_BYTES_MAX = 16 << 20;
    private static final Set<PosixFilePermission> OWNER_ONLY =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private final Path path;
    private final BiConsumer<String, String> alarm;
    private final MessageDigest sha256 = TokenTool.sha256();
    private byte[] scratch = new byte[256];
    private Stamp lastStamp;
    private volatile Tokens tokens;
    private volatile long refreshErrors;

    /** All that one reading of the file gave; never changed afterwards. */
    private static final class Tokens {
        private final byte[][] hashes;
        private final Grant[] grants;
        private final Map<Object, Grant> byKey;
        private final long generation;

        Tokens(final List<TokenLine> lines, final Map<Object, Grant> byKey, final long generation) {
            this.hashes = lines.stream()
                    .map(line -> HexFormat.of().parseHex(line.sha256()))
                    .toArray(byte[][]::new);
            this.grants = lines.stream().map(TokenLine::grant).toArray(Grant[]::new);
            this.byKey = byKey;
            this.generation = generation;
        }
    }

    /** What tells one content of the file from another without reading it. */
    private record Stamp(FileTime modified, long size, Object fileKey, Set<PosixFilePermission> permissions) {}

    /**
     * Reads the file.
     *
     * @param path of the file
     * @param alarm told (category, message) when a later change cannot be taken over, on the thread that refreshes
     * @throws IllegalArgumentException when it cannot be used, saying why and what would be right
     */
    public TokenFile(final Path path, final BiConsumer<String, String> alarm) {
        this.path = path;
        this.alarm = alarm;
        try {
            lastStamp = stamp();
            tokens = read(1);
        } catch (final NoSuchFileException e) {
            throw new IllegalArgumentException("there is no token file: path=" + path, e);
        } catch (final IOException e) {
            throw new IllegalArgumentException(
                    "the token file cannot be read: path=" + path + ": " + e.getMessage(), e);
        }
    }

    @Override
    public Grant authenticate(final DirectBuffer token, final int offset, final int length, final long nowMs) {
        if (scratch.length < length) {
            scratch = new byte[length];
        }
        token.getBytes(offset, scratch, 0, length);
        sha256.update(scratch, 0, length);
        Arrays.fill(scratch, 0, length, (byte) 0);
        final byte[] hash = sha256.digest();
        final Tokens known = tokens;
        Grant found = null;
        // All of them, each in constant time, so that the time taken says nothing of how close a guess came.
        for (int i = 0; i < known.hashes.length; i++) {
            if (MessageDigest.isEqual(known.hashes[i], hash)) {
                found = known.grants[i];
            }
        }
        return found == null || found.isExpired(nowMs) ? null : found;
    }

    @Override
    public Grant current(final Grant grant) {
        return tokens.byKey.get(grant.key());
    }

    @Override
    public long generation() {
        return tokens.generation;
    }

    @Override
    public boolean requiresToken() {
        return true;
    }

    @Override
    public long refreshErrors() {
        return refreshErrors;
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread refreshes
    public void refresh() {
        Stamp stamp = null;
        try {
            stamp = stamp();
            if (stamp.equals(lastStamp)) {
                return;
            }
            lastStamp = stamp;
            tokens = read(tokens.generation + 1);
        } catch (final IOException | IllegalArgumentException e) {
            if (stamp == null && lastStamp == null) {
                return;
            }
            lastStamp = stamp;
            refreshErrors++;
            alarm.accept(
                    "token-file",
                    "the changed token file cannot be used, the tokens before stay in force: " + e.getMessage());
        }
    }

    private Stamp stamp() throws IOException {
        final PosixFileAttributes attributes = Files.readAttributes(path, PosixFileAttributes.class);
        return new Stamp(
                attributes.lastModifiedTime(), attributes.size(), attributes.fileKey(), attributes.permissions());
    }

    private Tokens read(final long generation) throws IOException {
        final PosixFileAttributes attributes = Files.readAttributes(path, PosixFileAttributes.class);
        final Set<PosixFilePermission> surplus = new HashSet<>(attributes.permissions());
        surplus.removeAll(OWNER_ONLY);
        if (!surplus.isEmpty()) {
            throw new IllegalArgumentException("the token file must be for its owner alone: path=" + path + ", surplus="
                    + surplus + "; chmod 600 " + path);
        }
        if (attributes.size() > FILE_BYTES_MAX) {
            throw new IllegalArgumentException("the token file is too large: path=" + path + ", bytes="
                    + attributes.size() + ", limit=" + FILE_BYTES_MAX);
        }
        return parse(Files.readAllLines(path, StandardCharsets.UTF_8), generation);
    }

    private Tokens parse(final List<String> lines, final long generation) {
        final List<TokenLine> parsed = new ArrayList<>();
        final Map<Object, Grant> byKey = new HashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            final String line = lines.get(i).strip();
            if (line.isEmpty() || line.charAt(0) == '#') {
                continue;
            }
            try {
                final TokenLine token = TokenLine.parse(line);
                if (byKey.put(token.grant().key(), token.grant()) != null) {
                    throw new IllegalArgumentException("the same sha256 twice");
                }
                parsed.add(token);
            } catch (final IllegalArgumentException e) {
                throw new IllegalArgumentException("path=" + path + ", line=" + (i + 1) + ": " + e.getMessage(), e);
            }
        }
        if (parsed.size() > TOKENS_MAX) {
            throw new IllegalArgumentException(
                    "too many tokens: path=" + path + ", tokens=" + parsed.size() + ", limit=" + TOKENS_MAX);
        }
        return new Tokens(parsed, byKey, generation);
    }

    @Override
    public String toString() {
        return "TokenFile{path=" + path + ", tokens=" + Objects.requireNonNull(tokens).grants.length + "}";
    }
}
