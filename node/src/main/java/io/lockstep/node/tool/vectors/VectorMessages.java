package io.lockstep.node.tool.vectors;

import io.lockstep.client.model.ChangeOutcome;
import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.model.SubmitOutcome;
import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.OpenDatabaseEncoder;
import io.lockstep.codec.PruneEncoder;
import io.lockstep.codec.ReadStateEncoder;
import io.lockstep.codec.SubmitChangeSetEncoder;
import io.lockstep.node.json.Names;
import io.lockstep.node.json.Vector;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.Collectors;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.MutableDirectBuffer;

/** Encodes the messages of a vector, one at a time, into one buffer. One thread. */
final class VectorMessages {
    /** Request id of what is not a step. */
    static final long NO_STEP = 1L << 40;

    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private int length;

    MutableDirectBuffer buffer() {
        return buffer;
    }

    int length() {
        return length;
    }

    VectorMessages openDatabase(final Vector vector) {
        final OpenDatabaseEncoder encoder = new OpenDatabaseEncoder().wrapAndApplyHeader(buffer, 0, header);
        encoder.requestId(NO_STEP)
                .rowPolicy(vector.rowPolicy())
                .keyForm(vector.keyForm())
                .maxDriftMs(vector.maxDriftMs());
        encoder.flags().clear().create(true);
        encoder.name("vector");
        return encoded(encoder.encodedLength());
    }

    VectorMessages prune(final long requestId, final long horizonMs) {
        final PruneEncoder encoder = new PruneEncoder().wrapAndApplyHeader(buffer, 0, header);
        encoder.requestId(requestId).horizonMs(horizonMs);
        return encoded(encoder.encodedLength());
    }

    VectorMessages readState(final long row) {
        final ReadStateEncoder encoder = new ReadStateEncoder().wrapAndApplyHeader(buffer, 0, header);
        encoder.requestId(NO_STEP).row(row).pageBytesMax(Integer.MAX_VALUE).filtersCount(0);
        encoder.putWithin(new byte[0], 0, 0);
        return encoded(encoder.encodedLength());
    }

    VectorMessages changeSet(final long requestId, final ChangeSet set) {
        buffer.putBytes(0, set.message(), 0, set.encodedLength());
        buffer.putLong(
                MessageHeaderEncoder.ENCODED_LENGTH + SubmitChangeSetEncoder.requestIdEncodingOffset(),
                requestId,
                ByteOrder.LITTLE_ENDIAN);
        length = set.encodedLength();
        return this;
    }

    /** An outcome in the words of a vector. */
    static Vector.Expected found(final SubmitOutcome outcome) {
        return new Vector.Expected(
                Names.of(outcome.status()),
                outcome.sequence(),
                names(outcome.outcomes()),
                names(outcome.migrationOutcomes()),
                0);
    }

    private static List<String> names(final List<ChangeOutcome> outcomes) {
        return outcomes.stream().map(Names::of).collect(Collectors.toList());
    }

    private VectorMessages encoded(final int bodyLength) {
        length = MessageHeaderEncoder.ENCODED_LENGTH + bodyLength;
        return this;
    }
}
