package io.lockstep.codec.frame;

import io.lockstep.codec.ChangeSubscriptionDecoder;
import io.lockstep.codec.CloseDecoder;
import io.lockstep.codec.CreditGrantDecoder;
import io.lockstep.codec.CursorAckDecoder;
import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.HeartbeatDecoder;
import io.lockstep.codec.HelloDecoder;
import io.lockstep.codec.HelloDecoder.SitesDecoder;
import io.lockstep.codec.KeyForm;
import io.lockstep.codec.OpenDatabaseDecoder;
import io.lockstep.codec.PruneDecoder;
import io.lockstep.codec.ReadDatabasesDecoder;
import io.lockstep.codec.ReadSnapshotDecoder;
import io.lockstep.codec.ReadStateDecoder;
import io.lockstep.codec.ReadStatusDecoder;
import io.lockstep.codec.RefreshTokenDecoder;
import io.lockstep.codec.RowPolicy;
import io.lockstep.codec.SubmitChangeSetDecoder;
import io.lockstep.codec.SubscribeDecoder;
import io.lockstep.codec.UnsubscribeDecoder;
import io.lockstep.codec.UploadChangeSetDecoder;
import io.lockstep.codec.UploadPartDecoder;

/** Walks what clients send. */
final class ClientMessageWalk {
    /** All bits of OpenFlags and of SubscribeFlags. */
    private static final int OPEN_FLAGS = 0b1;

    private static final int SUBSCRIBE_FLAGS = 0b11;

    private final FrameCursor cursor;
    private final ChangeSetWalk changeSet;
    private final FilterWalk filters;

    ClientMessageWalk(final FrameCursor cursor, final ChangeSetWalk changeSet) {
        this.cursor = cursor;
        this.changeSet = changeSet;
        filters = new FilterWalk(cursor);
    }

    /** Bytes of the root block of version 0, or -1 if clients do not send this. */
    static int blockLength(final int templateId) {
        return switch (templateId) {
            case HelloDecoder.TEMPLATE_ID -> HelloDecoder.BLOCK_LENGTH;
            case OpenDatabaseDecoder.TEMPLATE_ID -> OpenDatabaseDecoder.BLOCK_LENGTH;
            case HeartbeatDecoder.TEMPLATE_ID -> HeartbeatDecoder.BLOCK_LENGTH;
            case CloseDecoder.TEMPLATE_ID -> CloseDecoder.BLOCK_LENGTH;
            case RefreshTokenDecoder.TEMPLATE_ID -> RefreshTokenDecoder.BLOCK_LENGTH;
            case SubmitChangeSetDecoder.TEMPLATE_ID -> SubmitChangeSetDecoder.BLOCK_LENGTH;
            case UploadChangeSetDecoder.TEMPLATE_ID -> UploadChangeSetDecoder.BLOCK_LENGTH;
            case UploadPartDecoder.TEMPLATE_ID -> UploadPartDecoder.BLOCK_LENGTH;
            case SubscribeDecoder.TEMPLATE_ID -> SubscribeDecoder.BLOCK_LENGTH;
            case ChangeSubscriptionDecoder.TEMPLATE_ID -> ChangeSubscriptionDecoder.BLOCK_LENGTH;
            case CursorAckDecoder.TEMPLATE_ID -> CursorAckDecoder.BLOCK_LENGTH;
            case CreditGrantDecoder.TEMPLATE_ID -> CreditGrantDecoder.BLOCK_LENGTH;
            case UnsubscribeDecoder.TEMPLATE_ID -> UnsubscribeDecoder.BLOCK_LENGTH;
            case ReadStateDecoder.TEMPLATE_ID -> ReadStateDecoder.BLOCK_LENGTH;
            case ReadSnapshotDecoder.TEMPLATE_ID -> ReadSnapshotDecoder.BLOCK_LENGTH;
            case ReadStatusDecoder.TEMPLATE_ID -> ReadStatusDecoder.BLOCK_LENGTH;
            case PruneDecoder.TEMPLATE_ID -> PruneDecoder.BLOCK_LENGTH;
            case ReadDatabasesDecoder.TEMPLATE_ID -> ReadDatabasesDecoder.BLOCK_LENGTH;
            default -> -1;
        };
    }

    /** The first version that has the message: an earlier one has no fields that it could be read by. */
    static int sinceVersion(final int templateId) {
        return switch (templateId) {
            case UploadChangeSetDecoder.TEMPLATE_ID,
                    UploadPartDecoder.TEMPLATE_ID,
                    ChangeSubscriptionDecoder.TEMPLATE_ID,
                    ReadSnapshotDecoder.TEMPLATE_ID,
                    ReadDatabasesDecoder.TEMPLATE_ID -> 1;
            default -> 0;
        };
    }

    /** Whether the block starts with a requestId; all of these put it first. */
    static boolean hasRequestId(final int templateId) {
        return switch (templateId) {
            case OpenDatabaseDecoder.TEMPLATE_ID,
                    CloseDecoder.TEMPLATE_ID,
                    RefreshTokenDecoder.TEMPLATE_ID,
                    SubmitChangeSetDecoder.TEMPLATE_ID,
                    UploadChangeSetDecoder.TEMPLATE_ID,
                    UploadPartDecoder.TEMPLATE_ID,
                    SubscribeDecoder.TEMPLATE_ID,
                    ChangeSubscriptionDecoder.TEMPLATE_ID,
                    UnsubscribeDecoder.TEMPLATE_ID,
                    ReadStateDecoder.TEMPLATE_ID,
                    ReadSnapshotDecoder.TEMPLATE_ID,
                    ReadStatusDecoder.TEMPLATE_ID,
                    PruneDecoder.TEMPLATE_ID,
                    ReadDatabasesDecoder.TEMPLATE_ID -> true;
            default -> false;
        };
    }

    /** After the root block, up to the last field; an earlier version of the message may end sooner. */
    boolean body(final int templateId, final int version) {
        if (hasRequestId(templateId) && !cursor.notNegative("requestId", 0)) {
            return false;
        }
        return switch (templateId) {
            case HelloDecoder.TEMPLATE_ID -> hello();
            case OpenDatabaseDecoder.TEMPLATE_ID -> openDatabase();
            case HeartbeatDecoder.TEMPLATE_ID -> cursor.choice("reply", HeartbeatDecoder.replyEncodingOffset(), 1);
            case RefreshTokenDecoder.TEMPLATE_ID -> cursor.text16("token", FrameLimits.SHORT_DATA_BYTES_MAX);
            case SubmitChangeSetDecoder.TEMPLATE_ID -> submit();
            case UploadChangeSetDecoder.TEMPLATE_ID -> cursor.wall("wall", UploadChangeSetDecoder.wallEncodingOffset());
            case UploadPartDecoder.TEMPLATE_ID ->
                cursor.data32("bytes", cursor.limits().frameBytesMax()) && cursor.notEmpty("bytes");
            case SubscribeDecoder.TEMPLATE_ID ->
                cursor.flags("flags", SubscribeDecoder.flagsEncodingOffset(), SUBSCRIBE_FLAGS)
                        && cursor.notNegative("sequence", SubscribeDecoder.sequenceEncodingOffset())
                        && cursor.notNegative("creditBytes", SubscribeDecoder.creditBytesEncodingOffset())
                        && filters.filters(version);
            case ChangeSubscriptionDecoder.TEMPLATE_ID -> filters.filters(version);
            case CursorAckDecoder.TEMPLATE_ID ->
                cursor.notNegative("sequence", CursorAckDecoder.sequenceEncodingOffset());
            case CreditGrantDecoder.TEMPLATE_ID ->
                cursor.notNegative("bytes", CreditGrantDecoder.bytesEncodingOffset());
            case ReadStateDecoder.TEMPLATE_ID ->
                cursor.notNegative("row", ReadStateDecoder.rowEncodingOffset())
                        && filters.filters(version)
                        && within(version);
            case ReadSnapshotDecoder.TEMPLATE_ID -> readSnapshot(version);
            case PruneDecoder.TEMPLATE_ID -> cursor.notNegative("horizonMs", PruneDecoder.horizonMsEncodingOffset());
            case ReadDatabasesDecoder.TEMPLATE_ID ->
                cursor.notNegative("firstId", ReadDatabasesDecoder.firstIdEncodingOffset());
            default -> true;
        };
    }

    private boolean within(final int version) {
        cursor.leaveGroup();
        return version < ReadStateDecoder.withinSinceVersion()
                || cursor.data16("within", FrameLimits.SHORT_DATA_BYTES_MAX);
    }

    private boolean hello() {
        if (!cursor.group("sites", SitesDecoder.sbeBlockLength()) || !cursor.skipEntries()) {
            return false;
        }
        cursor.leaveGroup();
        return cursor.text16("client", FrameLimits.SHORT_DATA_BYTES_MAX)
                && cursor.text16("token", FrameLimits.SHORT_DATA_BYTES_MAX);
    }

    private boolean openDatabase() {
        if (!cursor.flags("flags", OpenDatabaseDecoder.flagsEncodingOffset(), OPEN_FLAGS)
                || !cursor.choice(
                        "rowPolicy", OpenDatabaseDecoder.rowPolicyEncodingOffset(), RowPolicy.DELETE_WINS.value())
                || !cursor.choice("keyForm", OpenDatabaseDecoder.keyFormEncodingOffset(), KeyForm.QUEREUS.value())
                || !cursor.notNegative("maxDriftMs", OpenDatabaseDecoder.maxDriftMsEncodingOffset())) {
            return false;
        }
        cursor.ruleCode(ErrorCode.INVALID_NAME);
        return cursor.databaseName("name");
    }

    private boolean readSnapshot(final int version) {
        if (version < ReadSnapshotDecoder.checkpointSinceVersion()) {
            return true;
        }
        if (!filters.filters(version)) {
            return false;
        }
        cursor.leaveGroup();
        return cursor.data16("checkpoint", FrameLimits.CHECKPOINT_BYTES_MAX);
    }

    private boolean submit() {
        cursor.ruleCode(ErrorCode.INVALID_CHANGE_SET);
        return changeSet.changeSet();
    }
}
