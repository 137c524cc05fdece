package io.lockstep.codec.frame;

import io.lockstep.codec.ClosedDecoder;
import io.lockstep.codec.DatabaseListDecoder;
import io.lockstep.codec.DatabaseListDecoder.DatabasesDecoder;
import io.lockstep.codec.DatabaseOpenedDecoder;
import io.lockstep.codec.DeliveryDecoder;
import io.lockstep.codec.DeliveryDecoder.SurvivorsDecoder;
import io.lockstep.codec.DeliveryPartDecoder;
import io.lockstep.codec.Durability;
import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.ErrorDecoder;
import io.lockstep.codec.GoAwayDecoder;
import io.lockstep.codec.HeartbeatDecoder;
import io.lockstep.codec.KeyForm;
import io.lockstep.codec.MigrationKind;
import io.lockstep.codec.NodeRole;
import io.lockstep.codec.ProgressDecoder;
import io.lockstep.codec.PruneResultDecoder;
import io.lockstep.codec.ResetReason;
import io.lockstep.codec.ResetRequiredDecoder;
import io.lockstep.codec.RowPolicy;
import io.lockstep.codec.SnapshotPageDecoder;
import io.lockstep.codec.StatePageDecoder;
import io.lockstep.codec.StatePageDecoder.CellsDecoder;
import io.lockstep.codec.StatePageDecoder.MigrationsDecoder;
import io.lockstep.codec.StatusReportDecoder;
import io.lockstep.codec.StatusReportDecoder.EntriesDecoder;
import io.lockstep.codec.SubmitResultDecoder;
import io.lockstep.codec.SubmitResultDecoder.WinnersDecoder;
import io.lockstep.codec.SubmitStatus;
import io.lockstep.codec.SubscribedDecoder;
import io.lockstep.codec.SubscriptionChangedDecoder;
import io.lockstep.codec.TokenStatusDecoder;
import io.lockstep.codec.UnsubscribedDecoder;
import io.lockstep.codec.UploadStateDecoder;
import io.lockstep.codec.WelcomeDecoder;
import io.lockstep.codec.WinnerKind;
import io.lockstep.codec.value.ValuePart;
import org.agrona.DirectBuffer;

/** Walks what nodes send. */
final class ServerMessageWalk {
    /** Highest Outcome; sbe-tool makes no enum for what only stands in data. */
    static final int OUTCOME_MAX = 5;

    /** All bits of DeliveryFlags and of StateFlags. */
    private static final int DELIVERY_FLAGS = 0b1;

    private static final int STATE_FLAGS = 0b1;
    private static final int SHORT_MAX = FrameLimits.SHORT_DATA_BYTES_MAX;
    private static final boolean[] ERROR_CODES = new boolean[512];

    static {
        for (final ErrorCode code : ErrorCode.values()) {
            if (code.value() < ERROR_CODES.length) {
                ERROR_CODES[code.value()] = true;
            }
        }
    }

    private final FrameCursor cursor;
    private DirectBuffer buffer;
    private final ChangeSetWalk changeSet;

    ServerMessageWalk(final FrameCursor cursor, final ChangeSetWalk changeSet) {
        this.cursor = cursor;
        this.changeSet = changeSet;
    }

    /** Least bytes of the root block of a version, or -1 if nodes do not send this. */
    static int blockLength(final int templateId, final int version) {
        return switch (templateId) {
            case WelcomeDecoder.TEMPLATE_ID ->
                version < WelcomeDecoder.uploadBytesMaxSinceVersion()
                        ? WelcomeDecoder.uploadBytesMaxEncodingOffset()
                        : WelcomeDecoder.BLOCK_LENGTH;
            case ErrorDecoder.TEMPLATE_ID -> ErrorDecoder.BLOCK_LENGTH;
            case DatabaseOpenedDecoder.TEMPLATE_ID -> DatabaseOpenedDecoder.BLOCK_LENGTH;
            case HeartbeatDecoder.TEMPLATE_ID -> HeartbeatDecoder.BLOCK_LENGTH;
            case ClosedDecoder.TEMPLATE_ID -> ClosedDecoder.BLOCK_LENGTH;
            case GoAwayDecoder.TEMPLATE_ID -> GoAwayDecoder.BLOCK_LENGTH;
            case TokenStatusDecoder.TEMPLATE_ID -> TokenStatusDecoder.BLOCK_LENGTH;
            case SubmitResultDecoder.TEMPLATE_ID ->
                version < SubmitResultDecoder.changeSinceVersion()
                        ? SubmitResultDecoder.changeEncodingOffset()
                        : SubmitResultDecoder.BLOCK_LENGTH;
            case UploadStateDecoder.TEMPLATE_ID -> UploadStateDecoder.BLOCK_LENGTH;
            case DeliveryPartDecoder.TEMPLATE_ID -> DeliveryPartDecoder.BLOCK_LENGTH;
            case SubscribedDecoder.TEMPLATE_ID -> SubscribedDecoder.BLOCK_LENGTH;
            case DeliveryDecoder.TEMPLATE_ID -> DeliveryDecoder.BLOCK_LENGTH;
            case SubscriptionChangedDecoder.TEMPLATE_ID -> SubscriptionChangedDecoder.BLOCK_LENGTH;
            case ProgressDecoder.TEMPLATE_ID -> ProgressDecoder.BLOCK_LENGTH;
            case UnsubscribedDecoder.TEMPLATE_ID -> UnsubscribedDecoder.BLOCK_LENGTH;
            case ResetRequiredDecoder.TEMPLATE_ID -> ResetRequiredDecoder.BLOCK_LENGTH;
            case StatePageDecoder.TEMPLATE_ID -> StatePageDecoder.BLOCK_LENGTH;
            case SnapshotPageDecoder.TEMPLATE_ID -> SnapshotPageDecoder.BLOCK_LENGTH;
            case StatusReportDecoder.TEMPLATE_ID -> StatusReportDecoder.BLOCK_LENGTH;
            case PruneResultDecoder.TEMPLATE_ID -> PruneResultDecoder.BLOCK_LENGTH;
            case DatabaseListDecoder.TEMPLATE_ID -> DatabaseListDecoder.BLOCK_LENGTH;
            default -> -1;
        };
    }

    /** After the root block, up to the last field. */
    boolean body(final DirectBuffer newBuffer, final int templateId, final int version) {
        buffer = newBuffer;
        return switch (templateId) {
            case WelcomeDecoder.TEMPLATE_ID -> welcome();
            case ErrorDecoder.TEMPLATE_ID ->
                knownCode("code", cursor.u16Field(ErrorDecoder.codeEncodingOffset())) && text("text");
            case DatabaseOpenedDecoder.TEMPLATE_ID -> databaseOpened();
            case HeartbeatDecoder.TEMPLATE_ID -> cursor.choice("reply", HeartbeatDecoder.replyEncodingOffset(), 1);
            case GoAwayDecoder.TEMPLATE_ID -> text("address") && text("reason");
            case SubmitResultDecoder.TEMPLATE_ID -> submitResult();
            case DeliveryDecoder.TEMPLATE_ID -> delivery();
            case DeliveryPartDecoder.TEMPLATE_ID -> deliveryPart();
            case SubscriptionChangedDecoder.TEMPLATE_ID ->
                cursor.notNegative("sequence", SubscriptionChangedDecoder.sequenceEncodingOffset());
            case ProgressDecoder.TEMPLATE_ID -> progress();
            case ResetRequiredDecoder.TEMPLATE_ID ->
                cursor.choice(
                                "reason",
                                ResetRequiredDecoder.reasonEncodingOffset(),
                                ResetReason.BEYOND_RETENTION.value())
                        && text("text");
            case StatePageDecoder.TEMPLATE_ID -> statePage(version);
            case SnapshotPageDecoder.TEMPLATE_ID -> snapshotPage();
            case StatusReportDecoder.TEMPLATE_ID -> statusReport();
            case DatabaseListDecoder.TEMPLATE_ID -> databaseList();
            default -> true;
        };
    }

    private boolean welcome() {
        return cursor.choice("role", WelcomeDecoder.roleEncodingOffset(), NodeRole.STANDBY.value())
                && cursor.choice(
                        "durability", WelcomeDecoder.durabilityEncodingOffset(), Durability.REPLICATED_SYNCED.value())
                && text("server");
    }

    private boolean databaseOpened() {
        return cursor.choice(
                        "rowPolicy", DatabaseOpenedDecoder.rowPolicyEncodingOffset(), RowPolicy.DELETE_WINS.value())
                && cursor.choice("keyForm", DatabaseOpenedDecoder.keyFormEncodingOffset(), KeyForm.QUEREUS.value())
                && cursor.notNegative("sequence", DatabaseOpenedDecoder.sequenceEncodingOffset())
                && cursor.choice("created", DatabaseOpenedDecoder.createdEncodingOffset(), 1);
    }

    private boolean submitResult() {
        final int reason = cursor.u16Field(SubmitResultDecoder.reasonEncodingOffset());
        if (!cursor.choice("status", SubmitResultDecoder.statusEncodingOffset(), SubmitStatus.REFUSED.value())
                || (reason != 0 && !knownCode("reason", reason))
                || !cursor.notNegative("sequence", SubmitResultDecoder.sequenceEncodingOffset())
                || !cursor.group("winners", WinnersDecoder.sbeBlockLength())) {
            return false;
        }
        final int count = cursor.groupCount();
        for (int i = 0; i < count; i++) {
            if (!winner(i)) {
                return false;
            }
        }
        cursor.leaveGroup();
        return outcomes("migrationOutcomes") && outcomes("outcomes");
    }

    private boolean winner(final int index) {
        if (!cursor.entry(index)
                || !cursor.choice("kind", WinnersDecoder.kindEncodingOffset(), WinnerKind.PRUNE_MARK.value())
                || !cursor.choice("omitted", WinnersDecoder.omittedEncodingOffset(), 1)
                || !cursor.hlc("hlc", WinnersDecoder.hlcEncodingOffset())) {
            return false;
        }
        final boolean hasValue = cursor.u8(WinnersDecoder.kindEncodingOffset()) == WinnerKind.CELL.value()
                && cursor.u8(WinnersDecoder.omittedEncodingOffset()) == 0;
        return cursor.data32("value", cursor.limits().frameBytesMax())
                && (hasValue ? cursor.oneValue("value", 0) : cursor.empty("value"));
    }

    private boolean delivery() {
        if (!cursor.notNegative("afterSequence", DeliveryDecoder.afterSequenceEncodingOffset())
                || !cursor.atLeast(
                        "sequence",
                        cursor.i64(DeliveryDecoder.sequenceEncodingOffset()),
                        cursor.i64(DeliveryDecoder.afterSequenceEncodingOffset()) + 1)
                || !cursor.wall("wall", DeliveryDecoder.wallEncodingOffset())
                || !cursor.flags("flags", DeliveryDecoder.flagsEncodingOffset(), DELIVERY_FLAGS)
                || !changeSet.migrations()
                || !changeSet.changes()
                || !cursor.group("survivors", SurvivorsDecoder.sbeBlockLength())) {
            return false;
        }
        final int count = cursor.groupCount();
        for (int i = 0; i < count; i++) {
            if (!cursor.entry(i)
                    || !cursor.atMost(
                            "change",
                            cursor.u16Field(SurvivorsDecoder.changeEncodingOffset()),
                            changeSet.changeCount() - 1)
                    || !cursor.name("columnName")) {
                return false;
            }
        }
        return true;
    }

    private boolean deliveryPart() {
        final long offset = cursor.u32(DeliveryPartDecoder.partOffsetEncodingOffset());
        final long total = cursor.u32(DeliveryPartDecoder.totalBytesEncodingOffset());
        return cursor.notNegative("sequence", DeliveryPartDecoder.sequenceEncodingOffset())
                && cursor.data32("bytes", cursor.limits().frameBytesMax())
                && cursor.notEmpty("bytes")
                && (offset + cursor.dataLength() <= total
                        || cursor.refuse(Rule.MISMATCH, "totalBytes", total, offset + cursor.dataLength()));
    }

    private boolean progress() {
        final long after = cursor.i64(ProgressDecoder.afterSequenceEncodingOffset());
        final long sequence = cursor.i64(ProgressDecoder.sequenceEncodingOffset());
        final long skipped = cursor.i64(ProgressDecoder.skippedEncodingOffset());
        return cursor.notNegative("afterSequence", ProgressDecoder.afterSequenceEncodingOffset())
                && cursor.atLeast("sequence", sequence, after + 1)
                && (skipped == sequence - after || cursor.refuse(Rule.MISMATCH, "skipped", sequence - after, skipped));
    }

    private boolean statePage(final int version) {
        if (!cursor.notNegative("sequence", StatePageDecoder.sequenceEncodingOffset())
                || !cursor.notNegative("nextRow", StatePageDecoder.nextRowEncodingOffset())
                || !cursor.flags("flags", StatePageDecoder.flagsEncodingOffset(), STATE_FLAGS)
                || !state()) {
            return false;
        }
        cursor.leaveGroup();
        return version < StatePageDecoder.withinSinceVersion() || cursor.data16("within", SHORT_MAX);
    }

    private boolean snapshotPage() {
        if (!cursor.notNegative("sequence", SnapshotPageDecoder.sequenceEncodingOffset())
                || !cursor.atLeast("exactSequence", cursor.i64(SnapshotPageDecoder.exactSequenceEncodingOffset()), -1)
                || !cursor.flags("flags", SnapshotPageDecoder.flagsEncodingOffset(), STATE_FLAGS)
                || !state()) {
            return false;
        }
        cursor.leaveGroup();
        return cursor.data16("checkpoint", SHORT_MAX);
    }

    /** Cells and migrations: both kinds of page have them alike. */
    private boolean state() {
        if (!cursor.group("cells", CellsDecoder.sbeBlockLength())) {
            return false;
        }
        final int cells = cursor.groupCount();
        for (int i = 0; i < cells; i++) {
            if (!cell(i)) {
                return false;
            }
        }
        if (!cursor.group("migrations", MigrationsDecoder.sbeBlockLength())) {
            return false;
        }
        final int migrations = cursor.groupCount();
        for (int i = 0; i < migrations; i++) {
            if (!migration(i)) {
                return false;
            }
        }
        return true;
    }

    private boolean cell(final int index) {
        return cursor.entry(index)
                && cursor.hlc("hlc", CellsDecoder.hlcEncodingOffset())
                && cursor.name("schemaName")
                && cursor.name("tableName")
                && cursor.key("key")
                && cursor.name("columnName")
                && cursor.data32("value", cursor.limits().frameBytesMax())
                && (ValuePart.isWellFormed(buffer, cursor.dataOffset(), cursor.dataLength())
                        || cursor.oneValue("value", 0));
    }

    private boolean migration(final int index) {
        return cursor.entry(index)
                && cursor.hlc("hlc", MigrationsDecoder.hlcEncodingOffset())
                && cursor.choice("kind", MigrationsDecoder.kindEncodingOffset(), MigrationKind.DROP_INDEX.value())
                && changeSet.migrationBody(cursor.u8(MigrationsDecoder.kindEncodingOffset()));
    }

    private boolean statusReport() {
        if (!cursor.group("entries", EntriesDecoder.sbeBlockLength())) {
            return false;
        }
        final int count = cursor.groupCount();
        for (int i = 0; i < count; i++) {
            if (!cursor.entry(i) || !text("name") || !text("text")) {
                return false;
            }
        }
        return true;
    }

    private boolean databaseList() {
        if (!cursor.notNegative("nextId", DatabaseListDecoder.nextIdEncodingOffset())
                || !cursor.group("databases", DatabasesDecoder.sbeBlockLength())) {
            return false;
        }
        final int count = cursor.groupCount();
        for (int i = 0; i < count; i++) {
            if (!cursor.entry(i) || !cursor.databaseName("name")) {
                return false;
            }
        }
        return true;
    }

    private boolean outcomes(final String field) {
        return cursor.data32(field, cursor.limits().frameBytesMax()) && cursor.choices(field, OUTCOME_MAX);
    }

    private boolean text(final String field) {
        return cursor.text16(field, SHORT_MAX);
    }

    private boolean knownCode(final String field, final int code) {
        return (code < ERROR_CODES.length && ERROR_CODES[code])
                || cursor.refuse(Rule.OUT_OF_RANGE, field, Refusal.NONE, code);
    }
}
