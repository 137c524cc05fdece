package io.lockstep.gateway.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.codec.DeliveryDecoder;
import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.ResetReason;
import io.lockstep.gateway.auth.NoAuthentication;
import io.lockstep.gateway.limits.GatewayCounter;
import io.lockstep.gateway.limits.SessionLimit;
import io.lockstep.gateway.limits.SessionLimits;
import io.lockstep.gateway.testing.Messages;
import io.lockstep.gateway.testing.Received;
import io.lockstep.gateway.testing.TestClient;
import io.lockstep.gateway.testing.TestEngineParts;
import io.lockstep.gateway.testing.TestHub;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SubscriptionTest {
    private static final long WALL = 1_750_000_000_000L;
    private static final long MUCH = 1L << 40;

    private TestHub node = new TestHub(
            new NoAuthentication(),
            new SessionLimits()
                    .set(SessionLimit.OUTBOUND_BYTES_MAX, 4_096)
                    .set(SessionLimit.CATCH_UP_CHUNK_BYTES, 1_024)
                    .set(SessionLimit.RECENT_DELIVERY_BYTES, 2_048),
            context -> {});
    private long nextWall = WALL;

    @AfterEach
    void close() {
        node.close();
        assertTrue(node.errors().isEmpty(), () -> "errors: " + node.errors());
        assertTrue(
                node.parts().fatal().isEmpty(), () -> "fatal: " + node.parts().fatal());
    }

    private void write(final TestClient author, final long site, final int count) {
        for (int i = 0; i < count; i++) {
            author.says(Messages.submit(nextWall, site, nextWall++, 1));
            node.settle();
        }
    }

    private static List<Long> upTo(final long from, final long to) {
        return LongStream.rangeClosed(from, to).boxed().toList();
    }

    @Test
    void shouldDeliverLiveWhatOthersWrite() {
        final TestClient author = node.open("", "db");
        final TestClient reader = node.open("", "db");
        reader.says(Messages.subscribe(2, 0, MUCH, false));
        assertEquals(0, reader.last().subscribed().sequence());
        write(author, 1, 5);
        assertEquals(upTo(1, 5), reader.sequences());
        assertEquals(5, node.counter(GatewayCounter.DELIVERIES_LIVE));
        assertEquals(1, node.counter(GatewayCounter.LIVE_SUBSCRIBERS));
        assertTrue(author.deliveries().isEmpty());
    }

    @Test
    void shouldCatchUpFromTheJournalAndGoLive() {
        final TestClient author = node.open("", "db");
        write(author, 1, 100);
        final TestClient reader = node.open("", "db");
        reader.says(Messages.subscribe(2, 0, MUCH, false));
        assertEquals(1, node.counter(GatewayCounter.CATCH_UP_SUBSCRIBERS));
        node.settle();
        assertEquals(upTo(1, 100), reader.sequences());
        assertEquals(0, node.counter(GatewayCounter.CATCH_UP_SUBSCRIBERS));
        write(author, 1, 3);
        assertEquals(upTo(1, 103), reader.sequences());
        assertEquals(3, node.counter(GatewayCounter.DELIVERIES_LIVE));
    }

    @Test
    void shouldWaitWhileAllConnectionsTogetherHoldTooMuch() {
        final TestClient author = node.open("", "db");
        final TestClient reader = node.open("", "db");
        reader.says(Messages.subscribe(2, 0, MUCH, false));
        final long all = node.hub().buffers().bytesMax() + 1;
        node.hub().buffers().add(all);
        write(author, 1, 5);
        node.advanceMs(50);
        assertEquals(List.of(), reader.sequences());
        node.hub().buffers().add(-all);
        node.advanceMs(50);
        node.settle();
        assertEquals(upTo(1, 5), reader.sequences());
        assertEquals(1, node.counter(GatewayCounter.LIVE_SUBSCRIBERS));
    }

    @Test
    void shouldMarkItsOwnEffects() {
        final TestClient author = node.open("", "db", 1);
        author.says(Messages.subscribe(2, 0, MUCH, false));
        write(author, 1, 1);
        write(author, 2, 1);
        assertTrue(author.deliveries().get(0).delivery().flags().own());
        assertEquals(false, author.deliveries().get(1).delivery().flags().own());
    }

    @Test
    void shouldCoverWhatItLeavesOutWithTheSequenceBefore() {
        final TestClient author = node.open("", "db", 1);
        final TestClient other = node.open("", "db");
        author.says(Messages.subscribe(2, 0, MUCH, true));
        write(other, 2, 1);
        write(author, 1, 3);
        write(other, 2, 1);
        assertEquals(List.of(1L, 5L), author.sequences());
        assertEquals(1, author.deliveries().get(1).delivery().afterSequence());
    }

    @Test
    void shouldLeaveOutOwnEffectsFromTheJournalToo() {
        final TestClient author = node.open("", "db", 1);
        write(author, 1, 50);
        write(author, 2, 1);
        author.says(Messages.subscribe(2, 0, MUCH, true));
        node.settle();
        assertEquals(List.of(51L), author.sequences());
        assertEquals(0, author.last().delivery().afterSequence());
    }

    @Test
    void shouldStopWithoutCreditAndGoOnWithIt() {
        final TestClient author = node.open("", "db");
        final TestClient reader = node.open("", "db");
        reader.says(Messages.subscribe(2, 0, 1, false));
        write(author, 1, 50);
        assertEquals(upTo(1, 1), reader.sequences());
        reader.says(Messages.credit(1_000));
        node.settle();
        final int some = reader.sequences().size();
        assertTrue(some > 1 && some < 50, () -> "some=" + some);
        reader.says(Messages.credit(MUCH));
        node.settle();
        assertEquals(upTo(1, 50), reader.sequences());
        write(author, 1, 1);
        assertEquals(upTo(1, 51), reader.sequences());
    }

    @Test
    void shouldHoldConstantMemoryForASlowReader() {
        final TestClient author = node.open("", "db");
        final TestClient reader = node.open("", "db");
        reader.says(Messages.subscribe(2, 0, MUCH, false));
        reader.stops();
        write(author, 1, 500);
        assertTrue(reader.pendingBytesMost() < 4_096 + 1_024, () -> "most=" + reader.pendingBytesMost());
        while (reader.pendingBytes() > 0) {
            reader.takes(700);
            node.settle();
        }
        assertTrue(reader.pendingBytesMost() < 4_096 + 1_024, () -> "most=" + reader.pendingBytesMost());
        assertEquals(upTo(1, 500), reader.sequences());
    }

    @Test
    void shouldDeliverWhatIsLargerThanEveryBuffer() {
        final TestClient author = node.open("", "db");
        final TestClient reader = node.open("", "db");
        reader.says(Messages.subscribe(2, 0, MUCH, false));
        author.says(Messages.submit(1, 1, nextWall++, 1, 7_000));
        node.settle();
        final TestClient late = node.open("", "db");
        late.says(Messages.subscribe(2, 0, MUCH, false));
        node.settle();
        assertEquals(upTo(1, 1), reader.sequences());
        assertEquals(upTo(1, 1), late.sequences());
        assertEquals(reader.last().length(), late.last().length());
        write(author, 1, 2);
        assertEquals(upTo(1, 3), reader.sequences());
        assertEquals(upTo(1, 3), late.sequences());
    }

    @Test
    void shouldResumeAfterACheckedCursor() {
        final TestClient author = node.open("", "db");
        final TestClient reader = node.open("", "db");
        reader.says(Messages.subscribe(2, 0, MUCH, false));
        write(author, 1, 20);
        final DeliveryDecoder tenth = reader.deliveries().get(9).delivery();
        final TestClient again = node.open("", "db");
        again.says(verified(10, tenth.check()));
        node.settle();
        assertEquals(upTo(11, 20), again.sequences());
        assertEquals(10, again.deliveries().get(0).delivery().afterSequence());
    }

    private static byte[] verified(final long sequence, final long check) {
        return Messages.subscribe(
                5,
                sequence,
                MUCH,
                false,
                true,
                TestEngineParts.INCARNATION.high(),
                TestEngineParts.INCARNATION.low(),
                check);
    }

    private ResetReason resetOf(final byte[] subscribe) {
        final TestClient client = node.open("", "db");
        client.says(subscribe);
        node.settle();
        assertEquals(1, client.last().reset().oldestSequence());
        assertEquals(5, client.last().reset().requestId());
        assertTrue(client.deliveries().isEmpty());
        return client.last().reset().reason();
    }

    @Test
    void shouldRefuseACursorOfAnotherHistory() {
        final TestClient author = node.open("", "db");
        write(author, 1, 3);
        assertEquals(ResetReason.HISTORY_DIFFERS, resetOf(verified(2, 12345)));
    }

    @Test
    void shouldRefuseACursorAheadOfTheNode() {
        assertEquals(ResetReason.AHEAD_OF_NODE, resetOf(Messages.subscribe(5, 1, MUCH, false)));
    }

    @Test
    void shouldRefuseACursorOfAnotherIncarnation() {
        assertEquals(ResetReason.INCARNATION_DIFFERS, resetOf(Messages.subscribe(5, 0, MUCH, false, true, 9, 9, 0)));
    }

    @Test
    void shouldAllowANewSubscriptionAfterAReset() {
        final TestClient client = node.open("", "db");
        client.says(Messages.subscribe(5, 1, MUCH, false));
        node.settle();
        client.says(Messages.subscribe(6, 0, MUCH, false));
        node.settle();
        assertEquals(6, client.last().subscribed().requestId());
    }

    @Test
    void shouldAllowOneSubscriptionASession() {
        final TestClient client = node.open("", "db");
        client.says(Messages.subscribe(5, 0, MUCH, false), Messages.subscribe(6, 0, MUCH, false));
        assertEquals(ErrorCode.ALREADY_SUBSCRIBED, client.last().errorCode());
    }

    @Test
    void shouldDeliverNothingAfterUnsubscribed() {
        final TestClient author = node.open("", "db");
        final TestClient reader = node.open("", "db");
        reader.says(Messages.subscribe(2, 0, MUCH, false));
        write(author, 1, 2);
        reader.says(Messages.unsubscribe(3));
        assertEquals(2, reader.last().unsubscribed().sequence());
        write(author, 1, 2);
        assertEquals(2, reader.deliveries().size());
        reader.says(Messages.credit(5), Messages.ack(1));
        assertEquals(0, reader.errors().size());
        reader.says(Messages.subscribe(4, 2, MUCH, false));
        node.settle();
        assertEquals(upTo(1, 4), reader.sequences());
    }

    @Test
    void shouldForgetAnErrandOfASubscriptionThatEnded() {
        final TestClient author = node.open("", "db");
        write(author, 1, 50);
        final TestClient reader = node.open("", "db");
        reader.says(Messages.subscribe(2, 0, MUCH, false));
        node.hubCycle();
        reader.says(Messages.unsubscribe(3), Messages.subscribe(4, 0, MUCH, false));
        node.settle();
        assertEquals(upTo(1, 50), reader.sequences());
        assertEquals(1, node.counter(GatewayCounter.LIVE_SUBSCRIBERS));
    }

    @Test
    void shouldEndASessionThatAcknowledgesWhatItNeverGot() {
        final TestClient reader = node.open("", "db");
        reader.says(Messages.subscribe(2, 0, MUCH, false), Messages.ack(7));
        assertEquals(ErrorCode.MALFORMED_FRAME, reader.last().errorCode());
        assertNotNull(reader.closed());
    }

    @Test
    void shouldEndASessionThatAcknowledgesWithoutASubscription() {
        final TestClient client = node.open("", "db");
        client.says(Messages.ack(0));
        assertEquals(ErrorCode.UNEXPECTED_MESSAGE, client.last().errorCode());
        assertTrue(client.last().text().startsWith("CursorAck without a subscription: "), client.last()::text);
    }

    @Test
    void shouldTakeAnAcknowledgementThatCrossedTheEndOfItsSubscription() {
        final TestClient client = node.open("", "db");
        client.says(Messages.subscribe(2, 0, 1L << 40, false), Messages.unsubscribe(3), Messages.ack(0));
        assertTrue(client.errors().isEmpty());
    }

    @Test
    void shouldShareTheReaderFairly() {
        final TestClient author = node.open("", "db");
        write(author, 1, 200);
        final TestClient one = node.open("", "db");
        final TestClient two = node.open("", "db");
        one.says(Messages.subscribe(2, 0, MUCH, false));
        two.says(Messages.subscribe(2, 0, MUCH, false));
        while (one.sequences().size() < 100) {
            node.hubCycle();
            node.catchUpCycle();
        }
        assertTrue(two.sequences().size() > 80, () -> "two=" + two.sequences().size());
    }

    @Test
    void shouldGoOnInTheMiddleOfAPieceThatFoundNoRoom() {
        final TestClient author = node.open("", "db");
        write(author, 1, 40);
        final TestClient reader = node.open("", "db");
        reader.says(Messages.subscribe(2, 0, MUCH, false));
        reader.stops();
        // Asked for with room; when it comes, answers have taken most of that.
        while (reader.pendingBytes() < 3_900) {
            reader.says(Messages.heartbeat(1, false));
        }
        node.settle();
        final int some = reader.sequences().size();
        assertTrue(some > 0 && some < 5, () -> "some=" + some);
        reader.takesAll();
        node.settle();
        assertEquals(upTo(1, 40), reader.sequences());
    }

    @Test
    void shouldReadNothingAboveTheCommitPosition() {
        final TestClient author = node.open("", "db");
        write(author, 1, 40);
        final long half = node.parts().journal().writtenPosition() - 20;
        node.readableMax(half);
        final TestClient reader = node.open("", "db");
        reader.says(Messages.subscribe(2, 0, MUCH, false));
        for (int i = 0; i < 5; i++) {
            node.advanceMs(25);
        }
        assertEquals(upTo(1, 20), reader.sequences());
        node.readableMax(Long.MAX_VALUE);
        node.advanceMs(25);
        assertEquals(upTo(1, 40), reader.sequences());
    }

    @Test
    void shouldKeepDatabasesApart() {
        final TestClient authorA = node.open("", "a");
        final TestClient authorB = node.open("", "b");
        final TestClient readerA = node.open("", "a");
        readerA.says(Messages.subscribe(2, 0, MUCH, false));
        write(authorB, 7, 30);
        write(authorA, 8, 2);
        final TestClient lateA = node.open("", "a");
        lateA.says(Messages.subscribe(2, 0, MUCH, false));
        node.settle();
        assertEquals(upTo(1, 2), readerA.sequences());
        assertEquals(upTo(1, 2), lateA.sequences());
        for (final Received delivery : lateA.deliveries()) {
            assertEquals(8, delivery.delivery().site().low());
        }
    }
}
