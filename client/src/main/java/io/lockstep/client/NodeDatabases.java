package io.lockstep.client;

import io.lockstep.codec.DatabaseListDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Which databases a node has. */
public final class NodeDatabases {
    private NodeDatabases() {}

    /**
     * A database, as it was when the node looked. Immutable.
     *
     * @param name its name
     * @param databaseId the node's number for it
     * @param sequence its sequence
     * @param cells live cells
     * @param bytes memory that counts against its quota
     * @param sessions that have it open
     * @param resident whether its state is in memory; else it is brought back when it is opened
     */
    public record Entry(
            String name, long databaseId, long sequence, long cells, long bytes, long sessions, boolean resident) {}

    /** Some of them, and where to go on. */
    record Page(List<Entry> entries, long nextId) {
        static Page decode(final DatabaseListDecoder decoder) {
            final long nextId = decoder.nextId();
            final List<Entry> entries = new ArrayList<>();
            for (final DatabaseListDecoder.DatabasesDecoder each : decoder.databases()) {
                final long id = each.databaseId();
                final long sequence = each.sequence();
                final long cells = each.cells();
                final long bytes = each.bytes();
                final long sessions = each.sessions();
                final boolean resident = each.resident() == 1;
                entries.add(new Entry(each.name(), id, sequence, cells, bytes, sessions, resident));
            }
            return new Page(List.copyOf(entries), nextId);
        }
    }

    /**
     * Asks for all that the token may open, which needs the admin permission.
     *
     * @param client connected; needs no open database; not from its own thread
     * @return by their numbers; those made meanwhile may be missing
     * @throws ClientException if it was refused, or the node is of a version that does not tell
     */
    public static List<Entry> of(final BlockingClient client) {
        final List<Entry> all = new ArrayList<>();
        long firstId = 0;
        do {
            final long asked = firstId;
            final Page page = client.call(core -> core.readDatabases(asked), new CompletableFuture<Page>());
            all.addAll(page.entries());
            firstId = page.nextId();
        } while (firstId > 0);
        return List.copyOf(all);
    }
}
