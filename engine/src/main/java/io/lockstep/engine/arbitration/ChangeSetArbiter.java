package io.lockstep.engine.arbitration;

import io.lockstep.codec.DeliveryEncoder;
import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.RecordKind;
import io.lockstep.codec.SnapshotPageEncoder;
import io.lockstep.codec.StatePageEncoder;
import io.lockstep.codec.SubmitChangeSetDecoder;
import io.lockstep.codec.SubmitResultEncoder;
import io.lockstep.codec.SubmitStatus;
import io.lockstep.codec.frame.FrameLimits;
import io.lockstep.codec.hash.StateDigest;
import io.lockstep.codec.value.HlcDescriptor;
import io.lockstep.engine.command.IngressCommand;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Decides change sets: first everything that can refuse a set, without a trace; then change by change.
 *
 * <p>The command is copied into its record before it is judged, because that is where the keys get the form of the
 * database; if nothing applies, the record is left behind as if it had not been written.
 */
final class ChangeSetArbiter {
    private static final int HEADER_BYTES = MessageHeaderEncoder.ENCODED_LENGTH;

    private static final int SNAPSHOT_PAGE_BYTES = SnapshotPageEncoder.BLOCK_LENGTH
            + SnapshotPageEncoder.checkpointHeaderLength()
            + FrameLimits.CHECKPOINT_BYTES_MAX;

    /** What a delivery, or a page with a single cell, may have more than the command that it comes from. */
    private static final int EFFECT_EXTRA_BYTES = Math.max(
                    DeliveryEncoder.BLOCK_LENGTH + DeliveryEncoder.SurvivorsEncoder.sbeHeaderSize(),
                    Math.max(StatePageEncoder.BLOCK_LENGTH, SNAPSHOT_PAGE_BYTES)
                            + StatePageEncoder.CellsEncoder.sbeBlockLength())
            - SubmitChangeSetDecoder.BLOCK_LENGTH;

    static final int RESULT_FIXED_BYTES = HEADER_BYTES
            + SubmitResultEncoder.BLOCK_LENGTH
            + SubmitResultEncoder.WinnersEncoder.sbeHeaderSize()
            + SubmitResultEncoder.migrationOutcomesHeaderLength()
            + SubmitResultEncoder.outcomesHeaderLength();

    private final int recordBytesMax;
    private final int answerBytesMax;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final SubmitChangeSetDecoder set = new SubmitChangeSetDecoder();
    private final MigrationCursor migrations = new MigrationCursor();
    private final ChangeCursor changes = new ChangeCursor();
    private final Clock clock = new Clock();
    private final Refusal refusal = new Refusal();
    private final CommandCopier copier;
    private final EffectBudget budget;
    private final SurvivorScan survivors;
    private final ChangeRules rules;
    private final RecordEncoder record = new RecordEncoder();
    private final AnswerEncoder answers;
    private final WinnerEncoder winners;

    private int changesOffset;
    private int deletes;
    private boolean replaying;
    private boolean authorised;
    private long epoch;

    ChangeSetArbiter(
            final ArbiterContext context,
            final Arena arena,
            final TableHash tableHash,
            final DigestKey digestKey,
            final AnswerEncoder answers) {
        recordBytesMax = context.recordBytesMax();
        answerBytesMax = context.answerBytesMax();
        copier = new CommandCopier(context.foldedKeyBytesMax());
        budget = new EffectBudget(arena, tableHash, context, context.limits().changesMax());
        survivors = new SurvivorScan(arena, tableHash);
        rules = new ChangeRules(arena, tableHash, digestKey);
        winners = new WinnerEncoder(arena, tableHash);
        this.answers = answers;
    }

    /** Says what holds for the next change set beside its own content. */
    void start(final boolean newReplaying, final long newEpoch) {
        replaying = newReplaying;
        epoch = newEpoch;
    }

    void decide(
            final Database database,
            final IngressCommand command,
            final DirectBuffer body,
            final int offset,
            final int length,
            final MutableDirectBuffer out,
            final int outOffset,
            final Decision decision) {
        set.wrapAndApplyHeader(body, offset, header);
        authorised = (command.flags() & IngressCommand.FLAG_SITE_AUTHORISED) != 0;
        final SubmitStatus refused = check(database, command, body, offset, length, out, outOffset);
        if (refused != null) {
            decision.answer(
                    outOffset,
                    answers.refusedSubmit(out, outOffset, set.requestId(), refused, database, epoch, refusal));
            return;
        }
        final boolean applied = apply(command.stampedTimeMs(), database, out);
        final int outcomes = migrations.count() + changes.count();
        if (applied) {
            database.nextSequence();
            decision.record(outOffset, record.finish(RecordKind.CHANGE_SET, command, epoch, database, 0, outcomes));
        }
        final int answerOffset = align(record.outcomesOffset() + outcomes);
        decision.answer(answerOffset, answer(database, applied, out, answerOffset));
    }

    /** Null if the set may be applied; then its command is in the record and the cursors know it. */
    private SubmitStatus check(
            final Database database,
            final IngressCommand command,
            final DirectBuffer body,
            final int offset,
            final int length,
            final MutableDirectBuffer out,
            final int outOffset) {
        final int groups = offset + HEADER_BYTES + header.blockLength();
        final long wall = set.wall();
        refusal.set(ErrorCode.INVALID_CHANGE_SET, HlcDescriptor.WALL_LIMIT - 1, wall);
        if (!isOrdered(body, groups) || wall < 0 || wall >= HlcDescriptor.WALL_LIMIT) {
            return SubmitStatus.INVALID;
        }
        final long driftMs = wall - command.stampedTimeMs();
        if (driftMs > database.maxDriftMs()) {
            refusal.set(null, database.maxDriftMs(), driftMs);
            return SubmitStatus.REJECTED_DRIFT;
        }
        final long commandLength = copier.length(database.keyForm(), body, changesOffset, length);
        if (!hasRoom(commandLength, 0)) {
            return SubmitStatus.REFUSED;
        }
        record.start(out, outOffset);
        copier.copy(body, offset, length, changesOffset, out, record.commandOffset());
        record.command((int) commandLength);
        final long siteHigh = set.site().high();
        final long siteLow = set.site().low();
        clock.set(
                StateDigest.wallCounter(wall, set.counter()),
                siteHigh,
                siteLow,
                database.sites().find(siteHigh, siteLow));
        final int groupsInBlock = groups - offset;
        final int changesInBlock = changesOffset - offset;
        wrap(out, groupsInBlock, changesInBlock);
        if (authorised && !replaying) {
            final ErrorCode code = budget.check(database, clock, migrations, changes, (int) commandLength);
            if (code != null) {
                refusal.set(code, budget.limitValue(), budget.actualValue());
                refusal.change(code == ErrorCode.EFFECT_TOO_LARGE ? changes.index() : -1);
                return SubmitStatus.REFUSED;
            }
            wrap(out, groupsInBlock, changesInBlock);
        }
        if (authorised && deletes > 0 && !database.isDeleteWins()) {
            final boolean fits = survivors.scan(database, clock, changes, survivorBytesMax(commandLength));
            if (!fits) {
                refuseEffect(commandLength, survivors.length());
                refusal.change(changes.index());
                return SubmitStatus.REFUSED;
            }
            if (survivors.count() > 0) {
                record.survivors(survivors.entries(), survivors.length(), survivors.count());
            }
            wrap(out, groupsInBlock, changesInBlock);
        }
        return null;
    }

    /** Whether opSeqs ascend in each group and none is in both. Finds the changes on the way. */
    private boolean isOrdered(final DirectBuffer body, final int groups) {
        migrations.wrap(body, groups);
        int before = 0;
        while (migrations.next()) {
            if (migrations.index() > 0 && Integer.compareUnsigned(migrations.opSeq(), before) <= 0) {
                return unordered(before, migrations.opSeq());
            }
            before = migrations.opSeq();
        }
        changesOffset = migrations.end();
        migrations.wrap(body, groups);
        boolean migrationsLeft = migrations.next();
        changes.wrap(body, changesOffset);
        deletes = 0;
        while (changes.next()) {
            final int opSeq = changes.opSeq();
            if (changes.index() > 0 && Integer.compareUnsigned(opSeq, before) <= 0) {
                return unordered(before, opSeq);
            }
            while (migrationsLeft && Integer.compareUnsigned(migrations.opSeq(), opSeq) < 0) {
                migrationsLeft = migrations.next();
            }
            if (migrationsLeft && migrations.opSeq() == opSeq) {
                return unordered(opSeq, opSeq);
            }
            before = opSeq;
            deletes += changes.isDelete() ? 1 : 0;
        }
        return true;
    }

    private boolean unordered(final int before, final int opSeq) {
        refusal.set(ErrorCode.INVALID_CHANGE_SET, Integer.toUnsignedLong(before), Integer.toUnsignedLong(opSeq));
        return false;
    }

    private void wrap(final MutableDirectBuffer out, final int groups, final int changesPlace) {
        migrations.wrap(out, record.commandOffset() + groups);
        changes.wrap(out, record.commandOffset() + changesPlace);
    }

    private boolean apply(final long stampedTimeMs, final Database database, final MutableDirectBuffer out) {
        rules.start(database, clock, authorised, stampedTimeMs);
        int outcomeOffset = record.outcomesOffset();
        boolean applied = false;
        while (migrations.next()) {
            final byte outcome = rules.onMigration(migrations);
            applied |= outcome == OutcomeCode.APPLIED;
            out.putByte(outcomeOffset, outcome);
            outcomeOffset++;
        }
        while (changes.next()) {
            final byte outcome = rules.onChange(changes);
            applied |= outcome == OutcomeCode.APPLIED;
            out.putByte(outcomeOffset, outcome);
            outcomeOffset++;
        }
        return applied;
    }

    private int answer(
            final Database database, final boolean applied, final MutableDirectBuffer out, final int offset) {
        final SubmitStatus status = applied ? SubmitStatus.ACCEPTED : SubmitStatus.NO_EFFECT;
        final SubmitResultEncoder result = answers.submitResult(out, offset, set.requestId(), status, database, epoch);
        final int migrationOutcomes = record.outcomesOffset();
        final int changeOutcomes = migrationOutcomes + migrations.count();
        if (set.flags().wantWinners() && !replaying) {
            changes.rewind();
            final int bytesMax = answerBytesMax - RESULT_FIXED_BYTES - migrations.count() - changes.count();
            winners.encode(result, database, changes, out, changeOutcomes, bytesMax);
        } else {
            result.winnersCount(0);
        }
        result.putMigrationOutcomes(out, migrationOutcomes, migrations.count())
                .putOutcomes(out, changeOutcomes, changes.count());
        return HEADER_BYTES + result.encodedLength();
    }

    /** Whether record and delivery stay below their limits, so that nothing is kept that could not be delivered. */
    private boolean hasRoom(final long commandLength, final int survivorBytes) {
        if (replaying || survivorBytes <= survivorBytesMax(commandLength)) {
            return true;
        }
        refuseEffect(commandLength, survivorBytes);
        return false;
    }

    private int survivorBytesMax(final long commandLength) {
        if (replaying) {
            return Integer.MAX_VALUE;
        }
        return (int) Math.max(-1, effectBytesMax() - commandLength);
    }

    private void refuseEffect(final long commandLength, final int survivorBytes) {
        final int limit = effectBytesMax();
        refusal.set(
                ErrorCode.EFFECT_TOO_LARGE,
                limit,
                commandLength > limit ? commandLength : commandLength + survivorBytes);
    }

    /** For command and survivors together. */
    private int effectBytesMax() {
        final int outcomes = migrations.count() + changes.count();
        return Math.min(recordBytesMax - RecordEncoder.FIXED_BYTES - outcomes, answerBytesMax - EFFECT_EXTRA_BYTES);
    }

    private static int align(final int offset) {
        return (offset + Long.BYTES - 1) & -Long.BYTES;
    }
}
