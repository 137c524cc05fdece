package io.lockstep.engine.arbitration;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.codec.KeyForm;
import io.lockstep.codec.RowPolicy;
import io.lockstep.codec.frame.FrameLimits;
import io.lockstep.codec.frame.FrameValidator;
import io.lockstep.engine.command.CommandKind;
import io.lockstep.engine.command.IngressCommand;
import java.util.Random;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Whatever the validator lets through is decided, and its answer and record pass the validator in turn. */
class ArbiterTotalityTest {
    private static final int FRAMES = 60_000;
    private static final int ACCEPTED_MIN = 5_000;

    @Test
    void shouldDecideEveryFrameThatTheValidatorAccepts() {
        final FrameValidator validator = new FrameValidator(FrameLimits.DEFAULT);
        final IngressCommand command = new IngressCommand();
        final Decision decision = new Decision();
        int accepted = 0;
        try (ArbiterDriver driver = ArbiterDriver.withSeed(1)) {
            final int typed = driver.create("typed", RowPolicy.LAST_WRITER_WINS, KeyForm.TYPED);
            driver.create("folded", RowPolicy.DELETE_WINS, KeyForm.QUEREUS);
            final Arbiter arbiter = driver.arbiter();
            final UnsafeBuffer out = new UnsafeBuffer(new byte[arbiter.outBytesMax()]);
            final ExpandableArrayBuffer body = new ExpandableArrayBuffer(1 << 16);
            final ModelSets sets = new ModelSets(99);
            final Random random = new Random(99);
            for (int i = 0; i < FRAMES; i++) {
                final int length = sets.next(ModelSets.START_MS + i / 10).encode(body, 0, i, random.nextBoolean());
                for (int flips = random.nextInt(4); flips > 0; flips--) {
                    body.putByte(8 + random.nextInt(length - 8), (byte) random.nextInt(256));
                }
                if (!validator.validateClientMessage(body, 0, length)) {
                    continue;
                }
                accepted++;
                command.set(CommandKind.CHANGE_SET, 1, 1, typed + (i & 1), i & 1, ModelSets.START_MS + i / 10);
                final int frame = i;
                assertDoesNotThrow(
                        () -> arbiter.decide(command, body, 0, length, out, 0, decision), () -> "frame=" + frame);
                assertTrue(
                        validator.validateServerMessage(out, decision.answerOffset(), decision.answerLength()),
                        () -> "frame=" + frame + " answer: " + validator.errorText());
                if (decision.recordLength() > 0) {
                    assertTrue(
                            validator.validateJournalRecord(out, decision.recordOffset(), decision.recordLength()),
                            () -> "frame=" + frame + " record: " + validator.errorText());
                }
            }
        }
        assertTrue(accepted >= ACCEPTED_MIN, "accepted=" + accepted);
    }
}
