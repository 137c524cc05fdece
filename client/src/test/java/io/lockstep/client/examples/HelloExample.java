package io.lockstep.client.examples;

import io.lockstep.client.BlockingClient;
import io.lockstep.client.ClientContext;
import io.lockstep.client.DatabaseOptions;
import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.model.Cursor;
import io.lockstep.client.model.Delivery;
import io.lockstep.client.model.Key;
import io.lockstep.client.model.Site;
import io.lockstep.client.model.Value;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** Writes one cell and waits until the node delivers the first change of the database. */
public final class HelloExample {
    private HelloExample() {}

    public static void main(final String[] args) {
        final String address = args.length > 0 ? args[0] : "127.0.0.1:7440";
        final Site site = Site.of(UUID.randomUUID());
        final CompletableFuture<Delivery> first = new CompletableFuture<>();
        try (BlockingClient client =
                BlockingClient.connect(new ClientContext().addresses(address).sites(site))) {
            client.openDatabase(DatabaseOptions.createIfMissing("notes"));
            client.subscribe(Cursor.start("notes"), first::complete);
            client.submitAndWait(ChangeSet.builder(site, System.currentTimeMillis(), 0)
                    .write("main", "notes", Key.ofInteger(1), "text", Value.ofText("hello"))
                    .build());
            System.out.println(first.join());
        }
    }
}
