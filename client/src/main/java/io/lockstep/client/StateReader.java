package io.lockstep.client;

import io.lockstep.client.model.CellParts;
import io.lockstep.client.model.Checkpoint;
import io.lockstep.client.model.Cursor;
import io.lockstep.client.model.Delivery;
import io.lockstep.client.model.Progress;
import io.lockstep.client.model.Site;
import io.lockstep.client.model.StatePage;
import io.lockstep.client.replica.Replica;
import io.lockstep.codec.ResetReason;
import io.lockstep.codec.hash.Digest128;
import java.util.concurrent.CompletableFuture;

/**
 * Reads the state at exactly one sequence: pages, each as of a sequence of its own, and over them the deliveries after
 * the first page's sequence up to the last page's. Deliveries are asked for from one sequence earlier, so that the check
 * of the last sequence is known and the cursor can be verified.
 */
final class StateReader {
    private final String database;
    private final Site incarnation;
    private final boolean whole;

    /** The whole of it, or what the source's filters match: of a part there is no digest. */
    StateReader(final String database, final Site incarnation, final boolean whole) {
        this.database = database;
        this.whole = whole;
        this.incarnation = incarnation;
    }

    /** What it needs of a client. */
    interface Source {
        /** A page that starts at a row, perhaps within a value of it. */
        StatePage page(long row, Checkpoint within);

        /** Starts a subscription. */
        void subscribe(Cursor cursor, DeliveryListener listener);

        /** Ends it. */
        void unsubscribe();

        /** Waits for a future. */
        void awaitDone(CompletableFuture<?> future);
    }

    Replica read(final Source source) {
        final Replica replica = new Replica(database);
        final CellParts parts = new CellParts();
        StatePage page = source.page(0, Checkpoint.START);
        final long firstSequence = page.sequence();
        load(replica, page, parts);
        while (!page.last()) {
            page = source.page(page.nextRow(), page.within());
            load(replica, page, parts);
        }
        finish(
                replica,
                source,
                Cursor.after(database, firstSequence),
                page.sequence(),
                page.digestHigh(),
                page.digestLow());
        return replica;
    }

    /** Applies what came while pages were read, from the first one's cursor on, and checks what comes out. */
    void finish(
            final Replica replica,
            final Source source,
            final Cursor first,
            final long lastSequence,
            final long digestHigh,
            final long digestLow) {
        replica.cursor(new Cursor(database, incarnation, lastSequence, 0));
        if (lastSequence > 0) {
            follow(replica, source, first, lastSequence);
        }
        if (!whole) {
            return;
        }
        final Digest128 digest = replica.digest(incarnation);
        if (!digest.matches(digestHigh, digestLow)) {
            final Digest128 expected = new Digest128();
            expected.set(digestHigh, digestLow);
            throw new ClientException(
                    ErrorCodes.DIGEST_DIFFERS,
                    "state differs from its digest: sequence=" + lastSequence + ", digest=" + digest + ", expected="
                            + expected);
        }
    }

    private static void load(final Replica replica, final StatePage page, final CellParts parts) {
        replica.load(page);
        parts.addAll(page.parts()).forEach(replica::load);
    }

    private void follow(final Replica replica, final Source source, final Cursor first, final long lastSequence) {
        final long firstSequence = first.sequence();
        final boolean verified = first.incarnation() != null;
        // With a check there is nothing to learn of the first one, unless it is the last as well.
        final Cursor early = verified ? first : Cursor.after(database, Math.max(0, firstSequence - 1));
        if (verified && firstSequence == lastSequence) {
            replica.cursor(first);
            return;
        }
        Collector collector = new Collector(replica, firstSequence, lastSequence, whole);
        source.subscribe(early, collector);
        source.awaitDone(collector.done);
        if (collector.beyondRetention && firstSequence < lastSequence && !verified) {
            collector = new Collector(replica, firstSequence, lastSequence, whole);
            source.subscribe(first, collector);
            source.awaitDone(collector.done);
        }
        if (collector.beyondRetention) {
            if (firstSequence < lastSequence) {
                throw new ClientException(
                        ErrorCodes.RESET_REQUIRED, "history went while the state was read: sequence=" + firstSequence);
            }
            return;
        }
        source.unsubscribe();
        replica.cursor(new Cursor(database, incarnation, collector.reachedSequence, collector.reachedCheck));
    }

    /**
     * Applies deliveries up to a sequence: with filters nothing of it may match, and then up to the first one that says that
     * it was passed. The replica belongs to who waits, until then to the thread that delivers.
     */
    private static final class Collector implements DeliveryListener {
        private final Replica replica;
        private final long firstSequence;
        private final long lastSequence;
        private final boolean whole;
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private volatile boolean beyondRetention;
        private volatile long reachedSequence;
        private volatile long reachedCheck;

        Collector(final Replica replica, final long firstSequence, final long lastSequence, final boolean whole) {
            this.replica = replica;
            this.firstSequence = firstSequence;
            this.lastSequence = lastSequence;
            this.whole = whole;
        }

        @Override
        public void onDelivery(final Delivery delivery) {
            if (!done.isDone() && (!whole || delivery.sequence() <= lastSequence)) {
                if (delivery.sequence() > firstSequence) {
                    replica.applyEffects(delivery);
                }
                reached(delivery.sequence(), delivery.check());
            }
        }

        @Override
        public void onProgress(final Progress progress) {
            if (!done.isDone()) {
                reached(progress.sequence(), progress.check());
            }
        }

        private void reached(final long sequence, final long check) {
            reachedSequence = sequence;
            reachedCheck = check;
            if (sequence >= lastSequence) {
                done.complete(null);
            }
        }

        @Override
        public void onResetRequired(final ResetReason reason, final String text) {
            if (reason == ResetReason.BEYOND_RETENTION) {
                beyondRetention = true;
                done.complete(null);
            } else {
                done.completeExceptionally(new ClientException(ErrorCodes.RESET_REQUIRED, text));
            }
        }

        @Override
        public void onFailed(final ClientException cause) {
            done.completeExceptionally(cause);
        }
    }
}
