package io.lockstep.gateway.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.codec.ErrorCode;
import io.lockstep.gateway.auth.NoAuthentication;
import io.lockstep.gateway.limits.GatewayCounter;
import io.lockstep.gateway.limits.SessionLimit;
import io.lockstep.gateway.limits.SessionLimits;
import io.lockstep.gateway.testing.Messages;
import io.lockstep.gateway.testing.Messages.Filter;
import io.lockstep.gateway.testing.Received;
import io.lockstep.gateway.testing.TestClient;
import io.lockstep.gateway.testing.TestHub;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a subscriber with filters is told, and what it may ask for. */
class FilteredSubscriptionTest {
    private static final long WALL = 1_750_000_000_000L;
    private static final long CREDIT = 1L << 30;

    private final TestHub node = new TestHub(
            new NoAuthentication(),
            new SessionLimits()
                    .set(SessionLimit.FILTERS_MAX, 3)
                    .set(SessionLimit.FILTER_BYTES_MAX, 60)
                    .set(SessionLimit.GLOBS_PER_DATABASE_MAX, 2),
            context -> {});
    private final TestClient author = node.open("", "d", 0);
    private final TestClient reader = node.open("", "d", 0);
    private long wall = WALL;

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void shouldSayWhatWasLeftOutBeforeUnsubscribed() {
        reader.says(Messages.subscribe(2, 0, CREDIT, Filter.of("nothing")));
        commit(3);
        reader.says(Messages.unsubscribe(3));
        final List<Received> told = reader.received();
        final Received progress = told.get(told.size() - 2);
        assertTrue(progress.isProgress());
        assertEquals(0, progress.progress().afterSequence());
        assertEquals(3, progress.progress().sequence());
        assertEquals(3, progress.progress().skipped());
        assertEquals(3, reader.last().unsubscribed().sequence());
    }

    @Test
    void shouldSayWhatWasLeftOutOnceAnInterval() {
        reader.says(Messages.subscribe(2, 0, CREDIT, Filter.of("nothing")));
        commit(3);
        for (int i = 0; i < 200; i++) {
            node.advanceMs(20);
        }
        assertEquals(1, reader.received(Received::isProgress).size(), "nothing moved after the first");
        assertEquals(0, node.counter(GatewayCounter.ROUTED), "no commit reached it");
    }

    @Test
    void shouldServeTheCursorOfAProgress() {
        reader.says(Messages.subscribe(2, 0, CREDIT, Filter.of("nothing")));
        commit(3);
        node.advanceMs(2_000);
        final Received progress = reader.received(Received::isProgress).get(0);
        final TestClient again = node.open("", "d", 0);
        again.says(Messages.subscribe(
                2, 3, CREDIT, false, true, 0xA1, 0xB2, progress.progress().check()));
        commit(1);
        assertEquals(List.of(4L), again.sequences());
    }

    @Test
    void shouldDecideEachSequenceByTheFiltersOfItsTime() {
        reader.says(Messages.subscribe(2, 0, CREDIT, Filter.of("nothing")));
        commit(2);
        reader.says(Messages.changeSubscription(3));
        assertEquals(2, reader.last().subscriptionChanged().sequence());
        commit(2);
        reader.says(Messages.changeSubscription(4, Filter.of("nothing")));
        commit(2);
        assertEquals(List.of(3L, 4L), reader.sequences());
    }

    @Test
    void shouldRefuseMoreThanTheLimits() {
        reader.says(Messages.subscribe(2, 0, CREDIT, Filter.of("a"), Filter.of("b"), Filter.of("c"), Filter.of("d")));
        assertRefused(3, 4);
        reader.says(Messages.subscribe(2, 0, CREDIT, Filter.of("a".repeat(70))));
        assertRefused(60, 78);
        reader.says(Messages.subscribe(2, 0, CREDIT, Filter.of("a*"), Filter.of("b*"), Filter.of("c*")));
        assertRefused(2, 3);
        reader.says(Messages.subscribe(2, 0, CREDIT, Filter.of("a*"), Filter.of("b*")));
        reader.says(Messages.changeSubscription(3, Filter.of("a*"), Filter.of("c*")));
        assertRefused(2, 3);
        reader.says(Messages.changeSubscription(3, Filter.of("a*"), Filter.of("a*", 1)));
        assertEquals(0, reader.last().subscriptionChanged().sequence());
    }

    @Test
    void shouldRefuseAChangeOfNoSubscription() {
        reader.says(Messages.changeSubscription(3, Filter.of("a")));
        assertEquals(ErrorCode.NOT_SUBSCRIBED, reader.last().errorCode());
        assertNull(reader.closed());
    }

    @Test
    void shouldCountWhoDoesNotMoveUntilItDoes() {
        reader.says(Messages.subscribe(2, 0, 1, false));
        commit(5);
        seconds(4);
        assertEquals(1, node.counter(GatewayCounter.STALLED_SUBSCRIBERS));
        assertEquals(4, node.counter(GatewayCounter.STALLED_BEHIND_MOST), "one delivery went beyond the credit");
        assertTrue(node.counter(GatewayCounter.STALLED_MS_MOST) >= 2_000);
        assertNull(reader.closed(), "no credit is no fault");
        reader.says(Messages.credit(CREDIT));
        seconds(2);
        assertEquals(0, node.counter(GatewayCounter.STALLED_SUBSCRIBERS));
    }

    private void seconds(final int seconds) {
        for (int i = 0; i < seconds * 10; i++) {
            author.says(Messages.heartbeat(1, true));
            reader.says(Messages.heartbeat(1, true));
            node.advanceMs(100);
        }
    }

    private void assertRefused(final long limit, final long actual) {
        assertEquals(ErrorCode.FILTERS_TOO_LARGE, reader.last().errorCode());
        assertEquals(limit, reader.last().error().limitValue());
        assertEquals(actual, reader.last().error().actualValue());
        assertNull(reader.closed());
    }

    private void commit(final int sets) {
        for (int i = 0; i < sets; i++) {
            author.says(Messages.submit(i, 1, wall++, 1));
        }
        node.settle();
    }
}
