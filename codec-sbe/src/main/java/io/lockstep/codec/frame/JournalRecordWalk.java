package io.lockstep.codec.frame;

import io.lockstep.codec.CreateDatabaseCommandDecoder;
import io.lockstep.codec.CutCommandDecoder;
import io.lockstep.codec.EpochCommandDecoder;
import io.lockstep.codec.GenesisCommandDecoder;
import io.lockstep.codec.JournalRecordDecoder;
import io.lockstep.codec.JournalRecordDecoder.SurvivorsDecoder;
import io.lockstep.codec.KeyForm;
import io.lockstep.codec.LargeSetCommandDecoder;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.PruneCommandDecoder;
import io.lockstep.codec.RecordKind;
import io.lockstep.codec.RowPolicy;
import io.lockstep.codec.SealCommandDecoder;
import io.lockstep.codec.SetPartCommandDecoder;
import io.lockstep.codec.SubmitChangeSetDecoder;

/** Walks a journal record, the command that it keeps, and whether both agree. Checksums and order are not looked at. */
final class JournalRecordWalk {
    /** First field of every record. */
    static final long MAGIC = 0x4C4B_5354;

    private static final int RECORD_FLAGS = 0b1;
    private static final int SHA256_LENGTH = 32;

    private final FrameCursor cursor;
    private final ChangeSetWalk changeSet;
    private int survivorChangeMax;

    JournalRecordWalk(final FrameCursor cursor, final ChangeSetWalk changeSet) {
        this.cursor = cursor;
        this.changeSet = changeSet;
    }

    /** After the root block, up to the last field. */
    boolean body(final int recordLength) {
        final long magic = cursor.u32(JournalRecordDecoder.magicEncodingOffset());
        final long length = cursor.u32(JournalRecordDecoder.lengthEncodingOffset());
        final int kind = cursor.u8(JournalRecordDecoder.kindEncodingOffset());
        if (magic != MAGIC) {
            return cursor.refuse(Rule.MISMATCH, "magic", MAGIC, magic);
        }
        if (length != recordLength) {
            return cursor.refuse(Rule.MISMATCH, "length", recordLength, length);
        }
        return cursor.atMost("kind", kind, RecordKind.LARGE_CHANGE_SET.value())
                && cursor.flags("flags", JournalRecordDecoder.flagsEncodingOffset(), RECORD_FLAGS)
                && cursor.notNegative("position", JournalRecordDecoder.positionEncodingOffset())
                && cursor.notNegative("sequence", JournalRecordDecoder.sequenceEncodingOffset())
                && survivors()
                && command(kind)
                && outcomes(kind);
    }

    private boolean survivors() {
        survivorChangeMax = -1;
        if (!cursor.group("survivors", SurvivorsDecoder.sbeBlockLength())) {
            return false;
        }
        final int count = cursor.groupCount();
        for (int i = 0; i < count; i++) {
            if (!cursor.entry(i)) {
                return false;
            }
            final int change = cursor.u16Field(SurvivorsDecoder.changeEncodingOffset());
            if (!cursor.atLeast("change", change, survivorChangeMax) || !cursor.name("columnName")) {
                return false;
            }
            survivorChangeMax = change;
        }
        cursor.leaveGroup();
        return true;
    }

    private boolean command(final int kind) {
        if (!cursor.data32("command", FrameLimits.RECORD_BYTES_MAX)) {
            return false;
        }
        final int end = cursor.end();
        final int after = cursor.position();
        cursor.end(after);
        cursor.position(cursor.dataOffset());
        if (!commandMessage(kind)) {
            return false;
        }
        cursor.end(end);
        return true;
    }

    private boolean commandMessage(final int kind) {
        if (cursor.dataLength() < MessageHeaderDecoder.ENCODED_LENGTH) {
            return cursor.refuse(
                    Rule.HEADER_TRUNCATED, "command", MessageHeaderDecoder.ENCODED_LENGTH, cursor.dataLength());
        }
        final int schemaId = cursor.headerField(MessageHeaderDecoder.schemaIdEncodingOffset());
        if (schemaId != MessageHeaderDecoder.SCHEMA_ID) {
            return cursor.refuse(Rule.OTHER_SCHEMA, "command", MessageHeaderDecoder.SCHEMA_ID, schemaId);
        }
        final int templateId = cursor.headerField(MessageHeaderDecoder.templateIdEncodingOffset());
        if (templateId != templateId(kind)) {
            return cursor.refuse(Rule.MISMATCH, "command", templateId(kind), templateId);
        }
        return cursor.rootBlock(blockLength(kind)) && commandBody(kind) && cursor.complete();
    }

    private boolean commandBody(final int kind) {
        return switch (RecordKind.get((short) kind)) {
            case CHANGE_SET -> changeSet.changeSet();
            case CREATE_DATABASE ->
                cursor.choice(
                                "rowPolicy",
                                CreateDatabaseCommandDecoder.rowPolicyEncodingOffset(),
                                RowPolicy.DELETE_WINS.value())
                        && cursor.choice(
                                "keyForm",
                                CreateDatabaseCommandDecoder.keyFormEncodingOffset(),
                                KeyForm.QUEREUS.value())
                        && cursor.notNegative("maxDriftMs", CreateDatabaseCommandDecoder.maxDriftMsEncodingOffset())
                        && cursor.databaseName("name");
            case PRUNE -> cursor.notNegative("horizonMs", PruneCommandDecoder.horizonMsEncodingOffset());
            case SEAL ->
                cursor.data16("sha256", SHA256_LENGTH)
                        && (cursor.dataLength() == SHA256_LENGTH
                                || cursor.refuse(Rule.MISMATCH, "sha256", SHA256_LENGTH, cursor.dataLength()));
            case SET_PART -> setPart();
            default -> true;
        };
    }

    private boolean setPart() {
        final long offset = cursor.u32(SetPartCommandDecoder.partOffsetEncodingOffset());
        final long total = cursor.u32(SetPartCommandDecoder.totalBytesEncodingOffset());
        return cursor.data32("bytes", FrameLimits.RECORD_BYTES_MAX)
                && cursor.notEmpty("bytes")
                && (offset + cursor.dataLength() <= total
                        || cursor.refuse(Rule.MISMATCH, "totalBytes", total, offset + cursor.dataLength()));
    }

    private boolean outcomes(final int kind) {
        if (!cursor.data32("outcomes", FrameLimits.RECORD_BYTES_MAX)) {
            return false;
        }
        if (kind == RecordKind.LARGE_CHANGE_SET.value()) {
            // How many there are only the parts tell; whoever puts them together checks it.
            return cursor.choices("outcomes", ServerMessageWalk.OUTCOME_MAX)
                    && cursor.atMost("survivors", survivorChangeMax, cursor.dataLength() - 1);
        }
        final boolean isChangeSet = kind == RecordKind.CHANGE_SET.value();
        final int changes = isChangeSet ? changeSet.changeCount() : 0;
        final int expected = isChangeSet ? changeSet.migrationCount() + changes : 0;
        if (cursor.dataLength() != expected) {
            return cursor.refuse(Rule.MISMATCH, "outcomes", expected, cursor.dataLength());
        }
        return cursor.choices("outcomes", ServerMessageWalk.OUTCOME_MAX)
                && cursor.atMost("survivors", survivorChangeMax, changes - 1);
    }

    private static int templateId(final int kind) {
        return switch (RecordKind.get((short) kind)) {
            case GENESIS -> GenesisCommandDecoder.TEMPLATE_ID;
            case CREATE_DATABASE -> CreateDatabaseCommandDecoder.TEMPLATE_ID;
            case CHANGE_SET -> SubmitChangeSetDecoder.TEMPLATE_ID;
            case PRUNE -> PruneCommandDecoder.TEMPLATE_ID;
            case EPOCH -> EpochCommandDecoder.TEMPLATE_ID;
            case SEAL -> SealCommandDecoder.TEMPLATE_ID;
            case CUT -> CutCommandDecoder.TEMPLATE_ID;
            case SET_PART -> SetPartCommandDecoder.TEMPLATE_ID;
            case LARGE_CHANGE_SET -> LargeSetCommandDecoder.TEMPLATE_ID;
            default -> -1;
        };
    }

    private static int blockLength(final int kind) {
        return switch (RecordKind.get((short) kind)) {
            case GENESIS -> GenesisCommandDecoder.BLOCK_LENGTH;
            case CREATE_DATABASE -> CreateDatabaseCommandDecoder.BLOCK_LENGTH;
            case CHANGE_SET -> SubmitChangeSetDecoder.BLOCK_LENGTH;
            case PRUNE -> PruneCommandDecoder.BLOCK_LENGTH;
            case EPOCH -> EpochCommandDecoder.BLOCK_LENGTH;
            case SEAL -> SealCommandDecoder.BLOCK_LENGTH;
            case CUT -> CutCommandDecoder.BLOCK_LENGTH;
            case SET_PART -> SetPartCommandDecoder.BLOCK_LENGTH;
            case LARGE_CHANGE_SET -> LargeSetCommandDecoder.BLOCK_LENGTH;
            default -> Integer.MAX_VALUE;
        };
    }
}
