package io.lockstep.codec.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.lockstep.codec.ChangeOp;
import io.lockstep.codec.message.ChangeSetWriter;
import io.lockstep.codec.testing.RandomFrames;
import io.lockstep.codec.value.ValueType;
import io.lockstep.codec.value.ValueWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** The frames that cost most, each a full frame of one kind of thing. */
class FrameValidatorCostTest {
    /** Budget of the validator. */
    private static final double WORK_US_PER_KIB_MAX = 20;

    private static final int FRAME_BYTES = 256 * 1024;
    private static final byte[] NAME = {'n'};
    private static final byte[] NONE = {};

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[FRAME_BYTES + 4_096]);
    private final FrameValidator validator = new FrameValidator(FrameLimits.DEFAULT);
    private final ChangeSetWriter writer = new ChangeSetWriter();

    @Test
    void shouldKeepItsBudgetWithTheSmallestChanges() {
        writer.wrap(buffer, 0).header(1, 2, 3, 4, 5, false, 0, 8_000);
        for (int i = 0; i < 8_000; i++) {
            writer.delete(i, NAME, NAME, new byte[] {ValueType.NULL});
        }
        assertWithinBudget("smallest changes");
    }

    @Test
    void shouldKeepItsBudgetWithKeysOfManyParts() {
        final byte[] key = new byte[FrameLimits.DEFAULT.keyPartsMax()];
        final int count = 4_000;
        writer.wrap(buffer, 0).header(1, 2, 3, 4, 5, false, 0, count);
        for (int i = 0; i < count; i++) {
            writer.delete(i, NAME, NAME, key);
        }
        assertWithinBudget("keys of many parts");
    }

    @Test
    void shouldKeepItsBudgetWithARowOfTheSmallestValues() {
        writer.wrap(buffer, 0).header(1, 2, 3, 4, 5, false, 0, 1);
        writer.beginChange(0, ChangeOp.DELETE, true)
                .schemaName(NAME)
                .tableName(NAME)
                .key(new byte[] {0})
                .columnName(NONE)
                .value(NONE)
                .before(new byte[FRAME_BYTES]);
        assertWithinBudget("smallest values");
    }

    @Test
    void shouldKeepItsBudgetWithTextOfManyScripts() {
        final byte[] pattern = "a\u00e9\u20ac\ud83d\ude00".getBytes(StandardCharsets.UTF_8);
        final byte[] text = new byte[FRAME_BYTES / pattern.length * pattern.length];
        for (int i = 0; i < text.length; i++) {
            text[i] = pattern[i % pattern.length];
        }
        assertWithinBudgetWithValue("text of many scripts", ValueType.TEXT, text);
    }

    @Test
    void shouldKeepItsBudgetWithADecimalOfManyDigits() {
        final byte[] digits = new byte[FRAME_BYTES];
        Arrays.fill(digits, (byte) '9');
        assertWithinBudgetWithValue("many digits", ValueType.DECIMAL, digits);
    }

    @Test
    void shouldAllocateNothing() {
        final RandomFrames frames = new RandomFrames(20301);
        final int length = frames.changeSet(buffer, 0, 2, 20);
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long thread = Thread.currentThread().getId();
        long allocated = Long.MAX_VALUE;
        // The first rounds load classes; what counts is whether any round is free of allocation.
        for (int round = 0; round < 20 && allocated > 0; round++) {
            final long bytesBefore = threads.getThreadAllocatedBytes(thread);
            for (int i = 0; i < 1_000; i++) {
                validator.validateClientMessage(buffer, 0, length);
                validator.validateClientMessage(buffer, 0, length - 1);
            }
            allocated = threads.getThreadAllocatedBytes(thread) - bytesBefore;
        }
        assertEquals(0, allocated);
    }

    private void assertWithinBudgetWithValue(final String what, final int type, final byte[] content) {
        final byte[] value = new byte[5 + content.length];
        final UnsafeBuffer target = new UnsafeBuffer(value);
        ValueWriter.putPrefixed(target, 0, type, content);
        writer.wrap(buffer, 0).header(1, 2, 3, 4, 5, false, 0, 1);
        writer.write(0, NAME, NAME, new byte[] {0}, NAME, value);
        assertWithinBudget(what);
    }

    /** The best of many runs: the cost of the work, not of what else the machine does. */
    private void assertWithinBudget(final String what) {
        final int length = writer.length();
        long best = Long.MAX_VALUE;
        for (int run = 0; run < 60; run++) {
            final long start = System.nanoTime();
            assertTrue(validator.validateClientMessage(buffer, 0, length), validator::errorText);
            best = Math.min(best, System.nanoTime() - start);
        }
        final double workUsPerKib = best / 1e3 / (length / 1024.0);
        System.out.printf("frame validator, %s: %.2f us a KiB%n", what, workUsPerKib);
        assertTrue(workUsPerKib < WORK_US_PER_KIB_MAX, what + ": workUsPerKib=" + workUsPerKib);
    }
}
