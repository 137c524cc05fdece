package io.lockstep.engine.arbitration;

import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.LargeSetCommandEncoder;
import io.lockstep.codec.LargeSetStepDecoder;
import io.lockstep.codec.LargeSetStepEncoder;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.RecordKind;
import io.lockstep.codec.SubmitResultEncoder;
import io.lockstep.codec.SubmitStatus;
import io.lockstep.engine.command.IngressCommand;
import io.lockstep.engine.command.StagedSets;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Decides large change sets a slice at a time, one set after the other: by the rules of {@link ChangeSetArbiter}, in the
 * same order, and with the same result, since its database is held while it lasts. Where slices end decides nothing.
 *
 * <pre>
 *  CHECK *  → CHECK … APPLY   the set may be applied; its parts are journaled next
 *           → SubmitResult    it may not
 *  APPLY *  → APPLY … SubmitResult, with the LARGE_CHANGE_SET record if it had an effect
 *  GIVE UP  → GIVE UP         what was checked is not applied
 * </pre>
 */
final class LargeSetArbiter {
    /** Of LargeSetStep. */
    static final int PHASE_CHECK = 0;

    /** Of LargeSetStep. */
    static final int PHASE_APPLY = 1;

    /** Of LargeSetStep; as an answer: there is nothing more to do. */
    static final int PHASE_OVER = 2;

    private static final int HEADER_BYTES = MessageHeaderEncoder.ENCODED_LENGTH;
    private static final int STEP_BYTES = HEADER_BYTES + LargeSetStepEncoder.BLOCK_LENGTH;
    private static final int COMMAND_BYTES = HEADER_BYTES + LargeSetCommandEncoder.BLOCK_LENGTH;

    private enum Stage {
        IDLE,
        BUDGET,
        SURVIVORS,
        CHECKED,
        APPLYING,
        WINNERS
    }

    private final StagedSets staged;
    private final int sliceEntries;
    private final int recordBytesMax;
    private final int answerBytesMax;
    private final LargeSetChecks checks;
    private final SurvivorScan survivors;
    private final LargeSetEffects effects;
    private final WinnerEncoder winners;
    private final AnswerEncoder answers = new AnswerEncoder();
    private final RecordEncoder record = new RecordEncoder();
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final LargeSetStepDecoder step = new LargeSetStepDecoder();
    private final LargeSetStepEncoder stepAnswer = new LargeSetStepEncoder();
    private final LargeSetCommandEncoder largeSet = new LargeSetCommandEncoder();
    private final UnsafeBuffer result = new UnsafeBuffer(0, 0);

    private Stage stage = Stage.IDLE;
    private long uploadId;
    private Database database;
    private int outcomeCount;
    private boolean authorised;
    private long stampedTimeMs;
    private SubmitResultEncoder encodingResult;

    LargeSetArbiter(
            final ArbiterContext context,
            final int sliceEntries,
            final Arena arena,
            final TableHash tableHash,
            final DigestKey digestKey) {
        staged = context.stagedSets();
        this.sliceEntries = sliceEntries;
        recordBytesMax = context.recordBytesMax();
        answerBytesMax = context.answerBytesMax();
        checks = new LargeSetChecks(context, arena, tableHash);
        survivors = new SurvivorScan(arena, tableHash);
        effects = new LargeSetEffects(sliceEntries, arena, tableHash, digestKey);
        winners = new WinnerEncoder(arena, tableHash);
    }

    /** Whether a set is being decided: its database may not be read, changed or walked meanwhile. */
    boolean isBusy() {
        return stage != Stage.IDLE;
    }

    /** Whether it is this one's set that is being decided. */
    boolean holds(final Database other) {
        return stage != Stage.IDLE && database == other;
    }

    /** Writes the record of a part. */
    void part(
            final Database ofDatabase,
            final IngressCommand command,
            final long epoch,
            final DirectBuffer body,
            final int offset,
            final int length,
            final MutableDirectBuffer out,
            final int outOffset,
            final Decision decision) {
        record.start(out, outOffset);
        out.putBytes(record.commandOffset(), body, offset, length);
        record.command(length);
        decision.record(outOffset, record.finish(RecordKind.SET_PART, command, epoch, ofDatabase, 0, 0));
    }

    /** One slice. */
    void step(
            final Database ofDatabase,
            final IngressCommand command,
            final long epoch,
            final DirectBuffer body,
            final int offset,
            final MutableDirectBuffer out,
            final int outOffset,
            final Decision decision) {
        step.wrapAndApplyHeader(body, offset, header);
        final int phase = step.phase();
        if (step.uploadId() != uploadId) {
            if (step.uploadId() < uploadId || phase != PHASE_CHECK) {
                answerPhase(PHASE_OVER, out, outOffset, decision);
                return;
            }
            uploadId = step.uploadId();
            begin(ofDatabase, command);
        }
        if (phase == PHASE_OVER) {
            end();
        }
        switch (stage) {
            case BUDGET, SURVIVORS -> check(epoch, out, outOffset, decision);
            case CHECKED -> {
                if (phase == PHASE_APPLY) {
                    startApplying();
                    apply(command, epoch, out, outOffset, decision);
                } else {
                    answerPhase(PHASE_APPLY, out, outOffset, decision);
                }
            }
            case APPLYING, WINNERS -> apply(command, epoch, out, outOffset, decision);
            default -> answerPhase(PHASE_OVER, out, outOffset, decision);
        }
    }

    private void begin(final Database ofDatabase, final IngressCommand command) {
        final DirectBuffer set = staged.get(uploadId);
        if (set == null) {
            throw new IllegalStateException("no such upload: uploadId=" + uploadId);
        }
        database = ofDatabase;
        authorised = (command.flags() & IngressCommand.FLAG_SITE_AUTHORISED) != 0;
        stampedTimeMs = command.stampedTimeMs();
        checks.begin(set, database, stampedTimeMs);
        stage = Stage.BUDGET;
    }

    private void check(final long epoch, final MutableDirectBuffer out, final int outOffset, final Decision decision) {
        SubmitStatus refused = null;
        if (stage == Stage.BUDGET) {
            refused = checks.more(authorised, sliceEntries);
            if (checks.isDone()) {
                outcomeCount = checks.migrations().count() + checks.changes().count();
                survivors.begin();
                checks.rewind();
                stage = hasSurvivors() ? Stage.SURVIVORS : Stage.CHECKED;
            }
        } else {
            final int bytesMax = Math.max(0, recordBytesMax - RecordEncoder.FIXED_BYTES - COMMAND_BYTES - outcomeCount);
            if (!survivors.scanMore(database, checks.clock(), checks.changes(), bytesMax, sliceEntries)) {
                checks.refusal().set(ErrorCode.EFFECT_TOO_LARGE, bytesMax, survivors.length());
                checks.refusal().change(checks.changes().index());
                refused = SubmitStatus.REFUSED;
            } else if (checks.changes().isAtEnd()) {
                stage = Stage.CHECKED;
            }
        }
        if (refused == null) {
            answerPhase(stage == Stage.CHECKED ? PHASE_APPLY : PHASE_CHECK, out, outOffset, decision);
            return;
        }
        decision.answer(
                outOffset,
                answers.refusedSubmit(
                        out, outOffset, checks.set().requestId(), refused, database, epoch, checks.refusal()));
        end();
    }

    private boolean hasSurvivors() {
        return authorised && checks.deletes() > 0 && !database.isDeleteWins();
    }

    private void startApplying() {
        checks.rewind();
        effects.begin(database, checks.clock(), authorised, stampedTimeMs, outcomeCount);
        stage = Stage.APPLYING;
    }

    private void apply(
            final IngressCommand command,
            final long epoch,
            final MutableDirectBuffer out,
            final int outOffset,
            final Decision decision) {
        if (stage == Stage.APPLYING && effects.slice(checks.migrations(), checks.changes()) && !startWinners(epoch)) {
            finish(command, epoch, out, outOffset, decision);
        } else if (stage == Stage.WINNERS && !winners.more(sliceEntries)) {
            finish(command, epoch, out, outOffset, decision);
        } else {
            answerPhase(PHASE_APPLY, out, outOffset, decision);
        }
    }

    /** False if the answer has none. */
    private boolean startWinners(final long epoch) {
        if (!checks.set().flags().wantWinners()) {
            return false;
        }
        if (result.capacity() < answerBytesMax) {
            result.wrap(new byte[answerBytesMax]);
        }
        encodingResult = startResult(result, 0, epoch);
        checks.changes().rewind();
        final int migrations = checks.migrations().count();
        final int bytesMax = answerBytesMax - ChangeSetArbiter.RESULT_FIXED_BYTES - outcomeCount;
        winners.begin(encodingResult, database, checks.changes(), effects.outcomes(), migrations, bytesMax);
        stage = Stage.WINNERS;
        return true;
    }

    private SubmitResultEncoder startResult(final MutableDirectBuffer buffer, final int offset, final long epoch) {
        final SubmitStatus status = effects.isApplied() ? SubmitStatus.ACCEPTED : SubmitStatus.NO_EFFECT;
        return answers.submitResult(buffer, offset, checks.set().requestId(), status, database, epoch);
    }

    private void finish(
            final IngressCommand command,
            final long epoch,
            final MutableDirectBuffer out,
            final int outOffset,
            final Decision decision) {
        int answerOffset = outOffset;
        if (effects.isApplied()) {
            database.nextSequence();
            final int length = writeRecord(command, epoch, out, outOffset);
            decision.record(outOffset, length);
            answerOffset += (length + Long.BYTES - 1) & -Long.BYTES;
        }
        final int migrations = checks.migrations().count();
        if (stage == Stage.WINNERS) {
            encodingResult
                    .sequence(effects.isApplied() ? database.sequence() : 0)
                    .databaseSequence(database.sequence());
        } else {
            encodingResult = startResult(out, answerOffset, epoch);
            encodingResult.winnersCount(0);
        }
        encodingResult
                .putMigrationOutcomes(effects.outcomes(), 0, migrations)
                .putOutcomes(effects.outcomes(), migrations, outcomeCount - migrations);
        final int length = HEADER_BYTES + encodingResult.encodedLength();
        if (stage == Stage.WINNERS) {
            out.putBytes(answerOffset, result, 0, length);
        }
        decision.answer(answerOffset, length);
        end();
    }

    private int writeRecord(
            final IngressCommand command, final long epoch, final MutableDirectBuffer out, final int outOffset) {
        record.start(out, outOffset);
        largeSet.wrapAndApplyHeader(out, record.commandOffset(), headerEncoder)
                .stampedTimeMs(stampedTimeMs)
                .firstPart(0)
                .totalBytes(checks.length());
        record.command(COMMAND_BYTES);
        if (survivors.count() > 0) {
            record.survivors(survivors.entries(), survivors.length(), survivors.count());
        }
        out.putBytes(record.outcomesOffset(), effects.outcomes(), 0, outcomeCount);
        return record.finish(RecordKind.LARGE_CHANGE_SET, command, epoch, database, 0, outcomeCount);
    }

    private void answerPhase(
            final int phase, final MutableDirectBuffer out, final int outOffset, final Decision decision) {
        stepAnswer
                .wrapAndApplyHeader(out, outOffset, headerEncoder)
                .uploadId(uploadId)
                .phase((short) phase);
        decision.answer(outOffset, STEP_BYTES);
    }

    private void end() {
        stage = Stage.IDLE;
        database = null;
        encodingResult = null;
        checks.end();
    }
}
