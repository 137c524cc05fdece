package io.lockstep.codec.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.codec.testing.GeneratedReader;
import io.lockstep.codec.testing.RandomFrames;
import io.lockstep.codec.testing.RandomRecords;
import io.lockstep.codec.testing.RandomServerFrames;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class ServerMessagePropertyTest {
    private final FrameValidator validator = new FrameValidator(FrameLimits.DEFAULT);
    private final GeneratedReader reader = new GeneratedReader();
    private final UnsafeBuffer message = new UnsafeBuffer(new byte[2 * RandomFrames.MESSAGE_BYTES_MAX]);

    @FunctionalInterface
    private interface Check {
        boolean accepts(UnsafeBuffer buffer, int length);
    }

    @Test
    void shouldAcceptEveryValidServerMessage() {
        final long seed = 20281;
        final RandomServerFrames frames = new RandomServerFrames(seed);
        for (final int template : RandomServerFrames.serverTemplates()) {
            for (int run = 0; run < 500; run++) {
                final int length = frames.serverMessage(template, message, 0);
                assertTrue(
                        validator.validateServerMessage(message, 0, length),
                        () -> "seed=" + seed + ", template=" + template + ": " + validator.errorText());
                reader.read(message, 0, length);
            }
        }
    }

    @Test
    void shouldNeverThrowNorAcceptAnUnreadableServerMessage() {
        final long seed = 20282;
        final RandomServerFrames frames = new RandomServerFrames(seed);
        final Random random = new Random(seed);
        for (final int template : RandomServerFrames.serverTemplates()) {
            for (int run = 0; run < 30; run++) {
                final int length = frames.serverMessage(template, message, 0);
                disturb(
                        random,
                        length,
                        "seed=" + seed + ", template=" + template,
                        (buffer, bytes) -> validator.validateServerMessage(buffer, 0, bytes));
            }
        }
    }

    @Test
    void shouldAcceptEveryValidRecord() {
        final long seed = 20283;
        final RandomRecords records = new RandomRecords(seed);
        for (int run = 0; run < 5_000; run++) {
            final int length = records.record(message, 0);
            final int number = run;
            assertTrue(
                    validator.validateJournalRecord(message, 0, length),
                    () -> "seed=" + seed + ", run=" + number + ": " + validator.errorText());
            reader.read(message, 0, length);
        }
    }

    @Test
    void shouldNeverThrowNorAcceptAnUnreadableRecord() {
        final long seed = 20284;
        final RandomRecords records = new RandomRecords(seed);
        final Random random = new Random(seed);
        for (int run = 0; run < 300; run++) {
            final int length = records.record(message, 0);
            disturb(
                    random,
                    length,
                    "seed=" + seed + ", run=" + run,
                    (buffer, bytes) -> validator.validateJournalRecord(buffer, 0, bytes));
        }
    }

    @Test
    void shouldAcceptARecordOverTheLimitsOfClients() {
        final FrameValidator strict = new FrameValidator(new FrameLimits(64, 1, 1, 1, 1, 1));
        final RandomRecords records = new RandomRecords(20285);
        for (int run = 0; run < 200; run++) {
            final int length = records.record(message, 0);
            assertTrue(strict.validateJournalRecord(message, 0, length), strict::errorText);
        }
    }

    private void disturb(final Random random, final int length, final String where, final Check check) {
        for (int i = 0; i < length; i++) {
            final byte was = message.getByte(i);
            message.putByte(
                    i, random.nextBoolean() ? (byte) random.nextInt(256) : (byte) (was ^ 1 << random.nextInt(8)));
            final UnsafeBuffer exact = new UnsafeBuffer(message, 0, length);
            if (check.accepts(exact, length)) {
                reader.read(exact, 0, length);
            }
            message.putByte(i, was);
            final UnsafeBuffer cut = new UnsafeBuffer(message, 0, i);
            assertFalse(check.accepts(cut, i), where + ", cut=" + i);
        }
        message.putByte(length, (byte) 0);
        assertEquals(false, check.accepts(new UnsafeBuffer(message, 0, length + 1), length + 1), where);
    }
}
