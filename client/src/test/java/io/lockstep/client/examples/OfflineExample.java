package io.lockstep.client.examples;

import io.lockstep.client.ClientContext;
import io.lockstep.client.DatabaseOptions;
import io.lockstep.client.model.Cell;
import io.lockstep.client.model.Key;
import io.lockstep.client.model.Value;
import io.lockstep.client.offline.EntryState;
import io.lockstep.client.offline.OfflineContext;
import io.lockstep.client.offline.OfflineDatabase;
import io.lockstep.client.offline.OfflineListener;
import io.lockstep.client.offline.OutboxEntry;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * Notes on a device that is often without a network: FOLDER HOST:PORT NOTE TEXT writes a note and shows all of them. Run it
 * with and without a node: what is written without one is there at the next start, and goes out as soon as there is one.
 */
public final class OfflineExample implements OfflineListener, AutoCloseable {
    private final OfflineDatabase database;

    /** Opens the notes of a folder; needs no node. */
    public OfflineExample(final Path folder, final String address) {
        database = OfflineDatabase.open(new OfflineContext()
                .folder(folder)
                .database(DatabaseOptions.createIfMissing("notes"))
                .client(new ClientContext().addresses(address))
                .listener(this));
    }

    /** Kept, and shown, when this returns. */
    public void write(final String note, final String text) {
        database.write(changes -> changes.write("main", "note", Key.ofText(note), "text", Value.ofText(text)));
    }

    /** All notes as they show here and now. */
    public Map<String, String> notes() {
        final Map<String, String> notes = new TreeMap<>();
        for (final Cell cell : database.cells()) {
            notes.put(cell.key().parts().get(0).asText(), cell.value().asText());
        }
        return notes;
    }

    /** True once the node has answered everything. */
    public boolean isSent() throws InterruptedException {
        return database.awaitAnswers(2_000);
    }

    @Override
    public void onSettled(final OutboxEntry entry) {
        entry.outcome().winners().forEach(winner -> System.out.println("somebody else's text stands: " + winner));
    }

    @Override
    public void onUndecided(final OutboxEntry entry) {
        if (entry.state() == EntryState.TOO_LATE) {
            // A note written offline a year ago: here it counts as if it were written now. Another application would
            // ask.
            database.restamp(entry.id());
        } else {
            System.out.println("refused: " + entry.text() + ", " + entry.changeSet());
        }
    }

    @Override
    public void close() {
        database.close();
    }

    public static void main(final String[] args) throws InterruptedException {
        try (OfflineExample device = new OfflineExample(Path.of(args[0]), args[1])) {
            device.write(args[2], args[3]);
            System.out.println(device.isSent() ? "sent" : "kept for later");
            device.notes().forEach((note, text) -> System.out.println(note + ": " + text));
        }
    }
}
