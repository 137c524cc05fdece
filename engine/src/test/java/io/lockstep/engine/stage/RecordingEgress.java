package io.lockstep.engine.stage;

import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.SubmitResultDecoder;
import io.lockstep.codec.SubmitStatus;
import io.lockstep.engine.port.CommittedSlot;
import io.lockstep.engine.port.EgressPort;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.LongSupplier;

/** Keeps every answer in order, with the committed position as of when it left. */
public final class RecordingEgress implements EgressPort {
    /** One answer. */
    public record Answer(
            long requestId, SubmitStatus status, int reason, long sequence, long position, long committedPosition) {}

    private final List<Answer> answers = Collections.synchronizedList(new ArrayList<>());
    private final SubmitResultDecoder decoder = new SubmitResultDecoder();
    private LongSupplier committed = () -> -1;
    private int batchEnds;

    public void committed(final LongSupplier position) {
        committed = position;
    }

    @Override
    public void onCommitted(final CommittedSlot slot) {
        if (slot.answerLength() > 0) {
            decoder.wrapAndApplyHeader(slot.buffer(), slot.answerOffset(), new MessageHeaderDecoder());
            answers.add(new Answer(
                    decoder.requestId(),
                    decoder.status(),
                    decoder.reason(),
                    decoder.sequence(),
                    slot.position(),
                    committed.getAsLong()));
        }
    }

    @Override
    public void onBatchEnd() {
        batchEnds++;
    }

    public List<Answer> answers() {
        return answers;
    }

    public int batchEnds() {
        return batchEnds;
    }

    public List<Long> requestIds() {
        synchronized (answers) {
            return answers.stream().map(Answer::requestId).toList();
        }
    }
}
