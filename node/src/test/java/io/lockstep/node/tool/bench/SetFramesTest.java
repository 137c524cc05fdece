package io.lockstep.node.tool.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.SubmitChangeSetDecoder;
import io.lockstep.codec.frame.FrameDescriptor;
import io.lockstep.codec.frame.FrameLimits;
import io.lockstep.codec.frame.FrameValidator;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SetFramesTest {
    private static final int HEADER = FrameDescriptor.HEADER_LENGTH;

    @ParameterizedTest
    @CsvSource({"1, 0", "1, 7", "1, 16", "5, 100"})
    void shouldMakeFramesThatTheValidatorTakes(final int changes, final int valueBytes) {
        final SetFrames frames = new SetFrames(plan(changes, valueBytes), 5);
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[frames.frameLength()]);
        final FrameValidator validator = new FrameValidator(FrameLimits.DEFAULT);
        frames.time(1_000);
        for (int i = 0; i < 1_000; i++) {
            frames.put(buffer, 0, i, 3);
            assertEquals(frames.frameLength(), FrameDescriptor.frameLength(buffer, 0));
            assertTrue(
                    validator.validateClientMessage(buffer, HEADER, frames.frameLength() - HEADER),
                    validator::errorText);
        }
    }

    @Test
    void shouldRaiseTheClockFromSetToSet() {
        final SetFrames frames = new SetFrames(plan(1, 16), 5);
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[frames.frameLength()]);
        frames.time(1_000);
        long before = -1;
        for (int i = 0; i < 70_000; i++) {
            frames.put(buffer, 0, i, 3);
            final SubmitChangeSetDecoder decoder = decoded(buffer);
            final long clock = (decoder.wall() << 16) + decoder.counter();
            assertTrue(clock > before, "set=" + i + ", clock=" + clock + ", before=" + before);
            before = clock;
        }
    }

    @Test
    void shouldSpreadWritesOverAllRowsAndColumns() {
        final SetFrames frames = new SetFrames(plan(1, 16), 5);
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[frames.frameLength()]);
        final Set<Long> rows = new HashSet<>();
        final Set<String> columns = new HashSet<>();
        for (int i = 0; i < 2_000; i++) {
            frames.put(buffer, 0, i, 3);
            final SubmitChangeSetDecoder.ChangesDecoder change = decoded(buffer).changes();
            change.next();
            change.schemaName();
            change.tableName();
            final byte[] key = new byte[9];
            change.getKey(key, 0, key.length);
            rows.add(new UnsafeBuffer(key).getLong(1, ByteOrder.LITTLE_ENDIAN));
            columns.add(change.columnName());
        }
        assertEquals(50, rows.size());
        assertTrue(rows.stream().allMatch(row -> row >= 0 && row < 50), rows::toString);
        assertEquals(Set.of("c0000", "c0001", "c0002"), columns);
    }

    private static SubmitChangeSetDecoder decoded(final UnsafeBuffer buffer) {
        final SubmitChangeSetDecoder decoder =
                new SubmitChangeSetDecoder().wrapAndApplyHeader(buffer, HEADER, new MessageHeaderDecoder());
        decoder.migrations();
        return decoder;
    }

    private static BenchPlan plan(final int changes, final int valueBytes) {
        return new BenchPlan(1, 1, changes, 50, 3, valueBytes, 0, 1, 0);
    }
}
