package io.lockstep.gateway.session;

import io.lockstep.codec.frame.FrameDescriptor;
import io.lockstep.engine.bootstrap.PageOrder;
import io.lockstep.engine.bootstrap.SnapshotPager;
import io.lockstep.engine.port.BeyondRetentionException;
import io.lockstep.engine.port.JournalReader;
import io.lockstep.engine.port.OpenSnapshot;
import io.lockstep.engine.port.SnapshotLibrary;
import io.lockstep.engine.record.RecordView;
import io.lockstep.engine.snapshot.SnapshotException;
import io.lockstep.gateway.session.BootstrapTicket.Result;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.agrona.DirectBuffer;
import org.agrona.collections.LongHashSet;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Reads pages out of snapshots for clients that are new. Tickets come in turn, a page each. Arbitration has no part in it.
 * Shares a thread with the reader of the journal, and its budget.
 */
public final class BootstrapAgent implements Agent {
    private static final long RELEASE_NS = TimeUnit.SECONDS.toNanos(10);

    private final BootstrapQueues queues;
    private final SnapshotLibrary library;
    private final Supplier<JournalReader> readers;
    private final LongSupplier committedPosition;
    private final Runnable wakeup;
    private final GatewayLog log;
    private final CatchUpPace pace;
    private final NanoClock clock;
    private final CheckpointSeal seal;
    private final SnapshotPager pager;
    private final LongHashSet damaged = new LongHashSet();
    private final RecordView view = new RecordView();

    private JournalReader journal;
    private UnsafeBuffer spare;
    private long usedNs;
    private boolean inUse;
    private long check;
    private long checkOfSnapshot = -1;
    private int checkOfDatabase;

    /**
     * What it works with.
     *
     * @param queues to the thread of the transports
     * @param library of snapshots; closed with the agent
     * @param readers opens a reader of the journal
     * @param committedPosition no record above it is read
     * @param wakeup wakes the thread of the transports
     * @param log where to tell that a snapshot is damaged
     */
    public record Parts(
            BootstrapQueues queues,
            SnapshotLibrary library,
            Supplier<JournalReader> readers,
            LongSupplier committedPosition,
            Runnable wakeup,
            GatewayLog log) {}

    /**
     * An agent.
     *
     * @param parts what it works with
     * @param key that signs checkpoints
     * @param identity of the node
     * @param frameBytesMax no page is longer, framing header included
     * @param pace says when the next page may be read
     * @param clock monotonic
     */
    public BootstrapAgent(
            final Parts parts,
            final byte[] key,
            final NodeIdentity identity,
            final int frameBytesMax,
            final CatchUpPace pace,
            final NanoClock clock) {
        queues = parts.queues();
        library = parts.library();
        readers = parts.readers();
        committedPosition = parts.committedPosition();
        wakeup = parts.wakeup();
        log = parts.log();
        this.pace = pace;
        this.clock = clock;
        seal = new CheckpointSeal(key, identity);
        pager = new SnapshotPager(pageBytesMax(frameBytesMax), seal);
    }

    /**
     * The longest page that fits a frame.
     *
     * @param frameBytesMax framing header included
     * @return bytes
     */
    public static int pageBytesMax(final int frameBytesMax) {
        return frameBytesMax - FrameDescriptor.HEADER_LENGTH;
    }

    @Override
    public int doWork() {
        if (spare == null) {
            spare = queues.takeChunk();
        }
        if (spare == null || pace.isHeldUp(committedPosition.getAsLong())) {
            return 0;
        }
        final BootstrapTicket ticket = queues.pollRequest();
        if (ticket == null) {
            releaseWhenIdle();
            return 0;
        }
        inUse = true;
        usedNs = clock.nanoTime();
        try {
            serve(ticket);
        } finally {
            queues.answer(ticket);
            wakeup.run();
        }
        return 1;
    }

    private void releaseWhenIdle() {
        if (inUse && clock.nanoTime() - usedNs >= RELEASE_NS) {
            inUse = false;
            pager.release();
            library.release();
        }
    }

    private void serve(final BootstrapTicket ticket) {
        long position = -1;
        ticket.refused(Result.CHECKPOINT_REFUSED, "the node failed; see its log");
        try {
            seal.bind(ticket.holder(), ticket.filters());
            final OpenSnapshot snapshot = ticket.isStanding() ? at(ticket) : begin(ticket);
            if (snapshot != null) {
                position = snapshot.position();
                page(ticket, snapshot);
            }
        } catch (final SnapshotException | IndexOutOfBoundsException e) {
            // What is kept for starts is not for this one to judge: only clients get no more of it.
            if (position >= 0) {
                damaged.add(position);
            }
            library.release();
            pager.release();
            log.event("snapshot", "a snapshot cannot be read for a client: " + e);
            ticket.refused(Result.CHECKPOINT_REFUSED, "the snapshot cannot be read; see the node's log");
        }
    }

    /** Null when the ticket has its answer. */
    private OpenSnapshot begin(final BootstrapTicket ticket) {
        if (ticket.checkpoint().length > 0) {
            if (!seal.read(ticket.checkpoint(), ticket.databaseId(), ticket.place())) {
                ticket.refused(
                        Result.CHECKPOINT_REFUSED, "the checkpoint is not of this node, site, database and filters");
                return null;
            }
            ticket.stand();
            return at(ticket);
        }
        final OpenSnapshot newest = library.newest();
        if (newest == null || damaged.contains(newest.position()) || newest.firstBlock(ticket.databaseId()) < 0) {
            ticket.refused(Result.NO_SNAPSHOT, "no snapshot holds the database yet");
            return null;
        }
        ticket.place().set(newest.position(), ticket.databaseId(), newest.firstBlock(ticket.databaseId()), 0, 0);
        ticket.stand();
        return newest;
    }

    private OpenSnapshot at(final BootstrapTicket ticket) {
        final long position = ticket.place().snapshot();
        final OpenSnapshot snapshot = damaged.contains(position) ? null : library.at(position);
        if (snapshot == null) {
            ticket.refused(Result.CHECKPOINT_REFUSED, "the snapshot is gone: position=" + position);
        }
        return snapshot;
    }

    private void page(final BootstrapTicket ticket, final OpenSnapshot snapshot) {
        final PageOrder order = new PageOrder(
                ticket.requestId(),
                ticket.pageBytesMax(),
                check(snapshot, ticket.databaseId()),
                ticket.filters(),
                ticket.takesParts());
        final int length = pager.page(snapshot, ticket.place(), order, spare, 0);
        pace.read(length);
        if (length == 0) {
            ticket.tooLarge(pager.tooLargeBytes());
            return;
        }
        ticket.page(spare, length, pager.isLast());
        spare = null;
    }

    /** The check of the sequence that a client goes on from; the same for all pages of a database. */
    private long check(final OpenSnapshot snapshot, final int databaseId) {
        if (checkOfSnapshot != snapshot.position() || checkOfDatabase != databaseId) {
            check = check(databaseId, pager.sequence(snapshot, databaseId));
            checkOfSnapshot = snapshot.position();
            checkOfDatabase = databaseId;
        }
        return check;
    }

    private long check(final int databaseId, final long sequence) {
        if (sequence == 0) {
            return 0;
        }
        if (journal == null) {
            journal = readers.get();
        }
        check = 0;
        try {
            if (!journal.seekSequence(databaseId, sequence)
                    || journal.poll(this::onRecord, committedPosition.getAsLong(), 1) == 0) {
                check = journal.retainedCheck(databaseId, sequence);
            }
        } catch (final BeyondRetentionException e) {
            check = journal.retainedCheck(databaseId, sequence);
        }
        return check;
    }

    private boolean onRecord(final DirectBuffer buffer, final int offset, final int length) {
        check = view.wrap(buffer, offset, length).hash();
        return true;
    }

    @Override
    public String roleName() {
        return "bootstrap";
    }

    @Override
    public void onClose() {
        if (journal != null) {
            journal.close();
        }
        library.close();
    }
}
