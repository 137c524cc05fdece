package io.lockstep.engine.arbitration;

import io.lockstep.codec.hash.SipHash;
import org.agrona.UnsafeApi;

/**
 * The schema migrations that a database keeps: one for each object and version, the one with the highest clock. They are
 * numbered in the order in which their objects and versions first came, and never removed.
 *
 * <pre>
 *   0                         16        20       24               28             32
 *  +-------------------------+---------+--------+----------------+--------------+------------------------
 *  | clock, StampDescriptor  | version | kind   | object length  | text length  | text, MigrationCursor
 *  +-------------------------+---------+--------+----------------+--------------+------------------------
 * </pre>
 */
final class MigrationTable {
    private static final int VERSION_OFFSET = StampDescriptor.LENGTH;
    private static final int KIND_OFFSET = VERSION_OFFSET + 4;
    private static final int OBJECT_LENGTH_OFFSET = KIND_OFFSET + 4;
    private static final int TEXT_LENGTH_OFFSET = OBJECT_LENGTH_OFFSET + 4;
    private static final int TEXT_OFFSET = TEXT_LENGTH_OFFSET + 4;
    private static final int REF_SHIFT = 2;
    private static final int UNKNOWN = -1;

    private final MemoryAccount account;
    private final Arena arena;
    private final TableHash tableHash;
    private final SiteTable sites;
    private final StateDigests digests;
    private final DigestKey digestKey;
    private final SegmentedArray refs;
    private final HashIndex index;
    private int count;

    MigrationTable(
            final MemoryAccount account,
            final TableHash tableHash,
            final SiteTable sites,
            final StateDigests digests,
            final DigestKey digestKey) {
        this.account = account;
        this.arena = account.arena();
        this.tableHash = tableHash;
        this.sites = sites;
        this.digests = digests;
        this.digestKey = digestKey;
        refs = new SegmentedArray(account, REF_SHIFT, 2, 12);
        index = new HashIndex(account);
    }

    static int blockBytes(final int textLength) {
        return TEXT_OFFSET + textLength;
    }

    int count() {
        return count;
    }

    /** The block that is kept for the migration's object and version, 0 if there is none. */
    long find(final MigrationCursor migration) {
        final int number = number(migration);
        return number == UNKNOWN ? 0 : address(number);
    }

    /** Keeps a migration, in place of the one with the same object and version if there is one. */
    void put(final MigrationCursor migration, final Clock clock) {
        sites.intern(clock);
        final long identity = identity(migration, digestKey.start());
        final int number = number(migration);
        if (number == UNKNOWN) {
            refs.ensure(count);
            refs.putInt(count, account.allocate(blockBytes(migration.textLength())));
            index.insert((int) identity(migration, tableHash.start()), count);
            count++;
            write(count - 1, migration, clock);
        } else {
            final long old = address(number);
            digests.subtractMigration(identity, kind(old), old, rest(old), restLength(old));
            account.free(refs.getInt(number), blockBytes(textLength(old)));
            refs.putInt(number, account.allocate(blockBytes(migration.textLength())));
            write(number, migration, clock);
        }
        final long block = find(migration);
        digests.addMigration(identity, kind(block), block, rest(block), restLength(block));
    }

    /**
     * Gives memory back, a little at a time; from the first call on nothing else may be called.
     *
     * @return true when all of it was
     */
    boolean free(final int migrationsMax) {
        final int last = Math.max(0, count - migrationsMax);
        while (count > last) {
            count--;
            account.free(refs.getInt(count), blockBytes(textLength(address(count))));
        }
        if (count > 0 || !index.free(migrationsMax)) {
            return false;
        }
        refs.free();
        return true;
    }

    /** The block of a migration by its number, which is below {@link #count()}. */
    long address(final int number) {
        return arena.address(refs.getInt(number));
    }

    static int kind(final long block) {
        return UnsafeApi.getInt(block + KIND_OFFSET);
    }

    static int version(final long block) {
        return UnsafeApi.getInt(block + VERSION_OFFSET);
    }

    static int textLength(final long block) {
        return UnsafeApi.getInt(block + TEXT_LENGTH_OFFSET);
    }

    static long text(final long block) {
        return block + TEXT_OFFSET;
    }

    private static int objectLength(final long block) {
        return UnsafeApi.getInt(block + OBJECT_LENGTH_OFFSET);
    }

    private static long rest(final long block) {
        return text(block) + objectLength(block);
    }

    private static int restLength(final long block) {
        return textLength(block) - objectLength(block);
    }

    private void write(final int number, final MigrationCursor migration, final Clock clock) {
        final long block = address(number);
        StampDescriptor.put(block, clock, migration.opSeq());
        UnsafeApi.putInt(block + VERSION_OFFSET, migration.version());
        UnsafeApi.putInt(block + KIND_OFFSET, migration.kind());
        UnsafeApi.putInt(block + OBJECT_LENGTH_OFFSET, migration.objectLength());
        UnsafeApi.putInt(block + TEXT_LENGTH_OFFSET, migration.textLength());
        NativeBytes.read(migration.buffer(), migration.text(), migration.textLength(), text(block));
    }

    private int number(final MigrationCursor migration) {
        long candidate = index.find((int) identity(migration, tableHash.start()));
        while (candidate >= 0) {
            final long block = address((int) candidate);
            if (version(block) == migration.version()
                    && MigrationCursor.isIndex(kind(block)) == migration.isIndex()
                    && objectLength(block) == migration.objectLength()
                    && NativeBytes.equal(migration.buffer(), migration.text(), objectLength(block), text(block))) {
                return (int) candidate;
            }
            candidate = index.findNext();
        }
        return UNKNOWN;
    }

    private static long identity(final MigrationCursor migration, final SipHash hash) {
        final long word = (migration.isIndex() ? 1L << 32 : 0) | (migration.version() & 0xFFFF_FFFFL);
        return hash.update(word)
                .update(migration.buffer(), migration.text(), migration.objectLength())
                .finish();
    }
}
