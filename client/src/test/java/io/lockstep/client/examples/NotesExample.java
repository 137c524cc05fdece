package io.lockstep.client.examples;

import io.lockstep.client.BlockingClient;
import io.lockstep.client.ClientContext;
import io.lockstep.client.DatabaseInfo;
import io.lockstep.client.DatabaseOptions;
import io.lockstep.client.DeliveryListener;
import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.model.Cursor;
import io.lockstep.client.model.Delivery;
import io.lockstep.client.model.HybridClock;
import io.lockstep.client.model.Key;
import io.lockstep.client.model.Site;
import io.lockstep.client.model.SubmitOutcome;
import io.lockstep.client.model.Value;
import io.lockstep.client.replica.LocalReplica;
import io.lockstep.codec.KeyForm;
import io.lockstep.codec.RowPolicy;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A device with notes: it writes at once, connected or not, and follows what others write.
 *
 * <p>The main method runs two devices that edit the same note against the node at HOST:PORT.
 */
public final class NotesExample implements AutoCloseable {
    private static final String DATABASE = "notes";
    private static final String SCHEMA = "main";
    private static final String TABLE = "note";
    private static final String COLUMN = "text";

    private final LocalReplica replica;
    private final BlockingClient client;

    /** Connects a device and starts to follow. */
    public NotesExample(final String address) {
        final Site site = Site.of(UUID.randomUUID());
        replica = new LocalReplica(DATABASE, HybridClock.system(site), RowPolicy.LAST_WRITER_WINS, KeyForm.TYPED);
        client = BlockingClient.connect(new ClientContext().addresses(address).sites(site));
        final DatabaseInfo info = client.openDatabase(DatabaseOptions.createIfMissing(DATABASE));
        if (info.sequence() > 0) {
            replica.reset(client.readState());
        }
        client.subscribe(replica.cursor(), new DeliveryListener() {
            @Override
            public void onDelivery(final Delivery delivery) {
                replica.apply(delivery);
                client.ackCursor(delivery.sequence());
            }

            @Override
            public void onSubscribed(final Cursor cursor, final long databaseSequence) {
                replica.cursor(cursor);
            }
        });
    }

    /** Writes a note: it shows at once, and is settled when the future completes. */
    public CompletableFuture<SubmitOutcome> write(final String note, final String text) {
        final ChangeSet set =
                replica.commit(changes -> changes.write(SCHEMA, TABLE, Key.ofText(note), COLUMN, Value.ofText(text)));
        return client.submit(set, true).whenComplete((outcome, error) -> {
            if (error == null) {
                replica.settle(set, outcome);
            }
        });
    }

    /** What a note says here and now. */
    public Optional<String> read(final String note) {
        return replica.value(SCHEMA, TABLE, Key.ofText(note), COLUMN).map(Value::asText);
    }

    /** Waits until everything up to a sequence was applied. */
    public void await(final long sequence) throws InterruptedException {
        while (replica.cursor().sequence() < sequence) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    @Override
    public void close() {
        client.close();
    }

    /** Two devices write the same note; both end with the same text. */
    public static void main(final String[] arguments)
            throws InterruptedException, ExecutionException, TimeoutException {
        try (NotesExample phone = new NotesExample(arguments[0]);
                NotesExample desk = new NotesExample(arguments[0])) {
            final CompletableFuture<SubmitOutcome> first = phone.write("shopping", "milk");
            final CompletableFuture<SubmitOutcome> second = desk.write("shopping", "milk and bread");
            final long sequence = Math.max(
                    first.get(10, TimeUnit.SECONDS).databaseSequence(),
                    second.get(10, TimeUnit.SECONDS).databaseSequence());
            phone.await(sequence);
            desk.await(sequence);
            System.out.println("phone: " + phone.read("shopping").orElse("-"));
            System.out.println("desk: " + desk.read("shopping").orElse("-"));
        }
    }
}
