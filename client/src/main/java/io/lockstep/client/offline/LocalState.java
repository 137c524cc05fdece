package io.lockstep.client.offline;

import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.model.Cursor;
import io.lockstep.client.model.Delivery;
import io.lockstep.client.model.HybridClock;
import io.lockstep.client.model.Progress;
import io.lockstep.client.model.Site;
import io.lockstep.client.model.StatePage;
import io.lockstep.client.model.SubmitOutcome;
import io.lockstep.client.model.TableFilter;
import io.lockstep.client.replica.OptimisticView;
import io.lockstep.client.replica.Replica;
import io.lockstep.client.store.RecordSink;
import java.util.List;
import java.util.function.Function;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What the records of the local file add up to: each change of it has a record, and a record does the same here whether it
 * was just written or is read again. In memory; guarded by the lock of {@link LocalDatabase}.
 */
final class LocalState {
    private final Outbox outbox = new Outbox();
    private final String database;
    private final HybridClock clock;
    private Settings settings;
    private List<TableFilter> filters;
    private OptimisticView view;

    LocalState(final FileHeader header, final Function<Site, HybridClock> clocks) {
        database = header.database();
        clock = clocks.apply(header.site());
        clock.resume(header.wall(), header.counter());
        outbox.nextId(header.nextId());
        settings = header.settings();
        filters = header.filters();
        final Replica replica = new Replica(database);
        replica.cursor(header.cursor());
        view = new OptimisticView(replica, settings.rowPolicy(), settings.keyForm());
    }

    /**
     * The same outbox over other state; the one before stays as it is.
     *
     * @param before what was there
     * @param replica as read from the node; becomes its own
     * @param newFilters which part it is of
     * @param otherHistory whether what the node settled before may be gone: then it is to be sent again
     */
    LocalState(
            final LocalState before,
            final Replica replica,
            final List<TableFilter> newFilters,
            final boolean otherHistory) {
        database = before.database;
        clock = before.clock;
        settings = before.settings;
        filters = newFilters;
        before.outbox.copyTo(outbox, otherHistory);
        rebuildView(replica);
        retire();
    }

    HybridClock clock() {
        return clock;
    }

    Outbox outbox() {
        return outbox;
    }

    OptimisticView view() {
        return view;
    }

    Settings settings() {
        return settings;
    }

    List<TableFilter> filters() {
        return filters;
    }

    Cursor cursor() {
        return view.cursor();
    }

    void loaded(final StatePage page) {
        view.settled().load(page);
    }

    Entry written(final long id, final ChangeSet set) {
        final Entry entry = outbox.add(id, set);
        view.add(set);
        if (set.site().equals(clock.site())) {
            clock.resume(set.wall(), set.counter());
        } else {
            clock.receive(set.wall(), set.counter());
        }
        return entry;
    }

    void answered(final Entry entry, final SubmitOutcome outcome, final DirectBuffer answer) {
        outbox.answer(entry, outcome, answer);
        if (outcome.isSettled()) {
            view.settle(entry.set, outcome);
        } else {
            view.drop(entry.set);
        }
    }

    void refused(final Entry entry, final int code, final String text) {
        outbox.refuse(entry, code, text);
        view.drop(entry.set);
    }

    void told(final long id) {
        final Entry entry = outbox.find(id);
        if (entry != null) {
            outbox.tell(entry);
        }
    }

    void dropped(final Entry entry) {
        outbox.remove(entry);
    }

    Entry restamped(final Entry entry, final long newId, final ChangeSet set) {
        outbox.remove(entry);
        return written(newId, set);
    }

    void resent(final Entry entry) {
        outbox.wait(entry);
        view.add(entry.set);
    }

    void delivered(final Delivery delivery) {
        view.apply(delivery);
        clock.receive(delivery.clock());
    }

    void progressed(final Progress progress) {
        view.apply(progress);
    }

    void settings(final Settings newSettings) {
        if (!newSettings.equals(settings)) {
            settings = newSettings;
            rebuildView(view.settled());
        }
    }

    void incarnation(final Site incarnation) {
        final Cursor cursor = view.cursor();
        view.settled().cursor(new Cursor(database, incarnation, cursor.sequence(), cursor.check()));
    }

    void retire() {
        outbox.retire(view.cursor().sequence());
    }

    /** Writes everything down. */
    void checkpoint(final RecordSink sink) {
        final UnsafeBuffer header = header().encode();
        sink.append(Kinds.HEADER, header, 0, header.capacity());
        new StatePages(sink).write(view.settled());
        outbox.entries().forEach(entry -> Records.entry(sink, entry));
    }

    private FileHeader header() {
        return new FileHeader(
                database,
                clock.site(),
                clock.last().wall(),
                clock.last().counter(),
                outbox.nextId(),
                settings,
                view.cursor(),
                filters);
    }

    private void rebuildView(final Replica settled) {
        view = new OptimisticView(settled, settings.rowPolicy(), settings.keyForm());
        for (final Entry entry : outbox.entries()) {
            if (entry.state != EntryState.REFUSED) {
                view.add(entry.set);
            }
            if (entry.outcome != null && entry.outcome.isSettled()) {
                view.settle(entry.set, entry.outcome);
            }
        }
    }
}
