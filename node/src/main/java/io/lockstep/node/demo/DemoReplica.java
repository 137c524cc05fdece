package io.lockstep.node.demo;

import io.lockstep.client.BlockingClient;
import io.lockstep.client.ClientContext;
import io.lockstep.client.ClientException;
import io.lockstep.client.DatabaseOptions;
import io.lockstep.client.DeliveryListener;
import io.lockstep.client.model.Cursor;
import io.lockstep.client.model.Delivery;
import io.lockstep.client.model.Hlc;
import io.lockstep.client.replica.Replica;
import io.lockstep.codec.ResetReason;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * A subscribed replica that applies deliveries blindly. Deliveries come on the client's dispatching thread; everything
 * else is called by the thread of the demo, which reads the replica only after {@link #close()}.
 */
final class DemoReplica implements DeliveryListener, AutoCloseable {
    private static final long CONNECT_WAIT_MS = 15_000;

    private final String name;
    private final String address;
    private final int creditBytes;
    private final Replica replica;
    private final Map<Long, Hlc> clocks = new HashMap<>();
    private BlockingClient client;
    private volatile long delayNs;
    private volatile long sequence;
    private volatile String failure;

    /**
     * A replica that is not connected yet.
     *
     * @param name for the report
     * @param address of the node
     * @param database to follow
     * @param creditBytes of deliveries that may be under way
     * @param delayNs spent on each delivery, to be slow
     */
    DemoReplica(
            final String name, final String address, final String database, final int creditBytes, final long delayNs) {
        this.name = name;
        this.address = address;
        this.creditBytes = creditBytes;
        this.delayNs = delayNs;
        replica = new Replica(database);
    }

    /** Connects, and follows from where it stands. */
    void goOnline() {
        final ClientContext context = new ClientContext()
                .addresses(address)
                .clientName("lockstep-demo " + name)
                .creditBytes(creditBytes)
                .backoffMs(50, 250);
        client = BlockingClient.connect(context, CONNECT_WAIT_MS);
        client.openDatabase(DatabaseOptions.createIfMissing(replica.database()));
        client.subscribe(replica.cursor(), this);
    }

    /** Leaves; what it has it keeps. */
    void goOffline() {
        if (client != null) {
            client.unsubscribe();
            client.close();
            client = null;
        }
    }

    /** Is slow no longer. */
    void hurry() {
        delayNs = 0;
    }

    @Override
    public void onDelivery(final Delivery delivery) {
        if (failure != null) {
            return;
        }
        try {
            replica.apply(delivery);
            final Hlc before = clocks.put(delivery.sequence(), delivery.clock());
            if (before != null) {
                failure = "sequence " + delivery.sequence() + " came twice";
            }
            sequence = delivery.sequence();
        } catch (final RuntimeException e) {
            failure = e.toString();
        }
        if (delayNs > 0) {
            LockSupport.parkNanos(delayNs);
        }
    }

    @Override
    public void onSubscribed(final Cursor cursor, final long databaseSequence) {
        if (replica.cursor().incarnation() == null && replica.cursor().sequence() == 0) {
            replica.cursor(new Cursor(replica.database(), cursor.incarnation(), 0, 0));
        }
    }

    @Override
    public void onResetRequired(final ResetReason reason, final String text) {
        failure = "the node cannot serve the cursor: " + reason + ": " + text;
    }

    @Override
    public void onFailed(final ClientException cause) {
        failure = "the subscription ended: " + cause.getMessage();
    }

    String name() {
        return name;
    }

    /**
     * How far it has come.
     *
     * @return the last sequence applied
     */
    long sequence() {
        return sequence;
    }

    /**
     * What went wrong.
     *
     * @return null if nothing
     */
    String failure() {
        return failure;
    }

    Replica replica() {
        return replica;
    }

    /**
     * Which set each sequence was.
     *
     * @return clock of the set by sequence
     */
    Map<Long, Hlc> clocks() {
        return clocks;
    }

    @Override
    public void close() {
        if (client != null) {
            client.close();
            client = null;
        }
    }
}
