package io.lockstep.node.client;

import io.lockstep.client.ClientContext;
import io.lockstep.client.DatabaseOptions;
import io.lockstep.client.model.Cell;
import io.lockstep.client.model.Delivery;
import io.lockstep.client.model.Key;
import io.lockstep.client.model.Value;
import io.lockstep.client.offline.OfflineContext;
import io.lockstep.client.offline.OfflineDatabase;
import io.lockstep.client.offline.OfflineListener;
import io.lockstep.client.offline.OutboxEntry;
import io.lockstep.client.offline.ResetCause;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * A device in a process of its own, made to be killed. Each line of its output is in the file when the call returns:
 *
 * <pre>
 *   open SEQUENCE      the cursor that it found
 *   wrote KEY          a write returned
 *   applied SEQUENCE   effects show
 *   settled ID, undecided ID, reset CAUSE
 *   cell TEXT          at the end, each cell that the node settled
 *   end SEQUENCE       all cells were told
 * </pre>
 */
public final class OfflineDevice implements OfflineListener {
    static final String DATABASE = "device";
    private static final int CONTESTED = 7;
    private static final long LOG_BYTES_MIN = 30_000;

    private final FileOutputStream out;

    private OfflineDevice(final FileOutputStream out) {
        this.out = out;
    }

    /**
     * Runs it.
     *
     * @param args folder, address, file for the output, number of the run, synced or written, and how many it writes: -1
     *     without end, otherwise it waits for the node afterwards and ends
     * @throws Exception if it cannot
     */
    public static void main(final String[] args) throws Exception {
        final int run = Integer.parseInt(args[3]);
        final int writesMax = Integer.parseInt(args[5]);
        try (FileOutputStream out = new FileOutputStream(args[2], true)) {
            final OfflineDevice device = new OfflineDevice(out);
            final OfflineContext context = new OfflineContext()
                    .folder(Path.of(args[0]))
                    .database(DatabaseOptions.createIfMissing(DATABASE))
                    .client(new ClientContext()
                            .addresses(args[1])
                            .suspectLosses(0)
                            .backoffMs(5, 100))
                    .synced("synced".equals(args[4]))
                    .syncIntervalMs(20)
                    .retryMs(100)
                    .logBytesMin(LOG_BYTES_MIN)
                    .listener(device);
            try (OfflineDatabase database = OfflineDatabase.open(context)) {
                device.write(database, run, writesMax);
                device.finish(database, Long.parseLong(args[6]));
            }
        }
    }

    private void write(final OfflineDatabase database, final int run, final int writesMax) {
        say("open " + database.cursor().sequence());
        final Random random = new Random(run);
        for (int i = 0; i != writesMax; i++) {
            final String key = run + "-" + i;
            final int contested = random.nextInt(CONTESTED);
            database.write(changes -> changes.write("main", "own", Key.ofText(key), "v", Value.ofText(key))
                    .write("main", "shared", Key.ofInteger(contested), "v", Value.ofText(key)));
            say("wrote " + key);
            if (random.nextInt(20) == 0) {
                LockSupport.parkNanos(random.nextInt(20_000_000));
            }
        }
    }

    private void finish(final OfflineDatabase database, final long sequence) throws InterruptedException {
        if (!database.awaitAnswers(60_000)
                || !database.awaitSequence(Math.max(sequence, database.status().nodeSequence()), 60_000)) {
            throw new IllegalStateException("it did not catch up: " + database.status());
        }
        for (final Cell cell : database.settledCells()) {
            say("cell " + cell);
        }
        say("end " + database.cursor().sequence());
    }

    private synchronized void say(final String line) {
        try {
            out.write((line + '\n').getBytes(StandardCharsets.UTF_8));
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void onApplied(final Delivery delivery) {
        say("applied " + delivery.sequence());
    }

    @Override
    public void onSettled(final OutboxEntry entry) {
        say("settled " + entry.id());
    }

    @Override
    public void onUndecided(final OutboxEntry entry) {
        say("undecided " + entry.id() + ' ' + entry.code() + ' ' + entry.text());
    }

    @Override
    public void onReset(final ResetCause cause, final String text) {
        say("reset " + cause);
    }
}
