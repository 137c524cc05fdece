package io.lockstep.engine.arbitration;

import io.lockstep.engine.snapshot.SnapshotException;
import org.agrona.DirectBuffer;

/**
 * Which databases are in memory: lets those leave that nobody has open, once memory is over its budget, and takes them in
 * again. Never decides anything: a database leaves only while a snapshot of this node holds exactly the state that it is
 * in, and whatever is asked of it waits until it is back.
 *
 * <p>Belongs to the thread that arbitrates; works in small steps. Counts may be read by any thread, for statistics.
 */
public final class Residency {
    /** What becomes of a step of {@link #load}. */
    public enum Progress {
        /** There is more to do. */
        MORE,
        /** The block is used up, or none is needed. */
        STARVED,
        /** The database is in memory. */
        DONE
    }

    /** Databases that may wait to be brought back. */
    public static final int WANTED_MAX = 1_024;

    private static final int BLOCKS_PER_STEP = 256;
    private static final int LOOKS_PER_STEP = 256;
    private static final int LOW_WATER_SHIFT = 3;
    private static final int WORTH_SHIFT = 4;

    private final DatabaseRegistry registry;
    private final Arena arena;
    private final DatabaseLoad load;
    private final IdleDatabases idle = new IdleDatabases();
    private final long bytesMax;
    private final int databasesMax;
    private final int[] wanted = new int[WANTED_MAX];
    private int wantedCount;
    private int askedCount;
    private StateScan scan;
    private DatabaseDrop drop;
    private long nowNs;
    private long heldWalk = Stay.NOWHERE - 1;
    private long openings;
    private boolean leaving;
    private boolean passing;
    private long passedNs;
    private long unheldBytes;
    private long unheld;
    private boolean snapshotWorthwhile;
    private long evictions;
    private long loads;

    Residency(
            final ArbiterContext context,
            final DatabaseRegistry registry,
            final Arena arena,
            final RestoredEntries entries) {
        this.registry = registry;
        this.arena = arena;
        load = new DatabaseLoad(registry, entries);
        bytesMax = context.residentBytesMax();
        databasesMax = context.databasesResidentMax();
    }

    /**
     * Begins: from now on databases may leave. Before, all that are in memory stay there.
     *
     * @param newScan of the snapshots that databases may leave for
     * @param newNowNs monotonic
     */
    public void begin(final StateScan newScan, final long newNowNs) {
        scan = newScan;
        nowNs = newNowNs;
        passedNs = newNowNs;
        for (int id = 1; id <= registry.count(); id++) {
            final Database database = registry.byId(id);
            if (database != null) {
                idle.add(database, nowNs);
            }
        }
    }

    /**
     * Tells how things are, before anything else of a duty cycle.
     *
     * @param newNowNs monotonic
     * @param newHeldWalk whose snapshot is the newest that is whole; 0: the one that the node started from; -1: none
     */
    public void now(final long newNowNs, final long newHeldWalk) {
        nowNs = newNowNs;
        heldWalk = newHeldWalk;
    }

    /** Somebody asks for a database by its name. */
    void opening() {
        openings++;
    }

    /** Gets it, and has it until {@link #released}. */
    void opened(final Database database) {
        database.stay().openedAt(openings);
        if (database.stay().isIdle()) {
            idle.remove(database);
        }
    }

    /** Nobody has a database any more, but for those who opened it after so many openings of all databases. */
    void released(final Database database, final long openingsSeen) {
        if (scan != null
                && database.stay().openedAt() <= openingsSeen
                && !database.stay().isIdle()) {
            idle.add(database, nowNs);
        }
    }

    /** Somebody wants a database that is not in memory. Nothing comes of it while too many others are wanted. */
    void want(final int databaseId) {
        for (int i = 0; i < wantedCount; i++) {
            if (wanted[i] == databaseId) {
                return;
            }
        }
        if (wantedCount < WANTED_MAX) {
            wanted[wantedCount++] = databaseId;
        }
    }

    /** Whether there is memory to bring a database back; what a command may need is left. */
    boolean hasRoom(final int databaseId) {
        return needed(databaseId) <= arena.freshBytes();
    }

    /** Fresh memory that is asked for before a database is brought back. */
    long needed(final int databaseId) {
        return ownBytes(databaseId) + Arena.CHUNK_BYTES + Arena.BLOCK_BYTES_MAX;
    }

    /** Twice what it took when it left: blocks do not always fit where there is room. */
    private long ownBytes(final int databaseId) {
        return 2 * registry.known().bytes(databaseId);
    }

    /**
     * The next database that is wanted and was not asked for yet. One for which there is no memory is wanted no more:
     * whoever asks for it again is told.
     *
     * @return 0 if there is none
     */
    public int toAskFor() {
        while (askedCount < wantedCount && !hasRoom(wanted[askedCount])) {
            forget(askedCount);
        }
        return askedCount < wantedCount ? wanted[askedCount] : 0;
    }

    /** It was asked for: its blocks come after those of all that were asked for before. */
    public void asked() {
        arena.reserve(ownBytes(wanted[askedCount]));
        askedCount++;
    }

    private void forget(final int place) {
        wantedCount--;
        System.arraycopy(wanted, place + 1, wanted, place, wantedCount - place);
    }

    /**
     * Whether blocks are waited for.
     *
     * @return true if databases were asked for that are not back
     */
    public boolean isLoading() {
        return askedCount > 0;
    }

    /**
     * Takes the next block of what was asked for.
     *
     * @param buffer stays as it is until {@link #load} is starved or done
     * @param length bytes, from 0 on
     */
    public void block(final DirectBuffer buffer, final int length) {
        if (load.databaseId() != wanted[0]) {
            load.begin(wanted[0]);
        }
        load.block(buffer, 0, length);
    }

    /**
     * Goes on with bringing a database back.
     *
     * @return what came of it
     * @throws SnapshotException when the blocks do not give the state in which it left
     */
    public Progress load() {
        return switch (load.step()) {
            case MORE -> Progress.MORE;
            case STARVED -> Progress.STARVED;
            case DONE -> {
                loaded();
                yield Progress.DONE;
            }
        };
    }

    private void loaded() {
        final Database database = load.window().database();
        final boolean passed = scan.walk() > heldWalk && scan.hasPassed(database.id());
        database.stay().restored(database, passed ? scan.walk() : heldWalk);
        idle.add(database, nowNs);
        load.begin(0);
        arena.reserve(-ownBytes(database.id()));
        askedCount--;
        forget(0);
        loads++;
    }

    /**
     * Goes on with making room, if memory is over its budget: gives some memory back, or looks for a database that may
     * leave.
     *
     * @param idleNs how long nobody must have had it
     * @return false if there is nothing to do
     */
    public boolean makeRoom(final long idleNs) {
        if (drop != null) {
            drop = drop.step(BLOCKS_PER_STEP) ? null : drop;
            return true;
        }
        final int share = leaving ? LOW_WATER_SHIFT : Long.SIZE - 1;
        leaving = arena.usedBytes() > bytesMax - (bytesMax >> share)
                || registry.resident() > databasesMax - (databasesMax >> Math.min(share, Integer.SIZE - 1));
        return leaving && look(idleNs);
    }

    private boolean look(final long idleNs) {
        if (!passing) {
            if (nowNs - passedNs < idleNs) {
                return false;
            }
            passing = true;
            idle.rewind();
            unheld = 0;
            unheldBytes = 0;
        }
        for (int i = 0; i < LOOKS_PER_STEP; i++) {
            final Database database = idle.next();
            if (database == null || nowNs - database.stay().idleSinceNs() < idleNs) {
                // Those behind it were closed later.
                passing = false;
                passedNs = nowNs;
                snapshotWorthwhile =
                        unheld > 0 && (unheldBytes >= bytesMax >> WORTH_SHIFT || unheld >= databasesMax >> WORTH_SHIFT);
                return false;
            }
            if (database.stay().isHeldBy(database, heldWalk)) {
                evict(database);
                return true;
            }
            unheld++;
            unheldBytes += database.bytes();
        }
        return true;
    }

    private void evict(final Database database) {
        idle.remove(database);
        registry.remove(database);
        drop = new DatabaseDrop(database);
        evictions++;
    }

    /**
     * Whether a snapshot taken now would let enough databases leave; says so once.
     *
     * @return true if memory is over its budget because of what no snapshot holds yet
     */
    public boolean isSnapshotWorthwhile() {
        final boolean worthwhile = snapshotWorthwhile;
        snapshotWorthwhile = false;
        return worthwhile;
    }

    /**
     * Databases in memory.
     *
     * @return a count
     */
    public int resident() {
        return registry.resident();
    }

    /**
     * Databases that left memory.
     *
     * @return a count since the start
     */
    public long evictions() {
        return evictions;
    }

    /**
     * Databases that were brought back.
     *
     * @return a count since the start
     */
    public long loads() {
        return loads;
    }

    /**
     * What the state of all databases in memory takes.
     *
     * @return bytes
     */
    public long usedBytes() {
        return arena.usedBytes();
    }
}
