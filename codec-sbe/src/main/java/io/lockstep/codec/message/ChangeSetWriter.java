package io.lockstep.codec.message;

import io.lockstep.codec.ChangeOp;
import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.MigrationKind;
import io.lockstep.codec.SubmitChangeSetEncoder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Appends a SubmitChangeSet to a buffer, front to back.
 *
 * <p>{@link #wrap}, {@link #header}, then as many migrations and changes as the header announced. A change is either one
 * call with arrays, or {@link #beginChange} followed by {@link #schemaName}, {@link #tableName}, {@link #key},
 * {@link #columnName}, {@link #value} and {@link #before} in this order, every one of them, with length 0 where the
 * schema says empty. Nothing is checked but the bounds of the buffer. Not thread-safe; allocates nothing after
 * construction.
 */
public final class ChangeSetWriter {
    private static final byte[] EMPTY = new byte[0];

    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final SubmitChangeSetEncoder encoder = new SubmitChangeSetEncoder();
    private SubmitChangeSetEncoder.MigrationsEncoder migrations;
    private SubmitChangeSetEncoder.ChangesEncoder changes;
    private int changeCount;
    private int migrationsLeft;
    private int offset;

    /**
     * Starts a message.
     *
     * @param buffer to write into
     * @param messageOffset where the message header goes; the framing header, if any, stands before it
     * @return this
     */
    public ChangeSetWriter wrap(final MutableDirectBuffer buffer, final int messageOffset) {
        offset = messageOffset;
        encoder.wrapAndApplyHeader(buffer, messageOffset, headerEncoder);
        return this;
    }

    /**
     * Writes the fixed part.
     *
     * @param requestId echoed in the answer, at least 0
     * @param siteHigh first eight bytes of the author's site, big-endian
     * @param siteLow last eight bytes of the author's site, big-endian
     * @param wall milliseconds since 1970, below 2^48
     * @param counter 0 to 65,535
     * @param wantWinners whether the answer shall carry winners
     * @param migrationCount how many migrations follow
     * @param changesCount how many changes follow after them
     * @return this
     */
    public ChangeSetWriter header(
            final long requestId,
            final long siteHigh,
            final long siteLow,
            final long wall,
            final int counter,
            final boolean wantWinners,
            final int migrationCount,
            final int changesCount) {
        encoder.requestId(requestId).wall(wall).counter(counter);
        encoder.site().high(siteHigh).low(siteLow);
        encoder.flags().clear().wantWinners(wantWinners);
        migrations = encoder.migrationsCount(migrationCount);
        migrationsLeft = migrationCount;
        changeCount = changesCount;
        changes = null;
        if (migrationCount == 0) {
            changes = encoder.changesCount(changesCount);
        }
        return this;
    }

    /**
     * Appends a migration.
     *
     * @param opSeq place within the transaction, unsigned 32 bits
     * @param kind its kind
     * @param version of the object, unsigned 32 bits
     * @param schemaName UTF-8
     * @param objectName table or index, UTF-8
     * @param fromObjectName former name, UTF-8; empty but for renames
     * @param ddl the statement, UTF-8
     * @return this
     */
    public ChangeSetWriter migration(
            final int opSeq,
            final MigrationKind kind,
            final int version,
            final byte[] schemaName,
            final byte[] objectName,
            final byte[] fromObjectName,
            final byte[] ddl) {
        migrations
                .next()
                .opSeq(opSeq & 0xFFFF_FFFFL)
                .kind(kind)
                .version(version & 0xFFFF_FFFFL)
                .putSchemaName(schemaName, 0, schemaName.length)
                .putObjectName(objectName, 0, objectName.length)
                .putFromObjectName(fromObjectName, 0, fromObjectName.length)
                .putDdl(ddl, 0, ddl.length);
        migrationsLeft--;
        if (migrationsLeft == 0) {
            changes = encoder.changesCount(changeCount);
        }
        return this;
    }

    /**
     * Appends a write without before-image.
     *
     * @param opSeq place within the transaction, unsigned 32 bits
     * @param schemaName UTF-8
     * @param tableName UTF-8
     * @param key parts in the value encoding
     * @param columnName UTF-8
     * @param value one value in the value encoding
     * @return this
     */
    public ChangeSetWriter write(
            final int opSeq,
            final byte[] schemaName,
            final byte[] tableName,
            final byte[] key,
            final byte[] columnName,
            final byte[] value) {
        return beginChange(opSeq, ChangeOp.WRITE, false)
                .schemaName(schemaName)
                .tableName(tableName)
                .key(key)
                .columnName(columnName)
                .value(value)
                .before(EMPTY);
    }

    /**
     * Appends a delete without before-image.
     *
     * @param opSeq place within the transaction, unsigned 32 bits
     * @param schemaName UTF-8
     * @param tableName UTF-8
     * @param key parts in the value encoding
     * @return this
     */
    public ChangeSetWriter delete(final int opSeq, final byte[] schemaName, final byte[] tableName, final byte[] key) {
        return beginChange(opSeq, ChangeOp.DELETE, false)
                .schemaName(schemaName)
                .tableName(tableName)
                .key(key)
                .columnName(EMPTY)
                .value(EMPTY)
                .before(EMPTY);
    }

    /**
     * Starts a change; the six parts follow.
     *
     * @param opSeq place within the transaction, unsigned 32 bits
     * @param op write or delete
     * @param withBefore whether {@link #before} is a before-image, even an empty one
     * @return this
     */
    public ChangeSetWriter beginChange(final int opSeq, final ChangeOp op, final boolean withBefore) {
        changes.next().opSeq(opSeq & 0xFFFF_FFFFL).op(op).flags().clear().before(withBefore);
        return this;
    }

    /**
     * First part of a change.
     *
     * @param bytes UTF-8
     * @return this
     */
    public ChangeSetWriter schemaName(final byte[] bytes) {
        changes.putSchemaName(bytes, 0, bytes.length);
        return this;
    }

    /**
     * First part of a change.
     *
     * @param buffer holds UTF-8
     * @param start of the name
     * @param length bytes
     * @return this
     */
    public ChangeSetWriter schemaName(final DirectBuffer buffer, final int start, final int length) {
        changes.putSchemaName(buffer, start, length);
        return this;
    }

    /**
     * Second part of a change.
     *
     * @param bytes UTF-8
     * @return this
     */
    public ChangeSetWriter tableName(final byte[] bytes) {
        changes.putTableName(bytes, 0, bytes.length);
        return this;
    }

    /**
     * Second part of a change.
     *
     * @param buffer holds UTF-8
     * @param start of the name
     * @param length bytes
     * @return this
     */
    public ChangeSetWriter tableName(final DirectBuffer buffer, final int start, final int length) {
        changes.putTableName(buffer, start, length);
        return this;
    }

    /**
     * Third part of a change.
     *
     * @param bytes parts in the value encoding
     * @return this
     */
    public ChangeSetWriter key(final byte[] bytes) {
        changes.putKey(bytes, 0, bytes.length);
        return this;
    }

    /**
     * Third part of a change.
     *
     * @param buffer holds parts in the value encoding
     * @param start of the key
     * @param length bytes
     * @return this
     */
    public ChangeSetWriter key(final DirectBuffer buffer, final int start, final int length) {
        changes.putKey(buffer, start, length);
        return this;
    }

    /**
     * Fourth part of a change.
     *
     * @param bytes UTF-8; empty for a delete
     * @return this
     */
    public ChangeSetWriter columnName(final byte[] bytes) {
        changes.putColumnName(bytes, 0, bytes.length);
        return this;
    }

    /**
     * Fourth part of a change.
     *
     * @param buffer holds UTF-8
     * @param start of the name
     * @param length bytes; 0 for a delete
     * @return this
     */
    public ChangeSetWriter columnName(final DirectBuffer buffer, final int start, final int length) {
        changes.putColumnName(buffer, start, length);
        return this;
    }

    /**
     * Fifth part of a change.
     *
     * @param bytes one value in the value encoding; empty for a delete
     * @return this
     */
    public ChangeSetWriter value(final byte[] bytes) {
        changes.putValue(bytes, 0, bytes.length);
        return this;
    }

    /**
     * Fifth part of a change.
     *
     * @param buffer holds one value in the value encoding
     * @param start of the value
     * @param length bytes; 0 for a delete
     * @return this
     */
    public ChangeSetWriter value(final DirectBuffer buffer, final int start, final int length) {
        changes.putValue(buffer, start, length);
        return this;
    }

    /**
     * Last part of a change.
     *
     * @param bytes the before-image; empty where the change has none
     * @return this
     */
    public ChangeSetWriter before(final byte[] bytes) {
        changes.putBefore(bytes, 0, bytes.length);
        return this;
    }

    /**
     * Last part of a change.
     *
     * @param buffer holds the before-image
     * @param start of it
     * @param length bytes; 0 where the change has none
     * @return this
     */
    public ChangeSetWriter before(final DirectBuffer buffer, final int start, final int length) {
        changes.putBefore(buffer, start, length);
        return this;
    }

    /**
     * Where the message starts.
     *
     * @return what was given to {@link #wrap}
     */
    public int offset() {
        return offset;
    }

    /**
     * What was written so far.
     *
     * @return bytes from the message header on
     */
    public int length() {
        return MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
    }
}
