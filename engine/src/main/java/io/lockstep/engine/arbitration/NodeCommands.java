package io.lockstep.engine.arbitration;

import io.lockstep.codec.EpochCommandDecoder;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.PruneCommandDecoder;
import io.lockstep.codec.PruneCommandEncoder;
import io.lockstep.codec.PruneDecoder;
import io.lockstep.codec.RecordKind;
import io.lockstep.engine.command.IngressCommand;
import io.lockstep.engine.record.RecordDescriptor;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** Decides prunes and epochs. */
final class NodeCommands {
    private static final int HEADER_BYTES = MessageHeaderEncoder.ENCODED_LENGTH;

    private final int prunedAtOnceMax;

    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final PruneDecoder prune = new PruneDecoder();
    private final PruneCommandDecoder pruneCommand = new PruneCommandDecoder();
    private final EpochCommandDecoder epochCommand = new EpochCommandDecoder();
    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final PruneCommandEncoder pruneEncoder = new PruneCommandEncoder();
    private final RecordEncoder record = new RecordEncoder();
    private final AnswerEncoder answers;

    NodeCommands(final int prunedAtOnceMax, final AnswerEncoder answers) {
        this.prunedAtOnceMax = prunedAtOnceMax;
        this.answers = answers;
    }

    /**
     * Decides a Prune, or a PruneCommand as a record holds it. A Prune with much to do is decided as one with a longer
     * horizon, which is what the record holds: the same command again does the rest.
     */
    void onPrune(
            final Database database,
            final IngressCommand command,
            final long epoch,
            final DirectBuffer body,
            final int offset,
            final MutableDirectBuffer out,
            final int outOffset,
            final Decision decision) {
        header.wrap(body, offset);
        final long requestId;
        final long horizonMs;
        final Tombstones tombstones = database.tombstoneList();
        if (header.templateId() == PruneCommandDecoder.TEMPLATE_ID) {
            requestId = 0;
            horizonMs = pruneCommand.wrapAndApplyHeader(body, offset, header).horizonMs();
        } else {
            requestId = prune.wrapAndApplyHeader(body, offset, header).requestId();
            final long askedMs = before(command, prune.horizonMs());
            final long sliceMs = tombstones.sliceEnd(askedMs, prunedAtOnceMax);
            horizonMs = sliceMs == askedMs ? prune.horizonMs() : command.stampedTimeMs() - sliceMs;
        }
        final long pruned = tombstones.prune(before(command, horizonMs));
        int answer = outOffset;
        if (pruned > 0) {
            record.start(out, outOffset);
            pruneEncoder
                    .wrapAndApplyHeader(out, record.commandOffset(), headerEncoder)
                    .horizonMs(horizonMs);
            headerEncoder.version(RecordDescriptor.SCHEMA_VERSION);
            record.command(HEADER_BYTES + pruneEncoder.encodedLength());
            final int length = record.finish(RecordKind.PRUNE, command, epoch, database, pruned, 0);
            decision.record(outOffset, length);
            answer += (length + 7) & -8;
        }
        decision.answer(answer, answers.pruneResult(out, answer, requestId, pruned, database.sequence()));
    }

    /**
     * Decides a Prune of a database that is not in memory, if there is nothing to prune.
     *
     * @return false if that cannot be told
     */
    boolean onPruneAbsent(
            final KnownDatabases known,
            final IngressCommand command,
            final DirectBuffer body,
            final int offset,
            final MutableDirectBuffer out,
            final int outOffset,
            final Decision decision) {
        prune.wrapAndApplyHeader(body, offset, header);
        final int databaseId = command.databaseId();
        if (known.mayHaveTombstoneBefore(databaseId, before(command, prune.horizonMs()))) {
            return false;
        }
        decision.answer(
                outOffset, answers.pruneResult(out, outOffset, prune.requestId(), 0, known.sequence(databaseId)));
        return true;
    }

    /** A negative horizon would reach into the future; it is at least 0. */
    private static long before(final IngressCommand command, final long horizonMs) {
        return command.stampedTimeMs() - Math.max(0, horizonMs);
    }

    /**
     * Decides an EpochCommand, which is not answered.
     *
     * @return the new epoch
     * @throws IllegalStateException if it is not above the one in force: then the node must not lead
     */
    long onEpoch(
            final IngressCommand command,
            final long epoch,
            final DirectBuffer body,
            final int offset,
            final int length,
            final MutableDirectBuffer out,
            final int outOffset,
            final Decision decision) {
        final long newEpoch =
                epochCommand.wrapAndApplyHeader(body, offset, header).epoch();
        if (newEpoch <= epoch) {
            throw new IllegalStateException("epoch does not rise: epoch=" + newEpoch + ", inForce=" + epoch);
        }
        record.start(out, outOffset);
        out.putBytes(record.commandOffset(), body, offset, length);
        record.command(length);
        decision.record(outOffset, record.finish(RecordKind.EPOCH, command, newEpoch, null, 0, 0));
        return newEpoch;
    }
}
