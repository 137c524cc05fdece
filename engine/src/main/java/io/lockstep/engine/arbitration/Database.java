package io.lockstep.engine.arbitration;

import io.lockstep.codec.KeyForm;
import io.lockstep.codec.RowPolicy;

/** The state of one database. */
final class Database implements DatabaseView {
    private final int id;
    private final String name;
    private final RowPolicy rowPolicy;
    private final KeyForm keyForm;
    private final long maxDriftMs;
    private final MemoryAccount account;
    private final NameTable tables;
    private final NameTable columns;
    private final SiteTable sites;
    private final StateDigests digests;
    private final RowTable rows;
    private final LiveCells cells;
    private final PruneMark mark = new PruneMark();
    private final Tombstones tombstones;
    private final MigrationTable migrations;
    private final Stay stay = new Stay();
    private long sequence;
    private long sameHlcConflicts;
    private long conflictSiteHigh;
    private long conflictSiteLow;

    Database(
            final int id,
            final String name,
            final RowPolicy rowPolicy,
            final KeyForm keyForm,
            final long maxDriftMs,
            final Arena arena,
            final TableHash tableHash,
            final DigestKey digestKey) {
        this.id = id;
        this.name = name;
        this.rowPolicy = rowPolicy;
        this.keyForm = keyForm;
        this.maxDriftMs = maxDriftMs;
        account = new MemoryAccount(arena);
        tables = new NameTable(account, tableHash);
        columns = new NameTable(account, tableHash);
        sites = new SiteTable(account, tableHash);
        digests = new StateDigests(digestKey.digest(), sites);
        rows = new RowTable(account, tables);
        cells = new LiveCells(account, rows, columns, sites, digests, digestKey.longValue());
        tombstones = new Tombstones(account, rows, sites, digests, mark);
        migrations = new MigrationTable(account, tableHash, sites, digests, digestKey);
    }

    MemoryAccount account() {
        return account;
    }

    NameTable tables() {
        return tables;
    }

    NameTable columns() {
        return columns;
    }

    SiteTable sites() {
        return sites;
    }

    StateDigests digests() {
        return digests;
    }

    RowTable rowTable() {
        return rows;
    }

    LiveCells liveCells() {
        return cells;
    }

    PruneMark mark() {
        return mark;
    }

    Tombstones tombstoneList() {
        return tombstones;
    }

    MigrationTable migrationTable() {
        return migrations;
    }

    Stay stay() {
        return stay;
    }

    boolean isDeleteWins() {
        return rowPolicy == RowPolicy.DELETE_WINS;
    }

    /** Hands out the next sequence. */
    void nextSequence() {
        sequence++;
    }

    /** Moves the sequence to that of a record or a snapshot. */
    void restoreSequence(final long newSequence) {
        sequence = newSequence;
    }

    void restoreSameHlcConflicts(final long conflicts, final long siteHigh, final long siteLow) {
        sameHlcConflicts = conflicts;
        conflictSiteHigh = siteHigh;
        conflictSiteLow = siteLow;
    }

    void onSameHlcConflict(final Clock clock) {
        sameHlcConflicts++;
        conflictSiteHigh = clock.siteHigh();
        conflictSiteLow = clock.siteLow();
    }

    @Override
    public int id() {
        return id;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public RowPolicy rowPolicy() {
        return rowPolicy;
    }

    @Override
    public KeyForm keyForm() {
        return keyForm;
    }

    @Override
    public long maxDriftMs() {
        return maxDriftMs;
    }

    @Override
    public long sequence() {
        return sequence;
    }

    @Override
    public long cells() {
        return cells.count();
    }

    @Override
    public long rows() {
        return rows.count();
    }

    @Override
    public long tombstones() {
        return tombstones.count();
    }

    @Override
    public long migrations() {
        return migrations.count();
    }

    @Override
    public long bytes() {
        return account.bytes();
    }

    @Override
    public long liveDigestHigh() {
        return digests.live().high();
    }

    @Override
    public long liveDigestLow() {
        return digests.live().low();
    }

    @Override
    public long secondDigestHigh() {
        return digests.second().high();
    }

    @Override
    public long secondDigestLow() {
        return digests.second().low();
    }

    @Override
    public long stateDigest() {
        return digests.fold();
    }

    @Override
    public long sameHlcConflicts() {
        return sameHlcConflicts;
    }

    @Override
    public long sameHlcSiteHigh() {
        return conflictSiteHigh;
    }

    @Override
    public long sameHlcSiteLow() {
        return conflictSiteLow;
    }
}
