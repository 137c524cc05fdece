package io.lockstep.gateway.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Random;

/** Makes tokens, and the hash of a token that stands in a token file. */
public final class TokenTool {
    private static final int TOKEN_BYTES = 32;

    private TokenTool() {}

    /**
     * A new token of 256 random bits.
     *
     * @return 43 characters that are safe in a URL, and as an argument of a command: the first is no hyphen
     */
    public static String newToken() {
        return newToken(new SecureRandom());
    }

    static String newToken(final Random random) {
        final byte[] bytes = new byte[TOKEN_BYTES];
        String token = "-";
        while (token.startsWith("-")) {
            random.nextBytes(bytes);
            token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        }
        return token;
    }

    /**
     * What stands in a token file for a token.
     *
     * @param token as the client sends it
     * @return SHA-256 of its UTF-8, 64 hexadecimal digits
     */
    public static String hash(final String token) {
        return HexFormat.of().formatHex(sha256().digest(token.getBytes(StandardCharsets.UTF_8)));
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
