package io.lockstep.node.demo;

import io.lockstep.client.BlockingClient;
import io.lockstep.client.ClientContext;
import io.lockstep.client.DatabaseOptions;
import io.lockstep.client.model.ChangeOutcome;
import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.model.Site;
import io.lockstep.client.model.SubmitOutcome;
import io.lockstep.codec.SubmitStatus;
import io.lockstep.node.demo.DemoPlan.PlannedSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends every set of a plan through concurrent sessions, each site's sets in disturbed order, at a fixed rate: a set is
 * due at its time whether or not those before it were answered, so that waiting counts as latency.
 */
final class DemoLoad {
    /** Sessions that send at the same time. */
    static final int SESSIONS = 8;

    private static final int IN_FLIGHT_MAX = 256;
    private static final long CONNECT_WAIT_MS = 15_000;
    private static final long UNANSWERED = -1;

    private final DemoPlan plan;
    private final String address;
    private final String database;
    private final long intervalNs;
    private final long[] dueNs;
    private final AtomicLongArray answeredNs;
    private final AtomicLongArray sequences;
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger submitted = new AtomicInteger();
    private final AtomicLong changes = new AtomicLong();
    private final Map<ChangeOutcome, AtomicLong> outcomes = new EnumMap<>(ChangeOutcome.class);
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicReference<String> failure = new AtomicReference<>();
    private final CountDownLatch done;

    DemoLoad(final DemoPlan plan, final String address, final String database, final long durationNs) {
        this.plan = plan;
        this.address = address;
        this.database = database;
        final int count = plan.sets().size();
        intervalNs = Math.max(1, durationNs * SESSIONS / count);
        dueNs = new long[count];
        answeredNs = new AtomicLongArray(count);
        sequences = new AtomicLongArray(count);
        for (int i = 0; i < count; i++) {
            sequences.set(i, UNANSWERED);
        }
        for (final ChangeOutcome outcome : ChangeOutcome.values()) {
            outcomes.put(outcome, new AtomicLong());
        }
        done = new CountDownLatch(SESSIONS);
    }

    /**
     * Starts to send.
     *
     * @param seed of the disturbance
     */
    void start(final long seed) {
        final List<List<Integer>> shares = new ArrayList<>();
        for (int i = 0; i < SESSIONS; i++) {
            shares.add(new ArrayList<>());
        }
        for (int i = 0; i < plan.sets().size(); i++) {
            shares.get(plan.sets().get(i).site() % SESSIONS).add(i);
        }
        final long startNs = System.nanoTime();
        for (int i = 0; i < SESSIONS; i++) {
            final List<Integer> share = shares.get(i);
            Collections.shuffle(share, new Random(seed + i));
            final Thread thread = new Thread(() -> send(share, startNs), "demo-session-" + i);
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void send(final List<Integer> share, final long startNs) {
        // The sites of a session are its own: their effects would be marked, and its cursor has no gap.
        final List<Site> sites = share.stream()
                .map(index -> plan.site(plan.sets().get(index).site()))
                .distinct()
                .toList();
        final ClientContext context = new ClientContext()
                .addresses(address)
                .clientName("lockstep-demo load")
                .sites(sites)
                .inFlightMax(IN_FLIGHT_MAX)
                .suspectLosses(0)
                .backoffMs(50, 250);
        try (BlockingClient client = BlockingClient.connect(context, CONNECT_WAIT_MS)) {
            client.openDatabase(DatabaseOptions.createIfMissing(database));
            for (int i = 0; i < share.size() && failure.get() == null; i++) {
                final long due = startNs + (long) (i * intervalOf(share.size()));
                for (long waitNs = due - System.nanoTime(); waitNs > 0; waitNs = due - System.nanoTime()) {
                    LockSupport.parkNanos(waitNs);
                }
                submit(client, share.get(i), due);
            }
            awaitAnswers(share);
        } catch (final RuntimeException e) {
            fail("a session ended: " + e);
        } finally {
            done.countDown();
        }
    }

    /** Shares differ in size, yet all end together. */
    private double intervalOf(final int shareSize) {
        return (double) intervalNs * plan.sets().size() / SESSIONS / Math.max(1, shareSize);
    }

    private void submit(final BlockingClient client, final int index, final long due) {
        final PlannedSet planned = plan.sets().get(index);
        final ChangeSet set = plan.changeSet(planned);
        dueNs[index] = due;
        changes.addAndGet(set.changes().size());
        submitted.incrementAndGet();
        final var unused = client.submit(set).whenComplete((outcome, error) -> {
            if (error != null) {
                fail("not answered: " + set + ": " + error.getMessage());
            } else {
                onAnswer(index, set, outcome);
            }
        });
    }

    private void onAnswer(final int index, final ChangeSet set, final SubmitOutcome outcome) {
        if (!outcome.isSettled()) {
            fail("refused: " + set + ": " + outcome.status());
            return;
        }
        for (final ChangeOutcome each : outcome.outcomes()) {
            outcomes.get(each).incrementAndGet();
        }
        if (outcome.status() == SubmitStatus.ACCEPTED) {
            accepted.incrementAndGet();
        }
        answeredNs.set(index, System.nanoTime());
        sequences.set(index, outcome.sequence());
        answered.incrementAndGet();
    }

    private void awaitAnswers(final List<Integer> share) {
        for (final int index : share) {
            while (sequences.get(index) == UNANSWERED && failure.get() == null) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            }
        }
    }

    private void fail(final String reason) {
        failure.compareAndSet(null, reason);
    }

    boolean isDone() {
        return done.getCount() == 0;
    }

    /**
     * What went wrong.
     *
     * @return null if nothing
     */
    String failure() {
        return failure.get();
    }

    int answered() {
        return answered.get();
    }

    int inFlight() {
        return submitted.get() - answered.get();
    }

    long accepted() {
        return accepted.get();
    }

    long changes() {
        return changes.get();
    }

    long outcomes(final ChangeOutcome outcome) {
        return outcomes.get(outcome).get();
    }

    /**
     * The sequence that a set was acknowledged with.
     *
     * @param index of the set in the plan
     * @return 0 for no-effect, -1 if it was not answered
     */
    long sequence(final int index) {
        return sequences.get(index);
    }

    /**
     * What the load was to be.
     *
     * @return change sets a second
     */
    double pacedSetsPerSecond() {
        return (double) TimeUnit.SECONDS.toNanos(SESSIONS) / intervalNs;
    }

    long dueNs(final int index) {
        return dueNs[index];
    }

    long answeredNs(final int index) {
        return answeredNs.get(index);
    }
}
