package io.lockstep.engine.arbitration;

import io.lockstep.codec.CreateDatabaseCommandDecoder;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.PruneCommandDecoder;
import io.lockstep.codec.SnapshotDatabaseDecoder;
import io.lockstep.codec.SnapshotDatabaseEndDecoder;
import io.lockstep.codec.SnapshotEndDecoder;
import io.lockstep.codec.SnapshotHeaderDecoder;
import io.lockstep.codec.SnapshotMigrationDecoder;
import io.lockstep.codec.SnapshotNameDecoder;
import io.lockstep.codec.SnapshotRowDecoder;
import io.lockstep.codec.hash.StateDigest;
import io.lockstep.engine.record.RecordView;
import io.lockstep.engine.snapshot.SnapshotException;
import io.lockstep.engine.snapshot.SnapshotFormat;
import io.lockstep.engine.snapshot.SnapshotMark;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.agrona.DirectBuffer;

/**
 * Brings an empty arbiter to the state that a snapshot holds, in two steps: the blocks, and then the records after
 * {@link #start}, each of which is shown to {@link #take} before it is arbitrated. What lies in a database's own window
 * is applied as recorded; at its end the digests must be those that the walk noted. One thread, one run.
 *
 * <p>Blocks must have passed their checksums. What contradicts them is a {@link SnapshotException}, after which the
 * arbiter must not be used.
 */
public final class StateRestore {
    private static final int HEADER_BYTES = MessageHeaderDecoder.ENCODED_LENGTH;

    private final Arbiter arbiter;
    private final DigestKey digestKey;
    private final RecordedEffects effects;
    private final RestoredEntries entries;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final SnapshotHeaderDecoder startDecoder = new SnapshotHeaderDecoder();
    private final SnapshotDatabaseDecoder databaseDecoder = new SnapshotDatabaseDecoder();
    private final SnapshotDatabaseEndDecoder databaseEnd = new SnapshotDatabaseEndDecoder();
    private final SnapshotEndDecoder end = new SnapshotEndDecoder();
    private final CreateDatabaseCommandDecoder createCommand = new CreateDatabaseCommandDecoder();
    private final PruneCommandDecoder pruneCommand = new PruneCommandDecoder();
    private RestoredWindow[] windows = new RestoredWindow[4];
    private RestoredWindow window;
    private SnapshotMark start;
    private int restored;
    private long endPosition;
    private long endHash;

    StateRestore(final Arbiter arbiter, final Arena arena, final TableHash tableHash, final DigestKey digestKey) {
        this.arbiter = arbiter;
        this.digestKey = digestKey;
        effects = new RecordedEffects(arena, tableHash, digestKey);
        entries = new RestoredEntries(arena, tableHash, digestKey);
    }

    /**
     * Takes the next block.
     *
     * @param buffer holds it
     * @param offset of its first byte
     * @param length bytes
     * @throws SnapshotException when it does not fit
     */
    public void onBlock(final DirectBuffer buffer, final int offset, final int length) {
        int next = offset;
        final int limit = offset + length;
        while (next < limit) {
            final int bytes = limit - next < SnapshotFormat.LENGTH_BYTES + HEADER_BYTES
                    ? -1
                    : buffer.getInt(next, ByteOrder.LITTLE_ENDIAN);
            final int message = next + SnapshotFormat.LENGTH_BYTES;
            if (bytes < HEADER_BYTES || bytes > limit - message) {
                throw new SnapshotException(
                        "entry does not fit its block: offset=" + (next - offset) + ", blockBytes=" + length);
            }
            onEntry(buffer, message);
            next = message + bytes;
        }
    }

    private void onEntry(final DirectBuffer buffer, final int offset) {
        header.wrap(buffer, offset);
        final int templateId = header.templateId();
        if (start == null && templateId != SnapshotHeaderDecoder.TEMPLATE_ID) {
            throw new SnapshotException("a snapshot begins with its header: templateId=" + templateId);
        }
        if (endPosition != 0) {
            throw new SnapshotException("something comes after the end: templateId=" + templateId);
        }
        switch (templateId) {
            case SnapshotHeaderDecoder.TEMPLATE_ID -> onStart(buffer, offset);
            case SnapshotDatabaseDecoder.TEMPLATE_ID -> onDatabase(buffer, offset);
            case SnapshotNameDecoder.TEMPLATE_ID -> entries.onName(open().database(), buffer, offset);
            case SnapshotRowDecoder.TEMPLATE_ID -> entries.onRow(open().database(), buffer, offset);
            case SnapshotMigrationDecoder.TEMPLATE_ID -> entries.onMigration(open().database(), buffer, offset);
            case SnapshotDatabaseEndDecoder.TEMPLATE_ID -> onDatabaseEnd(buffer, offset);
            case SnapshotEndDecoder.TEMPLATE_ID -> onEnd(buffer, offset);
            default -> throw new SnapshotException("unknown entry: templateId=" + templateId);
        }
    }

    private void onStart(final DirectBuffer buffer, final int offset) {
        startDecoder.wrapAndApplyHeader(buffer, offset, header);
        require("formatVersion", startDecoder.formatVersion(), SnapshotFormat.VERSION);
        require("rulesVersion", startDecoder.rulesVersion(), Arbiter.RULES_VERSION);
        require("digestVersion", startDecoder.digestVersion(), StateDigest.VERSION);
        require("incarnation", startDecoder.incarnation().high(), digestKey.high());
        require("incarnation", startDecoder.incarnation().low(), digestKey.low());
        start = new SnapshotMark(
                startDecoder.position(),
                startDecoder.hash(),
                startDecoder.epoch(),
                startDecoder.stampedTimeMs(),
                startDecoder.unsealedFrom());
        arbiter.restore(start.epoch(), start.stampedTimeMs());
    }

    private void onDatabase(final DirectBuffer buffer, final int offset) {
        databaseDecoder.wrapAndApplyHeader(buffer, offset, header);
        if (window != null) {
            throw new SnapshotException(
                    "database did not end: databaseId=" + window.database().id());
        }
        require("databaseId", databaseDecoder.databaseId(), restored + 1L);
        final int name = databaseDecoder.limit() + SnapshotDatabaseDecoder.nameHeaderLength();
        final Database made = arbiter.databases()
                .make(
                        databaseDecoder.rowPolicy(),
                        databaseDecoder.keyForm(),
                        databaseDecoder.maxDriftMs(),
                        buffer,
                        name,
                        databaseDecoder.nameLength());
        made.restoreSequence(databaseDecoder.sequence());
        window = new RestoredWindow(made);
        if (restored == windows.length) {
            windows = Arrays.copyOf(windows, restored * 2);
        }
        windows[restored++] = window;
    }

    private void onDatabaseEnd(final DirectBuffer buffer, final int offset) {
        databaseEnd.wrapAndApplyHeader(buffer, offset, header);
        require("databaseId", databaseEnd.databaseId(), open().database().id());
        window.end(databaseEnd.sequence());
        window.live(databaseEnd.liveDigest().high(), databaseEnd.liveDigest().low());
        window.second(
                databaseEnd.secondDigest().high(), databaseEnd.secondDigest().low());
        if (databaseEnd.pruned() != 0) {
            entries.mark(window, buffer, databaseEnd.offset() + SnapshotDatabaseEndDecoder.pruneMarkEncodingOffset());
        }
        window.database()
                .restoreSameHlcConflicts(
                        databaseEnd.sameHlcConflicts(),
                        databaseEnd.sameHlcSite().high(),
                        databaseEnd.sameHlcSite().low());
        if (window.startSequence() == window.endSequence()) {
            window.close();
        }
        window = null;
    }

    private void onEnd(final DirectBuffer buffer, final int offset) {
        end.wrapAndApplyHeader(buffer, offset, header);
        require("databases", end.databases(), restored);
        endPosition = end.position();
        endHash = end.hash();
    }

    private RestoredWindow open() {
        if (window == null) {
            throw new SnapshotException("entry outside of a database");
        }
        return window;
    }

    /**
     * The place in the journal after which records are to be shown to {@link #take}.
     *
     * @return null before the first block
     */
    public SnapshotMark start() {
        return start;
    }

    /**
     * The last record that the walk may have seen: a journal that does not reach it is not the snapshot's.
     *
     * @return 0 while the end has not come
     */
    public long endPosition() {
        return endPosition;
    }

    /**
     * What that record must be.
     *
     * @return its hash
     */
    public long endHash() {
        return endHash;
    }

    /**
     * Shows a record of the journal after the start.
     *
     * @param record in order of position
     * @return true if the state holds it now and it must not be arbitrated
     * @throws SnapshotException when the state is not what the walk noted
     */
    public boolean take(final RecordView record) {
        return switch (record.kind()) {
            case CREATE_DATABASE ->
                createCommand
                                .wrapAndApplyHeader(record.buffer(), record.commandOffset(), header)
                                .databaseId()
                        <= restored;
            case CHANGE_SET -> takeChangeSet(record);
            case PRUNE -> takePrune(record);
            default -> false;
        };
    }

    private boolean takeChangeSet(final RecordView record) {
        final RestoredWindow own = window(record.databaseId());
        if (own == null) {
            return false;
        }
        final long sequence = record.sequence();
        if (sequence > own.endSequence()) {
            own.requireSettled();
            return false;
        }
        if (sequence > own.startSequence()) {
            effects.apply(own.database(), record);
            if (sequence == own.endSequence()) {
                own.close();
            }
        }
        return true;
    }

    private boolean takePrune(final RecordView record) {
        final RestoredWindow own = window(record.databaseId());
        if (own == null || record.sequence() > own.endSequence()) {
            return false;
        }
        final long horizonMs = pruneCommand
                .wrapAndApplyHeader(record.buffer(), record.commandOffset(), header)
                .horizonMs();
        final long beforeMs = record.stampedTimeMs() - Math.max(0, horizonMs);
        if (record.sequence() < own.endSequence()) {
            own.prune(beforeMs);
        } else {
            own.pruneAtEnd(beforeMs);
        }
        return true;
    }

    private RestoredWindow window(final int databaseId) {
        return databaseId >= 1 && databaseId <= restored ? windows[databaseId - 1] : null;
    }

    /**
     * Says that the last record was shown.
     *
     * @throws SnapshotException when a state was never seen to be exact
     */
    public void finish() {
        for (int i = 0; i < restored; i++) {
            final Database database = windows[i].database();
            if (database.sequence() < windows[i].endSequence()) {
                throw new SnapshotException("the journal ends before the snapshot: database=" + database.name()
                        + ", sequence=" + database.sequence() + ", snapshotSequence=" + windows[i].endSequence());
            }
            windows[i].requireSettled();
        }
    }

    private static void require(final String name, final long actual, final long expected) {
        if (actual != expected) {
            throw new SnapshotException(name + " differs: expected=" + expected + ", actual=" + actual);
        }
    }
}
