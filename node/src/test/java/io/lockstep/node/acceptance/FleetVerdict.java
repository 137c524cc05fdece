package io.lockstep.node.acceptance;

import io.lockstep.client.model.Change;
import io.lockstep.client.model.Delivery;
import io.lockstep.client.model.Migration;
import io.lockstep.client.model.Site;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * What one subscriber was told, held against the log: each sequence of its part once, in order, none missing, whatever was
 * skipped told exactly; and its rows against what the log makes of them. One thread.
 */
final class FleetVerdict {
    private static final int COMPARED_ONE_IN = 400;

    private final FleetPlan plan;
    private final FleetTally tally;
    private final List<Site> sites;
    private final boolean excludeOwn;
    private final ArrayDeque<Told> told = new ArrayDeque<>();
    private FleetRows rows = new FleetRows();
    private final List<FleetShape> shapes = new ArrayList<>();
    private FleetShape shape;
    private long at = -1;
    private long exactSequence;

    /** What it was told, in order. */
    private sealed interface Told {
        long sequence();
    }

    private record Delivered(Delivery delivery) implements Told {
        @Override
        public long sequence() {
            return delivery.sequence();
        }
    }

    private record Passed(long after, long sequence, long check, long skipped) implements Told {}

    private record Based(long sequence, long exactSequence, FleetRows rows, FleetShape shape) implements Told {}

    private record Reshaped(long sequence, FleetShape shape) implements Told {}

    FleetVerdict(final FleetPlan plan, final FleetTally tally, final List<Site> sites, final boolean excludeOwn) {
        this.plan = plan;
        this.tally = tally;
        this.sites = sites;
        this.excludeOwn = excludeOwn;
    }

    void delivered(final Delivery delivery) {
        told.add(new Delivered(delivery));
    }

    void passed(final long after, final long sequence, final long check, final long skipped) {
        told.add(new Passed(after, sequence, check, skipped));
    }

    /** It has rows as they were read, and goes on after a sequence; they are exact from another one on. */
    void based(final long sequence, final long newExactSequence, final FleetRows read, final FleetShape of) {
        told.add(new Based(sequence, newExactSequence, read, of));
    }

    /** Other filters hold after a sequence. */
    void reshaped(final long sequence, final FleetShape to) {
        told.add(new Reshaped(sequence, to));
    }

    /** As far as the log goes. */
    void check(final FleetTruth truth) {
        while (!told.isEmpty() && told.peek().sequence() <= truth.sequence()) {
            final Told each = told.poll();
            if (each instanceof Delivered delivered) {
                onDelivered(delivered.delivery(), truth);
            } else if (each instanceof Passed passed) {
                onPassed(passed, truth);
            } else if (each instanceof Based based) {
                onBased(based);
            } else if (each instanceof Reshaped reshaped) {
                onReshaped(reshaped);
            }
        }
        if (at == truth.sequence() && at >= exactSequence && plan.random().nextInt(COMPARED_ONE_IN) == 0) {
            compare(truth);
        }
    }

    private void onBased(final Based based) {
        at = based.sequence();
        exactSequence = based.exactSequence();
        rows = based.rows();
        shape = based.shape();
        shapes.clear();
        shapes.add(shape);
    }

    private void onReshaped(final Reshaped reshaped) {
        if (reshaped.sequence() != at) {
            throw failure("filters changed at sequence=" + reshaped.sequence());
        }
        shape = reshaped.shape();
        shapes.add(shape);
        rows.retain(shape::matches);
    }

    private void onPassed(final Passed passed, final FleetTruth truth) {
        if (passed.after() != at || passed.sequence() <= at || passed.skipped() != passed.sequence() - at) {
            throw failure("out of order: " + passed);
        }
        tally.add(FleetEvent.PROGRESS);
        tally.skipped(passed.sequence() - at);
        skip(passed.sequence(), truth);
        if (passed.check() != truth.at(at).check()) {
            throw failure("check of another record: " + passed + ", logged=" + truth.at(at));
        }
    }

    private void onDelivered(final Delivery delivery, final FleetTruth truth) {
        if (delivery.afterSequence() != at || delivery.sequence() <= at) {
            throw failure("out of order: " + delivery);
        }
        final long after = at;
        skip(delivery.sequence() - 1, truth);
        final Delivery whole = truth.at(delivery.sequence());
        final Delivery expected = expected(whole, after);
        if (!delivery.equals(expected)) {
            throw failure("delivered: " + delivery + ", expected=" + expected);
        }
        tally.delivered(delivery.sequence() - 1 - after);
        note(delivery, whole);
        rows.apply(delivery.clock(), delivery.changes());
        at = delivery.sequence();
    }

    private void note(final Delivery delivery, final Delivery whole) {
        if (delivery.changes().size() < whole.changes().size()) {
            tally.add(FleetEvent.PART_OF_A_SET);
        }
        if (delivery.own()) {
            tally.add(FleetEvent.OWN_MARKED);
        }
        if (!delivery.migrations().isEmpty()) {
            tally.add(FleetEvent.MIGRATION);
        }
        for (final Change change : delivery.changes()) {
            if (!change.survivors().isEmpty()) {
                tally.add(FleetEvent.SURVIVORS);
            }
        }
    }

    /** Null if nothing of it is for this subscriber. */
    private Delivery expected(final Delivery whole, final long after) {
        final boolean own = sites.contains(whole.clock().site());
        final List<Change> changes = shape.changes(whole);
        final List<Migration> migrations = shape.migrations(whole);
        if ((own && excludeOwn) || (changes.isEmpty() && migrations.isEmpty())) {
            return null;
        }
        return new Delivery(
                whole.sequence(),
                after,
                whole.check(),
                whole.epoch(),
                whole.stampedTimeMs(),
                whole.clock(),
                own,
                migrations,
                changes);
    }

    /** Nothing up to a sequence was delivered: nothing of it may be for this subscriber. */
    private void skip(final long to, final FleetTruth truth) {
        final long after = at;
        for (long sequence = after + 1; sequence <= to; sequence++) {
            final Delivery whole = truth.at(sequence);
            final Delivery missed = expected(whole, after);
            if (missed != null) {
                throw failure("missed: " + missed + ", passed up to " + to);
            }
            tally.add(FleetEvent.SKIPPED);
            if (excludeOwn && sites.contains(whole.clock().site())) {
                // Its own effects it knows by itself.
                tally.add(FleetEvent.OWN_LEFT_OUT);
                rows.apply(whole.clock(), shape.changes(whole));
            }
            at = sequence;
        }
    }

    /** Whether everything in the log has reached it. */
    boolean hasAll(final FleetTruth truth) {
        return told.isEmpty() && at == truth.sequence() && at >= exactSequence;
    }

    /** Whether all rows of its part are known, and not only those that its filters always matched. */
    boolean isWhole() {
        return shapes.size() == 1;
    }

    /** Its rows against those of the log, where its filters matched all the time. */
    void compare(final FleetTruth truth) {
        final Predicate<FleetRows.Row> counts = row -> shapes.stream().allMatch(each -> each.matches(row));
        final String difference = rows.difference(truth.rows(), counts);
        if (difference != null) {
            throw failure("another state: " + difference);
        }
        tally.add(FleetEvent.REPLICA_COMPARED);
    }

    @Override
    public String toString() {
        return "at=" + at + ", exactSequence=" + exactSequence + ", unchecked=" + told.size();
    }

    private AssertionError failure(final String what) {
        return plan.failure(
                "at=" + at + ", shape=" + shape + ", own=" + sites + ", excludeOwn=" + excludeOwn + ": " + what);
    }
}
