package io.lockstep.client.offline;

import io.lockstep.client.ClientContext;
import io.lockstep.client.DatabaseOptions;
import io.lockstep.client.model.Site;
import io.lockstep.client.model.TableFilter;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Configuration of an {@link OfflineDatabase}: fluent, each setting but folder, database and client with a default. Not
 * thread-safe; not to be changed after it was used.
 */
public final class OfflineContext {
    private Path folder;
    private DatabaseOptions database;
    private ClientContext client;
    private OfflineListener listener = new OfflineListener() {};
    private Site site;
    private List<TableFilter> filters = TableFilter.ALL;
    private boolean synced = true;
    private LongSupplier wallClockMs = System::currentTimeMillis;
    private long syncIntervalMs = 200;
    private long retryMs = 5_000;
    private long outboxBytesMax = 64L << 20;
    private long logBytesMin = 8L << 20;

    /**
     * Where it is kept; one folder for one database. A copy of it must not be used beside it: both would write as the same
     * site.
     *
     * @param path made if it is not there
     * @return this
     */
    public OfflineContext folder(final Path path) {
        folder = path;
        return this;
    }

    Path folder() {
        return folder;
    }

    /**
     * Which database, and whether the node shall make it.
     *
     * @param options until the node was reached once, its row policy and key form are taken for the database's
     * @return this
     */
    public OfflineContext database(final DatabaseOptions options) {
        database = options;
        return this;
    }

    DatabaseOptions database() {
        return database;
    }

    /**
     * How to reach the node.
     *
     * @param context is the database's own from now on; the site is added to its sites
     * @return this
     */
    public OfflineContext client(final ClientContext context) {
        client = context;
        return this;
    }

    ClientContext client() {
        return client;
    }

    /**
     * Gets what happens; default nobody.
     *
     * @param newListener see there for what it may do
     * @return this
     */
    public OfflineContext listener(final OfflineListener newListener) {
        listener = newListener;
        return this;
    }

    OfflineListener listener() {
        return listener;
    }

    /**
     * The site that writes here; default a random one, made once and kept in the folder.
     *
     * @param newSite nobody else's, and the same whenever this folder is opened
     * @return this
     */
    public OfflineContext site(final Site newSite) {
        site = newSite;
        return this;
    }

    Site site() {
        return site;
    }

    /**
     * Which part of the database is kept here; default everything. Others than last time make the state be read anew.
     *
     * @param newFilters what matches; none for everything
     * @return this
     */
    public OfflineContext filters(final List<TableFilter> newFilters) {
        filters = List.copyOf(newFilters);
        return this;
    }

    List<TableFilter> filters() {
        return filters;
    }

    /**
     * Whether {@link OfflineDatabase#write} returns only when the change set is on stable storage, and so survives a loss of
     * power; one sync serves all writers that wait. Otherwise it returns when the operating system has it: it survives the
     * death of the process, and is on stable storage after the sync interval. Default true.
     *
     * @param eachWrite false to be faster
     * @return this
     */
    public OfflineContext synced(final boolean eachWrite) {
        synced = eachWrite;
        return this;
    }

    boolean isSynced() {
        return synced;
    }

    /**
     * The wall clock that stamps are made from; default the system's.
     *
     * @param clockMs milliseconds since 1970
     * @return this
     */
    public OfflineContext wallClockMs(final LongSupplier clockMs) {
        wallClockMs = clockMs;
        return this;
    }

    LongSupplier wallClockMs() {
        return wallClockMs;
    }

    /**
     * How long what was received, and what was written without {@link #synced}, may take to be on stable storage. Default
     * 200.
     *
     * @param milliseconds above 0
     * @return this
     */
    public OfflineContext syncIntervalMs(final long milliseconds) {
        syncIntervalMs = milliseconds;
        return this;
    }

    long syncIntervalMs() {
        return syncIntervalMs;
    }

    /**
     * How long to wait after a refusal, or when the disk was full, before the next attempt. Default 5,000.
     *
     * @param milliseconds above 0
     * @return this
     */
    public OfflineContext retryMs(final long milliseconds) {
        retryMs = milliseconds;
        return this;
    }

    long retryMs() {
        return retryMs;
    }

    /**
     * Most bytes of change sets in the outbox, which is in memory, too: more is refused with LIMIT. Default 64 MiB.
     *
     * @param bytes above 0
     * @return this
     */
    public OfflineContext outboxBytesMax(final long bytes) {
        outboxBytesMax = bytes;
        return this;
    }

    long outboxBytesMax() {
        return outboxBytesMax;
    }

    /**
     * The file is written anew, without what is superfluous, when this much was appended, and as much as it began with.
     * Default 8 MiB.
     *
     * @param bytes above 0
     * @return this
     */
    public OfflineContext logBytesMin(final long bytes) {
        logBytesMin = bytes;
        return this;
    }

    long logBytesMin() {
        return logBytesMin;
    }

    /** Checks the settings. */
    void conclude() {
        require(folder != null, "folder=null");
        require(database != null, "database=null");
        require(client != null, "client=null");
        require(listener != null, "listener=null");
        require(syncIntervalMs > 0, "syncIntervalMs=" + syncIntervalMs);
        require(retryMs > 0, "retryMs=" + retryMs);
        require(outboxBytesMax > 0, "outboxBytesMax=" + outboxBytesMax);
        require(logBytesMin > 0, "logBytesMin=" + logBytesMin);
    }

    private static void require(final boolean holds, final String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
