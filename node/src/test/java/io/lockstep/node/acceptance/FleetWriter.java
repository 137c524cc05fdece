package io.lockstep.node.acceptance;

import io.lockstep.client.ClientContext;
import io.lockstep.client.ClientListener;
import io.lockstep.client.DatabaseInfo;
import io.lockstep.client.LockstepClient;
import io.lockstep.client.model.Change;
import io.lockstep.client.model.ChangeOutcome;
import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.model.Delivery;
import io.lockstep.client.model.Hlc;
import io.lockstep.client.model.Key;
import io.lockstep.client.model.Site;
import io.lockstep.client.model.SubmitOutcome;
import io.lockstep.client.model.Value;
import io.lockstep.codec.PruneResultDecoder;
import io.lockstep.codec.SubmitResultDecoder;
import io.lockstep.codec.SubmitStatus;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One site that writes, and holds what it was answered against the log. */
final class FleetWriter implements ClientListener {
    private static final int IN_FLIGHT_MAX = 32;

    private final FleetPlan plan;
    private final FleetTally tally;
    private final Site site;
    private LockstepClient client;
    private final Map<Long, ChangeSet> unanswered = new HashMap<>();
    private final ArrayDeque<Answer> unchecked = new ArrayDeque<>();
    /** Every set that was submitted, by its clock; true once it was answered. */
    private final Map<Hlc, Boolean> submitted = new HashMap<>();

    private ChangeSet again;
    private long accepted;
    private int number;
    private boolean open;

    private record Answer(ChangeSet set, SubmitOutcome outcome) {}

    FleetWriter(final FleetPlan plan, final FleetTally tally, final ClientContext context, final int writer) {
        this.plan = plan;
        this.tally = tally;
        site = plan.site(writer);
        come(context);
    }

    /** Comes, or comes back. */
    void come(final ClientContext context) {
        open = false;
        client = new LockstepClient(context.sites(site).conclude(), this);
        client.openDatabase(plan.options());
    }

    @Override
    public void onDatabaseOpened(final long requestId, final DatabaseInfo info) {
        open = true;
    }

    @Override
    public void onResult(final long requestId, final SubmitResultDecoder result) {
        final ChangeSet set = unanswered.remove(requestId);
        final SubmitOutcome outcome = SubmitOutcome.decode(result);
        if (!outcome.isSettled()) {
            throw plan.failure("not settled: " + set + ", " + outcome);
        }
        submitted.put(identity(set), true);
        unchecked.add(new Answer(set, outcome));
        accepted = Math.max(accepted, outcome.databaseSequence());
    }

    @Override
    public void onPruned(final long requestId, final PruneResultDecoder result) {
        tally.add(FleetEvent.PRUNED, Math.min(1, result.pruned()));
    }

    @Override
    public void onError(
            final long requestId,
            final int code,
            final long retryAfterMs,
            final long limitValue,
            final long actualValue,
            final String text) {
        plan.checkError(requestId, code, text);
    }

    @Override
    public void onDisconnected(final String reason) {
        plan.checkLoss(reason);
    }

    int poll() {
        return client.poll();
    }

    /** Submits a set, new or again, unless enough is unanswered. */
    void submit(final long sequence) {
        if (!open || unanswered.size() >= IN_FLIGHT_MAX) {
            return;
        }
        final boolean resent = again != null && plan.random().nextInt(40) == 0;
        final ChangeSet set = resent ? again : plan.changeSet(site, number, sequence);
        final long id = client.submit(set);
        if (id >= 0) {
            number += resent ? 0 : 1;
            again = set;
            unanswered.put(id, set);
            submitted.putIfAbsent(identity(set), false);
        }
    }

    void prune() {
        client.prune(0);
    }

    boolean isIdle() {
        return unanswered.isEmpty();
    }

    /** The last sequence that an answer knew of. */
    long accepted() {
        return accepted;
    }

    /** What was answered, as far as the log goes. */
    void check(final FleetTruth truth) {
        while (!unchecked.isEmpty() && unchecked.peek().outcome().databaseSequence() <= truth.sequence()) {
            final Answer answer = unchecked.poll();
            if (answer.outcome().status() == SubmitStatus.ACCEPTED) {
                check(answer, truth.at(answer.outcome().sequence()));
            } else {
                tally.add(FleetEvent.RESENT_WITHOUT_EFFECT);
            }
        }
    }

    private void check(final Answer answer, final Delivery logged) {
        final List<String> expected = new ArrayList<>();
        final List<Change> changes = answer.set().changes();
        for (int i = 0; i < changes.size(); i++) {
            if (answer.outcome().outcomes().get(i) == ChangeOutcome.APPLIED) {
                expected.add(essence(changes.get(i)));
            }
        }
        final List<String> actual = new ArrayList<>();
        for (final Change change : logged.changes()) {
            actual.add(essence(change));
        }
        if (!logged.clock().equals(identity(answer.set())) || !expected.equals(actual)) {
            throw plan.failure("acknowledged and not in the log: " + answer + ", logged=" + logged);
        }
    }

    private String essence(final Change change) {
        Key key = change.key();
        if (plan.keysFolded()) {
            final List<Value> parts = new ArrayList<>();
            key.parts().forEach(part -> parts.add(FleetShape.fold(part)));
            key = Key.of(parts);
        }
        return change.opSeq() + " " + change.op() + " " + change.schema() + "." + change.table() + " " + key + " "
                + change.column() + "=" + change.value();
    }

    /** At the end: what this site has in the log was submitted by it, once, and whatever was submitted was answered. */
    void checkAll(final FleetTruth truth) {
        final Map<Hlc, Long> seen = new HashMap<>();
        for (long sequence = 1; sequence <= truth.sequence(); sequence++) {
            final Hlc clock = truth.at(sequence).clock();
            if (clock.site().equals(site)) {
                final Long before = seen.put(clock, sequence);
                if (before != null && !submitted.containsKey(clock)) {
                    throw plan.failure("in the log twice: sequences=" + before + ", " + sequence);
                }
                if (!submitted.containsKey(clock)) {
                    throw plan.failure("in the log and never submitted: sequence=" + sequence + ", clock=" + clock);
                }
            }
        }
        if (submitted.containsValue(false) || !unchecked.isEmpty()) {
            throw plan.failure("never answered: site=" + site);
        }
    }

    private static Hlc identity(final ChangeSet set) {
        return new Hlc(set.wall(), set.counter(), set.site(), 0);
    }

    /** Goes; it may come back. */
    void close() {
        client.close();
    }
}
