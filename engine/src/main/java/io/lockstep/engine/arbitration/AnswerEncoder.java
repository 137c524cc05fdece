package io.lockstep.engine.arbitration;

import io.lockstep.codec.DatabaseOpenedEncoder;
import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.ErrorEncoder;
import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.PruneResultEncoder;
import io.lockstep.codec.SubmitResultEncoder;
import io.lockstep.codec.SubmitStatus;
import java.nio.charset.StandardCharsets;
import org.agrona.MutableDirectBuffer;

/** Writes answers. Every method tells how many bytes the message has, its header included. */
final class AnswerEncoder {
    private static final int HEADER_BYTES = MessageHeaderEncoder.ENCODED_LENGTH;
    private static final int TEXT_BYTES_MAX = 1_024 - HEADER_BYTES - ErrorEncoder.BLOCK_LENGTH - 2;

    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final SubmitResultEncoder submitResult = new SubmitResultEncoder();
    private final DatabaseOpenedEncoder databaseOpened = new DatabaseOpenedEncoder();
    private final PruneResultEncoder pruneResult = new PruneResultEncoder();
    private final ErrorEncoder error = new ErrorEncoder();

    /** Starts a SubmitResult up to its winners, which the caller encodes next. */
    SubmitResultEncoder submitResult(
            final MutableDirectBuffer out,
            final int offset,
            final long requestId,
            final SubmitStatus status,
            final Database database,
            final long epoch) {
        return submitResult
                .wrapAndApplyHeader(out, offset, header)
                .requestId(requestId)
                .status(status)
                .reason(0)
                .sequence(status == SubmitStatus.ACCEPTED ? database.sequence() : 0)
                .databaseSequence(database.sequence())
                .epoch(epoch)
                .limitValue(-1)
                .actualValue(-1)
                .change(-1);
    }

    /** A whole SubmitResult of a set that was not judged change by change. */
    int refusedSubmit(
            final MutableDirectBuffer out,
            final int offset,
            final long requestId,
            final SubmitStatus status,
            final Database database,
            final long epoch,
            final Refusal refusal) {
        submitResult(out, offset, requestId, status, database, epoch)
                .reason(refusal.code() == null ? 0 : refusal.code().value())
                .limitValue(refusal.limitValue())
                .actualValue(refusal.actualValue())
                .change(refusal.change());
        submitResult.winnersCount(0);
        submitResult.putMigrationOutcomes(out, 0, 0).putOutcomes(out, 0, 0);
        return HEADER_BYTES + submitResult.encodedLength();
    }

    int databaseOpened(
            final MutableDirectBuffer out,
            final int offset,
            final long requestId,
            final Database database,
            final boolean created) {
        databaseOpened
                .wrapAndApplyHeader(out, offset, header)
                .requestId(requestId)
                .databaseId(database.id())
                .rowPolicy(database.rowPolicy())
                .keyForm(database.keyForm())
                .maxDriftMs(database.maxDriftMs())
                .sequence(database.sequence())
                .created((short) (created ? 1 : 0));
        return HEADER_BYTES + databaseOpened.encodedLength();
    }

    int pruneResult(
            final MutableDirectBuffer out,
            final int offset,
            final long requestId,
            final long pruned,
            final long databaseSequence) {
        pruneResult
                .wrapAndApplyHeader(out, offset, header)
                .requestId(requestId)
                .pruned(pruned)
                .databaseSequence(databaseSequence);
        return HEADER_BYTES + pruneResult.encodedLength();
    }

    /** A refusal with a text; not for refusals that come often. */
    int error(
            final MutableDirectBuffer out,
            final int offset,
            final long requestId,
            final ErrorCode code,
            final long limitValue,
            final long actualValue,
            final String text) {
        return error(out, offset, requestId, code, 0, limitValue, actualValue, text);
    }

    /** One after which the client may try again, so many milliseconds later. */
    int error(
            final MutableDirectBuffer out,
            final int offset,
            final long requestId,
            final ErrorCode code,
            final long retryAfterMs,
            final long limitValue,
            final long actualValue,
            final String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        error.wrapAndApplyHeader(out, offset, header)
                .requestId(requestId)
                .code(code)
                .retryAfterMs(retryAfterMs)
                .limitValue(limitValue)
                .actualValue(actualValue)
                .putText(bytes, 0, Math.min(bytes.length, TEXT_BYTES_MAX));
        return HEADER_BYTES + error.encodedLength();
    }
}
