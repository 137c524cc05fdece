package io.lockstep.node.tool.load;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.lockstep.client.model.ChangeOutcome;
import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.model.SubmitOutcome;
import io.lockstep.codec.SubmitStatus;
import java.io.IOException;
import java.io.OutputStream;
import java.util.EnumMap;
import java.util.Map;

/** Counts what became of the change sets. One thread. */
public final class LoadTally {
    private final Map<ChangeOutcome, Long> outcomes = new EnumMap<>(ChangeOutcome.class);
    private long sets;
    private long changes;
    private long accepted;
    private long noEffect;
    private long rejected;

    /** An empty tally. */
    public LoadTally() {}

    /**
     * A change set was read that can be sent.
     *
     * @param set what was read
     */
    void onRead(final ChangeSet set) {
        sets++;
        changes += set.changes().size();
    }

    /** A change set was read that no frame can carry. */
    void onUnsendable() {
        sets++;
        rejected++;
    }

    /**
     * A change set was arbitrated.
     *
     * @param outcome what became of it
     */
    void onOutcome(final SubmitOutcome outcome) {
        if (outcome.status() == SubmitStatus.ACCEPTED) {
            accepted++;
        } else if (outcome.status() == SubmitStatus.NO_EFFECT) {
            noEffect++;
        } else {
            rejected++;
        }
        for (final ChangeOutcome each : outcome.outcomes()) {
            outcomes.merge(each, 1L, Long::sum);
        }
    }

    /** A change set was refused before arbitration. */
    void onRefused() {
        rejected++;
    }

    /**
     * How many were answered or could not be sent.
     *
     * @return at most the sets read
     */
    public long answered() {
        return accepted + noEffect + rejected;
    }

    /**
     * How many were read.
     *
     * @return sendable or not
     */
    public long sets() {
        return sets;
    }

    /**
     * How many were refused, rejected or could not be sent.
     *
     * @return 0 if all went well
     */
    public long rejected() {
        return rejected;
    }

    /**
     * Writes the summary as one line of JSON.
     *
     * @param stream to write to; flushed, not closed
     * @param elapsedNs since the first set was read
     * @throws IOException from below
     */
    public void write(final OutputStream stream, final long elapsedNs) throws IOException {
        final JsonGenerator out = new JsonFactory().createGenerator(stream);
        out.writeStartObject();
        out.writeNumberField("sets", sets);
        out.writeNumberField("changes", changes);
        out.writeNumberField("accepted", accepted);
        out.writeNumberField("noEffect", noEffect);
        out.writeNumberField("rejected", rejected);
        out.writeNumberField("applied", count(ChangeOutcome.APPLIED));
        out.writeNumberField("superseded", count(ChangeOutcome.SUPERSEDED));
        out.writeNumberField("blocked", count(ChangeOutcome.BLOCKED));
        out.writeNumberField("duplicate", count(ChangeOutcome.DUPLICATE));
        out.writeNumberField("tooLate", count(ChangeOutcome.TOO_LATE));
        out.writeNumberField("notAuthor", count(ChangeOutcome.NOT_AUTHOR));
        out.writeNumberField("seconds", Math.round(elapsedNs / 1e6) / 1e3);
        out.writeEndObject();
        out.writeRaw('\n');
        out.flush();
    }

    private long count(final ChangeOutcome outcome) {
        return outcomes.getOrDefault(outcome, 0L);
    }
}
