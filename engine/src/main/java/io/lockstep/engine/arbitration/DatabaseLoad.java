package io.lockstep.engine.arbitration;

import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.SnapshotDatabaseDecoder;
import io.lockstep.codec.SnapshotDatabaseEndDecoder;
import io.lockstep.codec.SnapshotMigrationDecoder;
import io.lockstep.codec.SnapshotNameDecoder;
import io.lockstep.codec.SnapshotRowDecoder;
import io.lockstep.codec.SnapshotValueDecoder;
import io.lockstep.engine.snapshot.SnapshotException;
import io.lockstep.engine.snapshot.SnapshotFormat;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/**
 * Brings one database back into memory out of its blocks of a snapshot, a little at a time. Nobody sees it before it is
 * whole and in the state that was noted when it left; anything else is a {@link SnapshotException}.
 */
final class DatabaseLoad {
    private static final int HEADER_BYTES = MessageHeaderDecoder.ENCODED_LENGTH;
    private static final int TOMBSTONES_PER_STEP = 256;

    /** What became of a step. */
    enum Progress {
        /** There is more to do. */
        MORE,
        /** The block is used up. */
        STARVED,
        /** It is in memory again. */
        DONE
    }

    private final DatabaseRegistry registry;
    private final RestoredEntries entries;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final SnapshotDatabaseDecoder databaseStart = new SnapshotDatabaseDecoder();
    private DirectBuffer buffer;
    private int next;
    private int limit;
    private int databaseId;
    private RestoredWindow window;
    private boolean ended;

    DatabaseLoad(final DatabaseRegistry registry, final RestoredEntries entries) {
        this.registry = registry;
        this.entries = entries;
    }

    /** Begins with a database that is known and not in memory. */
    void begin(final int newDatabaseId) {
        databaseId = newDatabaseId;
        window = null;
        ended = false;
        next = 0;
        limit = 0;
    }

    /** Which one; 0 for none. */
    int databaseId() {
        return databaseId;
    }

    /** Takes its next block, which must stay as it is until a step is starved or done. */
    void block(final DirectBuffer newBuffer, final int offset, final int length) {
        buffer = newBuffer;
        next = offset;
        limit = offset + length;
    }

    /** Goes on by an entry. */
    Progress step() {
        if (ended) {
            return close();
        }
        if (next >= limit) {
            return Progress.STARVED;
        }
        final int bytes = limit - next < SnapshotFormat.LENGTH_BYTES + HEADER_BYTES
                ? -1
                : buffer.getInt(next, ByteOrder.LITTLE_ENDIAN);
        final int message = next + SnapshotFormat.LENGTH_BYTES;
        if (bytes < HEADER_BYTES || bytes > limit - message) {
            throw trouble("an entry does not fit its block: bytes=" + bytes);
        }
        onEntry(message);
        next = message + bytes;
        return Progress.MORE;
    }

    private void onEntry(final int message) {
        final int templateId = header.wrap(buffer, message).templateId();
        if ((window == null) != (templateId == SnapshotDatabaseDecoder.TEMPLATE_ID)) {
            throw trouble("its entries are out of order: templateId=" + templateId);
        }
        switch (templateId) {
            case SnapshotDatabaseDecoder.TEMPLATE_ID -> onStart(message);
            case SnapshotNameDecoder.TEMPLATE_ID -> entries.onName(window.database(), buffer, message);
            case SnapshotRowDecoder.TEMPLATE_ID -> entries.onRow(window.database(), buffer, message);
            case SnapshotValueDecoder.TEMPLATE_ID -> entries.onValue(window.database(), buffer, message);
            case SnapshotMigrationDecoder.TEMPLATE_ID -> entries.onMigration(window.database(), buffer, message);
            case SnapshotDatabaseEndDecoder.TEMPLATE_ID -> {
                entries.onDatabaseEnd(window, buffer, message);
                ended = true;
            }
            default -> throw trouble("unknown entry: templateId=" + templateId);
        }
    }

    private void onStart(final int message) {
        databaseStart.wrapAndApplyHeader(buffer, message, header);
        if (databaseStart.databaseId() != databaseId) {
            throw trouble("it is another one: found=" + databaseStart.databaseId());
        }
        final Database built = registry.build(databaseId);
        built.restoreSequence(databaseStart.sequence());
        window = new RestoredWindow(built);
    }

    private Progress close() {
        final Database database = window.database();
        if (!database.tombstoneList().sort(TOMBSTONES_PER_STEP)) {
            return Progress.MORE;
        }
        if (window.startSequence() != window.endSequence()) {
            throw trouble(
                    "it changed while it was written: from=" + window.startSequence() + ", to=" + window.endSequence());
        }
        window.closeSorted();
        window.requireSettled();
        if (!registry.known().isStateOf(database)) {
            throw trouble("it is in another state than the one in which it left memory: sequence="
                    + database.sequence() + ", known="
                    + registry.known().sequence(databaseId));
        }
        registry.install(database);
        return Progress.DONE;
    }

    /** After DONE. */
    RestoredWindow window() {
        return window;
    }

    private SnapshotException trouble(final String what) {
        return new SnapshotException("a database cannot be brought back: databaseId=" + databaseId + ", " + what);
    }
}
