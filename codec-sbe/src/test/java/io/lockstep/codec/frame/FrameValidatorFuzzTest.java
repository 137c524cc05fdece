package io.lockstep.codec.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.SubmitChangeSetDecoder;
import io.lockstep.codec.testing.GeneratedReader;
import io.lockstep.codec.testing.RandomFrames;
import io.lockstep.codec.testing.RandomRecords;
import io.lockstep.codec.testing.RandomServerFrames;
import io.lockstep.codec.value.ValueReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Coverage-guided: in the long profile Jazzer looks for bytes that make the validator throw, or that it accepts and a
 * decoder cannot read. In every other build only the seeds run.
 */
class FrameValidatorFuzzTest {
    private static final int SEEDS_PER_TEMPLATE = 3;

    private final FrameValidator validator = new FrameValidator(FrameLimits.DEFAULT);
    private final GeneratedReader reader = new GeneratedReader();
    private final UnsafeBuffer key = new UnsafeBuffer(new byte[FrameLimits.SHORT_DATA_BYTES_MAX]);

    static Stream<Arguments> seeds() {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[2 * RandomFrames.MESSAGE_BYTES_MAX]);
        final List<Arguments> seeds = new ArrayList<>();
        final RandomFrames clientFrames = new RandomFrames(20291);
        final RandomServerFrames serverFrames = new RandomServerFrames(20292);
        final RandomRecords records = new RandomRecords(20293);
        for (int i = 0; i < SEEDS_PER_TEMPLATE; i++) {
            for (final int template : RandomFrames.clientTemplates()) {
                seeds.add(copy(buffer, clientFrames.clientMessage(template, buffer, 0)));
            }
            for (final int template : RandomServerFrames.serverTemplates()) {
                seeds.add(copy(buffer, serverFrames.serverMessage(template, buffer, 0)));
            }
            for (int kind = 0; kind < 7; kind++) {
                seeds.add(copy(buffer, records.record(buffer, 0)));
            }
        }
        return seeds.stream();
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "10m")
    void shouldAcceptOnlyWhatDecodersCanRead(final byte[] bytes) {
        final UnsafeBuffer message = new UnsafeBuffer(bytes);
        if (validator.validateClientMessage(message, 0, bytes.length)) {
            reader.read(message, 0, bytes.length);
            readKeys(message);
        } else {
            assertTrue(validator.errorCode() != ErrorCode.NULL_VAL
                    && !validator.errorText().isEmpty());
        }
        if (validator.validateServerMessage(message, 0, bytes.length)) {
            reader.read(message, 0, bytes.length);
        }
        if (validator.validateJournalRecord(message, 0, bytes.length)) {
            reader.read(message, 0, bytes.length);
        }
    }

    /** The walk of values is the same code, so keys are counted again from what the generated decoder hands out. */
    private void readKeys(final UnsafeBuffer message) {
        if (message.getShort(2) != SubmitChangeSetDecoder.TEMPLATE_ID) {
            return;
        }
        final SubmitChangeSetDecoder set =
                new SubmitChangeSetDecoder().wrapAndApplyHeader(message, 0, new MessageHeaderDecoder());
        for (final SubmitChangeSetDecoder.MigrationsDecoder migration : set.migrations()) {
            migration.sbeSkip();
        }
        for (final SubmitChangeSetDecoder.ChangesDecoder change : set.changes()) {
            change.skipSchemaName();
            change.skipTableName();
            final int length = change.getKey(key, 0, FrameLimits.SHORT_DATA_BYTES_MAX);
            assertTrue(ValueReader.keyParts(key, 0, length) > 0);
            final int columnLength = change.skipColumnName();
            assertEquals(columnLength > 0, change.valueLength() > 0);
            change.skipValue();
            change.skipBefore();
        }
    }

    private static Arguments copy(final UnsafeBuffer buffer, final int length) {
        return Arguments.of(Arrays.copyOf(buffer.byteArray(), length));
    }
}
