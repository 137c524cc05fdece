package io.lockstep.engine.bootstrap;

import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.SnapshotDatabaseDecoder;
import io.lockstep.codec.SnapshotNameDecoder;
import io.lockstep.codec.value.HlcDescriptor;
import io.lockstep.engine.port.OpenSnapshot;
import io.lockstep.engine.snapshot.SnapshotException;
import io.lockstep.engine.snapshot.SnapshotFormat;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * What the rows of one database in one snapshot refer to by number. Names stand before the rows that need them, so they are
 * read as far as the rows are, and knowing more does no harm. One thread.
 */
final class SnapshotNames {
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final SnapshotDatabaseDecoder database = new SnapshotDatabaseDecoder();
    private final SnapshotNameDecoder name = new SnapshotNameDecoder();
    private final NameList sites = new NameList();
    private final NameList tables = new NameList();
    private final NameList columns = new NameList();
    private final long snapshot;
    private final int databaseId;
    private long nextBlock;
    private long sequence = -1;

    SnapshotNames(final OpenSnapshot snapshot, final int databaseId) {
        this.snapshot = snapshot.position();
        this.databaseId = databaseId;
        nextBlock = snapshot.firstBlock(databaseId);
    }

    boolean isOf(final long newSnapshot, final int newDatabaseId) {
        return snapshot == newSnapshot && databaseId == newDatabaseId;
    }

    /** Reads all names before a block; the snapshot stands somewhere else afterwards. */
    void readUpTo(final OpenSnapshot from, final long block) {
        while (nextBlock < block) {
            from.block(nextBlock);
            if (from.holdsNames()) {
                read(from.entries(), from.length());
            }
            nextBlock = from.nextBlock();
        }
    }

    private void read(final DirectBuffer entries, final int length) {
        int at = 0;
        while (at < length) {
            final int message = at + SnapshotFormat.LENGTH_BYTES;
            final int templateId = header.wrap(entries, message).templateId();
            if (templateId == SnapshotDatabaseDecoder.TEMPLATE_ID) {
                onDatabase(entries, message);
            } else if (templateId == SnapshotNameDecoder.TEMPLATE_ID) {
                onName(entries, message);
            } else {
                throw new SnapshotException("no name: templateId=" + templateId + ", databaseId=" + databaseId);
            }
            at = message + entries.getInt(at, ByteOrder.LITTLE_ENDIAN);
        }
    }

    private void onDatabase(final DirectBuffer entries, final int message) {
        database.wrapAndApplyHeader(entries, message, header);
        if (database.databaseId() != databaseId) {
            throw new SnapshotException(
                    "another database: databaseId=" + database.databaseId() + ", expected=" + databaseId);
        }
        sequence = database.sequence();
    }

    private void onName(final DirectBuffer entries, final int message) {
        name.wrapAndApplyHeader(entries, message, header);
        final NameList list =
                switch (name.kind()) {
                    case SITE -> sites;
                    case TABLE -> tables;
                    case COLUMN -> columns;
                    default -> throw new SnapshotException("unknown kind of name: " + name.kind());
                };
        if (name.number() != list.count()) {
            throw new SnapshotException("names are out of order: kind=" + name.kind() + ", number=" + name.number()
                    + ", next=" + list.count());
        }
        list.add(entries, name.limit() + SnapshotNameDecoder.nameHeaderLength(), name.nameLength());
    }

    /** Writes a clock with its site, of which the snapshot has the number. */
    void putClock(
            final MutableDirectBuffer out, final int at, final long wallCounter, final int site, final int opSeq) {
        final int offset = sites.offset(site);
        HlcDescriptor.put(
                out,
                at,
                wallCounter >>> 16,
                (int) (wallCounter & 0xFFFF),
                sites.buffer().getLong(offset, ByteOrder.BIG_ENDIAN),
                sites.buffer().getLong(offset + Long.BYTES, ByteOrder.BIG_ENDIAN),
                opSeq);
    }

    NameList tables() {
        return tables;
    }

    NameList columns() {
        return columns;
    }

    /** Of the start of the database's walk; known once the first block was read. */
    long sequence() {
        return sequence;
    }

    long heldBytes() {
        return sites.heldBytes() + tables.heldBytes() + columns.heldBytes();
    }
}
