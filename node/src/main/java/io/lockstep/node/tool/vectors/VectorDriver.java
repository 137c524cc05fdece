package io.lockstep.node.tool.vectors;

import io.lockstep.client.model.StatePage;
import io.lockstep.client.model.SubmitOutcome;
import io.lockstep.codec.DatabaseOpenedDecoder;
import io.lockstep.codec.ErrorDecoder;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.PruneResultDecoder;
import io.lockstep.codec.StatePageDecoder;
import io.lockstep.codec.SubmitResultDecoder;
import io.lockstep.codec.frame.FrameLimits;
import io.lockstep.codec.frame.FrameValidator;
import io.lockstep.engine.command.CommandKind;
import io.lockstep.engine.command.IngressCommand;
import io.lockstep.engine.port.CommittedSlot;
import io.lockstep.engine.port.EgressPort;
import io.lockstep.engine.port.IngressPort;
import io.lockstep.engine.ring.IngressClock;
import io.lockstep.node.json.Vector;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.Agent;

/**
 * Stands where the transports stand: publishes the steps of one vector, a batch at a time, and gathers the answers. Runs
 * on the ingress thread, whichever that is; what it gathered may be read by others once {@link #isDone()} is true.
 */
final class VectorDriver implements Agent, EgressPort {
    private static final int DATABASE_ID = 1;
    private static final long SESSION_ID = 1;

    private final Vector vector;
    private final int batch;
    private final IngressClock clock;
    private final FrameValidator validator;
    private final VectorMessages messages = new VectorMessages();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final IngressCommand command = new IngressCommand();
    private final List<Vector.Expected> found = new ArrayList<>();
    private final List<StatePage> pages = new ArrayList<>();
    private IngressPort ingress;
    private int published;
    private int answered;
    private long nextRow;
    private volatile boolean done;

    VectorDriver(final Vector vector, final int batch, final IngressClock clock, final FrameLimits limits) {
        this.vector = vector;
        this.batch = batch;
        this.clock = clock;
        validator = new FrameValidator(limits);
        vector.steps().forEach(step -> found.add(null));
    }

    /** Where to publish; before the first duty cycle. */
    void ingress(final IngressPort port) {
        ingress = port;
    }

    /** Whether the last page has come, or nothing more can. */
    boolean isDone() {
        return done;
    }

    /** What came of each step, in their order. */
    List<Vector.Expected> found() {
        return found;
    }

    /** The final state. */
    List<StatePage> pages() {
        return pages;
    }

    @Override
    public String roleName() {
        return "vector-driver";
    }

    /** Publishes the next batch once the one before it was answered; the first is the making of the database alone. */
    @Override
    public int doWork() {
        if (done || published > answered) {
            return 0;
        }
        if (published == 0) {
            openDatabase();
            return 1;
        }
        final int steps = vector.steps().size();
        final int first = published - 1;
        if (first >= steps) {
            publish(CommandKind.READ_STATE, messages.readState(nextRow));
            return 1;
        }
        for (int i = first; i < Math.min(steps, first + batch); i++) {
            publishStep(i);
        }
        return 1;
    }

    @Override
    public void onCommitted(final CommittedSlot slot) {
        if (slot.answerLength() == 0) {
            return;
        }
        answered++;
        final DirectBuffer buffer = slot.buffer();
        final int offset = slot.answerOffset();
        header.wrap(buffer, offset);
        switch (header.templateId()) {
            case DatabaseOpenedDecoder.TEMPLATE_ID -> {
                // Nothing to compare: the vector says what the database is.
            }
            case SubmitResultDecoder.TEMPLATE_ID ->
                onResult(new SubmitResultDecoder().wrapAndApplyHeader(buffer, offset, header));
            case PruneResultDecoder.TEMPLATE_ID ->
                onPruned(new PruneResultDecoder().wrapAndApplyHeader(buffer, offset, header));
            case StatePageDecoder.TEMPLATE_ID ->
                onPage(new StatePageDecoder().wrapAndApplyHeader(buffer, offset, header));
            case ErrorDecoder.TEMPLATE_ID -> onError(new ErrorDecoder().wrapAndApplyHeader(buffer, offset, header));
            default -> throw new IllegalStateException("an answer of templateId=" + header.templateId());
        }
    }

    @Override
    public void onBatchEnd() {}

    private void openDatabase() {
        final List<Vector.Step> steps = vector.steps();
        clock.set(steps.isEmpty() ? 0 : steps.get(0).nowMs());
        publish(CommandKind.OPEN_DATABASE, messages.openDatabase(vector));
    }

    private void publishStep(final int index) {
        final Vector.Step step = vector.steps().get(index);
        clock.set(step.nowMs());
        if (step.set() == null) {
            publish(CommandKind.PRUNE, messages.prune(index, step.horizonMs()));
        } else {
            publish(CommandKind.CHANGE_SET, messages.changeSet(index, step.set()));
        }
    }

    private void publish(final CommandKind kind, final VectorMessages message) {
        if (!validator.validateClientMessage(message.buffer(), 0, message.length())) {
            throw new IllegalStateException("the validator refused a vector's message: " + validator.errorText());
        }
        final int flags = IngressCommand.FLAG_MAY_CREATE | IngressCommand.FLAG_SITE_AUTHORISED;
        command.set(kind, SESSION_ID, 0, kind == CommandKind.OPEN_DATABASE ? 0 : DATABASE_ID, flags, 0);
        if (!ingress.tryPublish(command, message.buffer(), 0, message.length())) {
            throw new IllegalStateException("the ring is full: batch=" + batch);
        }
        published++;
    }

    private void onResult(final SubmitResultDecoder result) {
        final int index = (int) result.requestId();
        final SubmitOutcome outcome = SubmitOutcome.decode(result);
        found.set(index, VectorMessages.found(outcome));
    }

    private void onPruned(final PruneResultDecoder result) {
        found.set((int) result.requestId(), new Vector.Expected("", 0, List.of(), List.of(), result.pruned()));
    }

    private void onPage(final StatePageDecoder decoder) {
        final StatePage page = StatePage.decode(decoder);
        pages.add(page);
        nextRow = page.nextRow();
        done = page.last();
    }

    private void onError(final ErrorDecoder error) {
        final int index = (int) error.requestId();
        final String text = "error " + error.code() + ": " + error.text();
        if (index >= 0 && index < found.size()) {
            found.set(index, new Vector.Expected(text, 0, List.of(), List.of(), 0));
        } else {
            throw new IllegalStateException(text);
        }
    }
}
