package io.lockstep.codec.frame;

import io.lockstep.codec.ChangeOp;
import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.MigrationKind;
import io.lockstep.codec.SubmitChangeSetDecoder;
import io.lockstep.codec.SubmitChangeSetDecoder.ChangesDecoder;
import io.lockstep.codec.SubmitChangeSetDecoder.MigrationsDecoder;

/** Walks a change set: as a client sends it, as a journal keeps it, and its groups as a Delivery repeats them. */
final class ChangeSetWalk {
    private static final int MIGRATION_KIND_MAX = MigrationKind.DROP_INDEX.value();
    /** Bits of ChangeFlags and SubmitFlags; sbe-tool makes no constants for them. */
    private static final int BEFORE = 1;

    private static final int WANT_WINNERS = 1;

    private final FrameCursor cursor;
    private int migrationCount;
    private int changeCount;

    ChangeSetWalk(final FrameCursor cursor) {
        this.cursor = cursor;
    }

    int migrationCount() {
        return migrationCount;
    }

    int changeCount() {
        return changeCount;
    }

    /** After the root block. */
    boolean changeSet() {
        return cursor.notNegative("requestId", SubmitChangeSetDecoder.requestIdEncodingOffset())
                && cursor.wall("wall", SubmitChangeSetDecoder.wallEncodingOffset())
                && cursor.flags("flags", SubmitChangeSetDecoder.flagsEncodingOffset(), WANT_WINNERS)
                && migrations()
                && changes();
    }

    boolean migrations() {
        changeCount = 0;
        if (!cursor.group("migrations", MigrationsDecoder.sbeBlockLength())) {
            return false;
        }
        migrationCount = cursor.groupCount();
        if (!notTooMany("migrations", migrationCount)) {
            return false;
        }
        for (int i = 0; i < migrationCount; i++) {
            if (!migration(i)) {
                return false;
            }
        }
        return true;
    }

    boolean changes() {
        if (!cursor.group("changes", ChangesDecoder.sbeBlockLength())) {
            return false;
        }
        changeCount = cursor.groupCount();
        if (!notTooMany("changes", migrationCount + changeCount)) {
            return false;
        }
        for (int i = 0; i < changeCount; i++) {
            if (!change(i)) {
                return false;
            }
        }
        return true;
    }

    /** After the block of an entry: the part of a migration that every message has. */
    boolean migrationBody(final int kind) {
        return cursor.name("schemaName")
                && cursor.name("objectName")
                && cursor.optionalName("fromObjectName")
                && (kind == MigrationKind.RENAME_TABLE.value() || cursor.empty("fromObjectName"))
                && cursor.text32("ddl", cursor.limits().ddlBytesMax());
    }

    private boolean migration(final int index) {
        if (!cursor.entry(index)
                || !cursor.choice("kind", MigrationsDecoder.kindEncodingOffset(), MIGRATION_KIND_MAX)) {
            return false;
        }
        return migrationBody(cursor.u8(MigrationsDecoder.kindEncodingOffset()));
    }

    private boolean change(final int index) {
        if (!cursor.entry(index)
                || !cursor.choice("op", ChangesDecoder.opEncodingOffset(), ChangeOp.DELETE.value())
                || !cursor.flags("flags", ChangesDecoder.flagsEncodingOffset(), BEFORE)) {
            return false;
        }
        final boolean write = cursor.u8(ChangesDecoder.opEncodingOffset()) == ChangeOp.WRITE.value();
        final boolean withBefore = (cursor.u8(ChangesDecoder.flagsEncodingOffset()) & BEFORE) != 0;
        return cursor.name("schemaName")
                && cursor.name("tableName")
                && cursor.key("key")
                && (write ? written() : deleted())
                && before(write, withBefore);
    }

    private boolean written() {
        return cursor.name("columnName")
                && cursor.data32("value", cursor.limits().frameBytesMax())
                && cursor.oneValue("value", 0);
    }

    private boolean deleted() {
        return cursor.optionalName("columnName")
                && cursor.empty("columnName")
                && cursor.data32("value", cursor.limits().frameBytesMax())
                && cursor.empty("value");
    }

    private boolean before(final boolean write, final boolean present) {
        if (!cursor.data32("before", cursor.limits().frameBytesMax())) {
            return false;
        }
        if (!present) {
            return cursor.empty("before");
        }
        return write ? cursor.clockAndValue("before") : cursor.values("before");
    }

    private boolean notTooMany(final String group, final int count) {
        final int max = cursor.limits().changesMax();
        if (count <= max) {
            return true;
        }
        cursor.leaveGroup();
        return cursor.refuseAs(ErrorCode.CHANGE_SET_TOO_LARGE, Rule.TOO_MANY, group, max, count);
    }
}
