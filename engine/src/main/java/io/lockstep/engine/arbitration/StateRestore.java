package io.lockstep.engine.arbitration;

import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.SnapshotDatabaseDecoder;
import io.lockstep.codec.SnapshotDatabaseEndDecoder;
import io.lockstep.codec.SnapshotEndDecoder;
import io.lockstep.codec.SnapshotHeaderDecoder;
import io.lockstep.codec.SnapshotMigrationDecoder;
import io.lockstep.codec.SnapshotNameDecoder;
import io.lockstep.codec.SnapshotRowDecoder;
import io.lockstep.codec.SnapshotValueDecoder;
import io.lockstep.codec.hash.StateDigest;
import io.lockstep.engine.record.RecordView;
import io.lockstep.engine.snapshot.SnapshotException;
import io.lockstep.engine.snapshot.SnapshotFormat;
import io.lockstep.engine.snapshot.SnapshotMark;
import io.lockstep.engine.snapshot.SnapshotSource;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.agrona.DirectBuffer;

/**
 * Brings an empty arbiter to the state that a snapshot holds, in two steps: the blocks, and then the records after
 * {@link #start}, each of which is shown to {@link #take} before it is arbitrated. What lies in a database's own window
 * is applied as recorded; at its end the digests must be those that the walk noted. One thread, one run.
 *
 * <p>With {@link #read}, databases beyond what may be in memory are only known afterwards, if nothing changed them during
 * their walk, and brought back when a record asks for one of them.
 *
 * <p>Blocks must have passed their checksums. What contradicts them is a {@link SnapshotException}, after which the
 * arbiter must not be used.
 */
public final class StateRestore {
    private static final int HEADER_BYTES = MessageHeaderDecoder.ENCODED_LENGTH;

    private final Arbiter arbiter;
    private final DatabaseRegistry registry;
    private final Arena arena;
    private final DigestKey digestKey;
    private final RestoredEntries entries;
    private final RestoredWindows windows;
    private final long residentBytesMax;
    private final int databasesResidentMax;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final SnapshotHeaderDecoder startDecoder = new SnapshotHeaderDecoder();
    private final SnapshotDatabaseDecoder databaseDecoder = new SnapshotDatabaseDecoder();
    private final SnapshotDatabaseEndDecoder databaseEnd = new SnapshotDatabaseEndDecoder();
    private final SnapshotEndDecoder end = new SnapshotEndDecoder();
    private SnapshotSource source;
    private RestoredWindow window;
    private int skipped;
    private int broughtBack;
    private int[] inexact = new int[4];
    private int inexactCount;
    private SnapshotMark start;
    private long endPosition;
    private long endHash;

    StateRestore(
            final Arbiter arbiter,
            final ArbiterContext context,
            final Arena arena,
            final TableHash tableHash,
            final DigestKey digestKey) {
        this.arbiter = arbiter;
        this.registry = arbiter.databases();
        this.arena = arena;
        this.digestKey = digestKey;
        entries = new RestoredEntries(arena, tableHash, digestKey);
        windows = new RestoredWindows(registry, new RecordedEffects(arena, tableHash, digestKey), this::bringBack);
        // Half of what may be in memory: the rest is for what journal and clients ask for.
        residentBytesMax = context.residentBytesMax() / 2;
        databasesResidentMax = context.databasesResidentMax() / 2;
    }

    /**
     * Takes a whole snapshot.
     *
     * @param newSource must stay readable as long as records are shown
     * @throws SnapshotException when it does not fit
     */
    public void read(final SnapshotSource newSource) {
        source = newSource;
        newSource.read(this::onBlock);
        for (int i = 0; i < inexactCount; i++) {
            bringBack(inexact[i]);
        }
    }

    /** Reads a database that was skipped. */
    private void bringBack(final int databaseId) {
        broughtBack = databaseId;
        source.read(databaseId, this::onBlock);
        if (broughtBack != 0) {
            throw new SnapshotException("the snapshot does not hold a database whole: databaseId=" + databaseId);
        }
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
        if (endPosition != 0 && broughtBack == 0) {
            throw new SnapshotException("something comes after the end: templateId=" + templateId);
        }
        switch (templateId) {
            case SnapshotHeaderDecoder.TEMPLATE_ID -> onStart(buffer, offset);
            case SnapshotDatabaseDecoder.TEMPLATE_ID -> onDatabase(buffer, offset);
            case SnapshotDatabaseEndDecoder.TEMPLATE_ID -> onDatabaseEnd(buffer, offset);
            case SnapshotEndDecoder.TEMPLATE_ID -> onEnd(buffer, offset);
            default -> {
                if (skipped == 0) {
                    onContent(templateId, buffer, offset);
                }
            }
        }
    }

    private void onContent(final int templateId, final DirectBuffer buffer, final int offset) {
        switch (templateId) {
            case SnapshotNameDecoder.TEMPLATE_ID -> entries.onName(open().database(), buffer, offset);
            case SnapshotRowDecoder.TEMPLATE_ID -> entries.onRow(open().database(), buffer, offset);
            case SnapshotValueDecoder.TEMPLATE_ID -> entries.onValue(open().database(), buffer, offset);
            case SnapshotMigrationDecoder.TEMPLATE_ID -> entries.onMigration(open().database(), buffer, offset);
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
        if (window != null || skipped != 0) {
            throw new SnapshotException("database did not end: databaseId=" + windows.restored());
        }
        final int id = databaseDecoder.databaseId();
        if (broughtBack != 0) {
            require("databaseId", id, broughtBack);
        } else {
            require("databaseId", id, windows.restored() + 1L);
            register(buffer);
            if (source != null && isEnough()) {
                skipped = id;
                return;
            }
        }
        final Database made = registry.build(id);
        registry.install(made);
        made.restoreSequence(databaseDecoder.sequence());
        window = new RestoredWindow(made);
        windows.put(window);
    }

    private void register(final DirectBuffer buffer) {
        final int name = databaseDecoder.limit() + SnapshotDatabaseDecoder.nameHeaderLength();
        final int id = registry.register(
                databaseDecoder.rowPolicy(),
                databaseDecoder.keyForm(),
                databaseDecoder.maxDriftMs(),
                buffer,
                name,
                databaseDecoder.nameLength());
        registry.known().sequence(id, databaseDecoder.sequence());
        windows.add();
    }

    private boolean isEnough() {
        return arena.usedBytes() > residentBytesMax || registry.resident() >= databasesResidentMax;
    }

    private void onDatabaseEnd(final DirectBuffer buffer, final int offset) {
        databaseEnd.wrapAndApplyHeader(buffer, offset, header);
        // Snapshots that were written before there was that field have a shorter block.
        final boolean exact =
                header.blockLength() >= SnapshotDatabaseEndDecoder.BLOCK_LENGTH && databaseEnd.exact() == 1;
        if (skipped != 0) {
            onSkippedEnd(exact);
            return;
        }
        entries.onDatabaseEnd(open(), buffer, offset);
        final Database database = window.database();
        if (window.startSequence() == window.endSequence()) {
            window.close();
        }
        if (exact) {
            window.requireSettled();
            database.stay().restored(database, 0);
        }
        if (exact && broughtBack != 0 && !registry.known().isStateOf(database)) {
            throw new SnapshotException(
                    "the snapshot was read twice, and gave two states: database=" + database.name());
        }
        broughtBack = 0;
        window = null;
    }

    private void onSkippedEnd(final boolean exact) {
        require("databaseId", databaseEnd.databaseId(), skipped);
        if (exact) {
            require("sequence", databaseEnd.sequence(), registry.known().sequence(skipped));
            registry.known()
                    .state(
                            skipped,
                            databaseEnd.liveDigest().high(),
                            databaseEnd.liveDigest().low(),
                            databaseEnd.secondDigest().high(),
                            databaseEnd.secondDigest().low());
            registry.known().sizes(skipped, databaseEnd.cells(), databaseEnd.bytes());
            registry.known().oldestTombstone(skipped, databaseEnd.oldestTombstoneMs());
        } else {
            if (inexactCount == inexact.length) {
                inexact = Arrays.copyOf(inexact, 2 * inexactCount);
            }
            inexact[inexactCount++] = skipped;
        }
        skipped = 0;
    }

    private void onEnd(final DirectBuffer buffer, final int offset) {
        end.wrapAndApplyHeader(buffer, offset, header);
        require("databases", end.databases(), windows.restored());
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
        return windows.take(record);
    }

    /**
     * Says that the last record was shown.
     *
     * @throws SnapshotException when a state was never seen to be exact
     */
    public void finish() {
        windows.finish();
    }

    private static void require(final String name, final long actual, final long expected) {
        if (actual != expected) {
            throw new SnapshotException(name + " differs: expected=" + expected + ", actual=" + actual);
        }
    }
}
