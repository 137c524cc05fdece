package io.lockstep.codec.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.testing.GeneratedReader;
import io.lockstep.codec.testing.RandomFrames;
import java.util.Random;
import java.util.function.Supplier;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class FrameValidatorPropertyTest {
    private static final int GUARD = 64;

    private final FrameValidator validator = new FrameValidator(FrameLimits.DEFAULT);
    private final GeneratedReader reader = new GeneratedReader();
    private final UnsafeBuffer message = new UnsafeBuffer(new byte[RandomFrames.MESSAGE_BYTES_MAX]);

    @Test
    void shouldAcceptEveryValidClientMessage() {
        final long seed = 20271;
        final RandomFrames frames = new RandomFrames(seed);
        for (int run = 0; run < 20_000; run++) {
            final int length = frames.clientMessage(message, 0);
            final int number = run;
            final Supplier<String> where = () -> "seed=" + seed + ", run=" + number + ": " + validator.errorText();
            assertTrue(validator.validateClientMessage(message, 0, length), where);
            assertEquals(ErrorCode.NULL_VAL, validator.errorCode(), where);
            reader.read(message, 0, length);
        }
    }

    @Test
    void shouldNeverThrowNorAcceptTheUnreadableWhenOneByteChanges() {
        final long seed = 20272;
        final RandomFrames frames = new RandomFrames(seed);
        final Random random = new Random(seed);
        for (final int template : RandomFrames.clientTemplates()) {
            for (int run = 0; run < 40; run++) {
                final int length = frames.clientMessage(template, message, 0);
                for (int i = 0; i < length; i++) {
                    final byte was = message.getByte(i);
                    message.putByte(i, (byte) random.nextInt(256));
                    check(length, "seed=" + seed + ", template=" + template + ", run=" + run + ", byte=" + i);
                    message.putByte(i, (byte) (was ^ 1 << random.nextInt(8)));
                    check(length, "seed=" + seed + ", template=" + template + ", run=" + run + ", bit of byte=" + i);
                    message.putByte(i, was);
                }
            }
        }
    }

    @Test
    void shouldRefuseEveryTruncation() {
        final long seed = 20273;
        final RandomFrames frames = new RandomFrames(seed);
        for (final int template : RandomFrames.clientTemplates()) {
            for (int run = 0; run < 40; run++) {
                final int length = frames.clientMessage(template, message, 0);
                for (int cut = 0; cut < length; cut++) {
                    assertFalse(check(cut, "seed=" + seed + ", template=" + template + ", cut=" + cut));
                    assertTrue(validator.fatal());
                }
            }
        }
    }

    @Test
    void shouldRefuseEveryExtension() {
        final long seed = 20274;
        final RandomFrames frames = new RandomFrames(seed);
        for (int run = 0; run < 2_000; run++) {
            final int length = frames.clientMessage(message, 0);
            message.setMemory(length, 300, (byte) (run % 3));
            assertFalse(check(length + 1 + run % 300, "seed=" + seed + ", run=" + run));
            assertEquals(ErrorCode.MALFORMED_FRAME, validator.errorCode());
            assertTrue(validator.fatal());
        }
    }

    @Test
    void shouldNotThrowOnRandomBytes() {
        final long seed = 20275;
        final Random random = new Random(seed);
        final byte[] bytes = message.byteArray();
        final RandomFrames frames = new RandomFrames(seed);
        for (int run = 0; run < 20_000; run++) {
            // A valid start, so that the walk gets somewhere.
            final int length = frames.clientMessage(message, 0);
            final int from = random.nextInt(length);
            for (int i = from; i < length; i++) {
                bytes[i] = (byte) (random.nextInt(3) == 0 ? random.nextInt(256) : random.nextInt(4));
            }
            check(length, "seed=" + seed + ", run=" + run);
        }
    }

    /**
     * Validates a copy that has guard bytes around it: what stands outside of the message must not matter. Then again
     * with a buffer that ends at the message's end, so that a read beyond it throws.
     */
    private boolean check(final int length, final String where) {
        final UnsafeBuffer guarded = new UnsafeBuffer(new byte[length + 2 * GUARD]);
        guarded.putBytes(GUARD, message, 0, length);
        final boolean first = validator.validateClientMessage(guarded, GUARD, length);
        final String text = validator.errorText();
        final UnsafeBuffer exact = new UnsafeBuffer(guarded.byteArray(), GUARD, length);
        assertEquals(first, validator.validateClientMessage(exact, 0, length), where);
        assertEquals(text, validator.errorText(), where);
        if (first) {
            reader.read(exact, 0, length);
        } else {
            assertNotEquals("", text, where);
            assertNotEquals(ErrorCode.NULL_VAL, validator.errorCode(), where);
            assertTrue(validator.fatal() || validator.requestId() >= 0, where);
        }
        return first;
    }
}
