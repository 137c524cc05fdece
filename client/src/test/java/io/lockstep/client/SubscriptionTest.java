package io.lockstep.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.client.model.Change;
import io.lockstep.client.model.Cursor;
import io.lockstep.client.model.Delivery;
import io.lockstep.client.model.Hlc;
import io.lockstep.client.model.Key;
import io.lockstep.client.model.Site;
import io.lockstep.client.model.Value;
import io.lockstep.client.testing.FakeNode;
import io.lockstep.client.testing.FakePeer;
import io.lockstep.client.testing.Received;
import io.lockstep.client.testing.Rig;
import io.lockstep.codec.ChangeOp;
import io.lockstep.codec.CreditGrantDecoder;
import io.lockstep.codec.CursorAckDecoder;
import io.lockstep.codec.ResetReason;
import io.lockstep.codec.SubscribeDecoder;
import io.lockstep.codec.UnsubscribeDecoder;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SubscriptionTest {
    private final FakeNode.Polite script = new FakeNode.Polite() {
        @Override
        protected void onOther(final FakePeer peer, final Received message) {
            if (message.templateId() == UnsubscribeDecoder.TEMPLATE_ID) {
                peer.unsubscribed(message.requestId(), 7);
            }
        }
    };
    private final FakeNode node = new FakeNode(script);
    private Rig rig;

    @AfterEach
    void close() {
        rig.close();
    }

    private void subscribe(final ClientContext context, final Cursor cursor) {
        rig = new Rig(context, node);
        rig.client.openDatabase(DatabaseOptions.existing("db"));
        rig.client.subscribe(cursor, false);
        rig.until("subscribed", () -> rig.listener.subscriptions.size() == 1);
    }

    private static Delivery delivery(final long sequence, final int valueBytes) {
        final Change change = new Change(
                0,
                ChangeOp.WRITE,
                "main",
                "t",
                Key.ofInteger(sequence),
                "a",
                Value.ofBlob(new byte[valueBytes]),
                null,
                List.of());
        return new Delivery(
                sequence,
                sequence - 1,
                100 + sequence,
                1,
                1_700_000_000_000L,
                new Hlc(1_700_000_000_000L, 0, Rig.SITE, 0),
                false,
                List.of(),
                List.of(change));
    }

    private Received lastOf(final int templateId) {
        return script.received.stream()
                .filter(each -> each.templateId() == templateId)
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    @Test
    void shouldHandOutDeliveriesInOrder() {
        subscribe(new ClientContext(), Cursor.start("db"));
        node.peer().delivery(delivery(1, 10));
        node.peer().delivery(delivery(2, 10));
        rig.until("two", () -> rig.listener.deliveries.size() == 2);
        assertEquals(List.of(delivery(1, 10), delivery(2, 10)), rig.listener.deliveries);
    }

    @Test
    void shouldKeepTheCursorOfTheLastDelivery() {
        subscribe(new ClientContext(), Cursor.start("db"));
        node.peer().delivery(delivery(1, 10));
        rig.until("one", () -> rig.listener.deliveries.size() == 1);
        assertEquals(new Cursor("db", FakeNode.INCARNATION, 1, 101), rig.client.cursor());
    }

    @Test
    void shouldSubscribeAgainAfterTheLastDelivery() {
        subscribe(new ClientContext(), Cursor.start("db"));
        node.peer().delivery(delivery(1, 10));
        rig.until("one", () -> rig.listener.deliveries.size() == 1);
        node.peer().disconnect();
        rig.until("loss", () -> !rig.client.isConnected());
        rig.passMs(1_000);
        rig.until("subscribed again", () -> rig.listener.subscriptions.size() == 2);
        final SubscribeDecoder again = lastOf(SubscribeDecoder.TEMPLATE_ID).subscribe();
        assertEquals(
                List.of(1L, 101L, true, FakeNode.INCARNATION.high()),
                List.of(
                        again.sequence(),
                        again.check(),
                        again.flags().verified(),
                        again.incarnation().high()));
    }

    @Test
    void shouldLeaveACursorWithoutCheckUnverified() {
        subscribe(new ClientContext(), Cursor.after("db", 5));
        assertEquals(
                false, lastOf(SubscribeDecoder.TEMPLATE_ID).subscribe().flags().verified());
    }

    @Test
    void shouldNotTrustAConnectionThatSkipsASequence() {
        subscribe(new ClientContext(), Cursor.start("db"));
        node.peer().delivery(delivery(2, 10));
        rig.until("loss", () -> !rig.listener.disconnections.isEmpty());
        assertTrue(rig.listener.disconnections.get(0).contains("cursorSequence=0, afterSequence=1, sequence=2"));
    }

    @Test
    void shouldNotHandOutADeliveryTwice() {
        subscribe(new ClientContext(), Cursor.start("db"));
        node.peer().delivery(delivery(1, 10));
        node.peer().delivery(delivery(1, 10));
        rig.until("loss", () -> !rig.listener.disconnections.isEmpty());
        assertEquals(1, rig.listener.deliveries.size());
    }

    @Test
    void shouldGrantCreditAgainAsItHandlesDeliveries() {
        script.frameBytesMax = 100_000;
        subscribe(new ClientContext().creditBytes(200_000), Cursor.start("db"));
        for (int i = 1; i <= 4; i++) {
            node.peer().delivery(delivery(i, 30_000));
        }
        rig.until("credit", () -> script.countOf(CreditGrantDecoder.TEMPLATE_ID) >= 1);
        assertEquals(200_000, lastOf(SubscribeDecoder.TEMPLATE_ID).subscribe().creditBytes());
    }

    @Test
    void shouldNotGrantCreditThatItsUserHolds() {
        script.frameBytesMax = 100_000;
        subscribe(new ClientContext().creditBytes(200_000).automaticCredit(false), Cursor.start("db"));
        for (int i = 1; i <= 4; i++) {
            node.peer().delivery(delivery(i, 30_000));
        }
        rig.until("four", () -> rig.listener.deliveries.size() == 4);
        rig.settle();
        assertEquals(0, script.countOf(CreditGrantDecoder.TEMPLATE_ID));
    }

    @Test
    void shouldCountHeldBytesAgainstTheCreditOfTheNextConnection() {
        script.frameBytesMax = 100_000;
        subscribe(new ClientContext().creditBytes(200_000).automaticCredit(false), Cursor.start("db"));
        node.peer().delivery(delivery(1, 30_000));
        rig.until("one", () -> rig.listener.deliveries.size() == 1);
        node.peer().disconnect();
        rig.until("loss", () -> !rig.client.isConnected());
        rig.passMs(1_000);
        rig.until("subscribed again", () -> rig.listener.subscriptions.size() == 2);
        assertEquals(
                200_000 - rig.listener.deliveredBytes.get(0),
                lastOf(SubscribeDecoder.TEMPLATE_ID).subscribe().creditBytes());
    }

    @Test
    void shouldAskForCreditOfTwoFramesAtLeast() {
        subscribe(new ClientContext().creditBytes(1), Cursor.start("db"));
        assertEquals(
                2L * script.frameBytesMax,
                lastOf(SubscribeDecoder.TEMPLATE_ID).subscribe().creditBytes());
    }

    @Test
    void shouldEndTheSubscriptionWhenTheCursorCannotBeServed() {
        subscribe(new ClientContext(), Cursor.start("db"));
        node.peer().disconnect();
        node.script((peer, message) -> {
            if (message.templateId() == SubscribeDecoder.TEMPLATE_ID) {
                peer.resetRequired(message.requestId(), ResetReason.HISTORY_DIFFERS, FakeNode.INCARNATION);
            } else {
                script.onMessage(peer, message);
            }
        });
        rig.until("loss", () -> !rig.client.isConnected());
        rig.passMs(1_000);
        rig.until("reset", () -> rig.listener.resets == 1);
        assertEquals(null, rig.client.cursor());
    }

    @Test
    void shouldEndTheSubscriptionWhenTheNodeHasAnotherJournal() {
        subscribe(new ClientContext(), Cursor.after("db", 5));
        script.incarnation = new Site(99, 99);
        node.peer().disconnect();
        rig.until("loss", () -> !rig.client.isConnected());
        rig.passMs(1_000);
        rig.until("error", () -> !rig.listener.errors.isEmpty());
        assertTrue(rig.listener.errors.get(0).endsWith("RESET_REQUIRED"));
    }

    @Test
    void shouldRefuseASecondSubscription() {
        subscribe(new ClientContext(), Cursor.start("db"));
        assertEquals(Refusal.NOT_ALLOWED, rig.client.subscribe(Cursor.start("db"), false));
    }

    @Test
    void shouldEndASubscriptionAsAsked() {
        subscribe(new ClientContext(), Cursor.start("db"));
        rig.client.unsubscribe();
        rig.until("ended", () -> rig.client.cursor() == null);
        assertEquals(1, script.countOf(UnsubscribeDecoder.TEMPLATE_ID));
    }

    @Test
    void shouldEndASubscriptionThatTheNodeNeverHeardOf() {
        subscribe(new ClientContext(), Cursor.start("db"));
        rig.client.unsubscribe();
        rig.until("ended", () -> rig.client.cursor() == null);
        rig.client.subscribe(Cursor.after("db", 5), false);
        rig.client.unsubscribe();
        rig.until("ended again", () -> rig.client.cursor() == null);
        assertEquals(
                List.of(1L, 1L),
                List.of(script.countOf(SubscribeDecoder.TEMPLATE_ID), script.countOf(UnsubscribeDecoder.TEMPLATE_ID)));
    }

    @Test
    void shouldTellWhatIsKept() {
        subscribe(new ClientContext(), Cursor.start("db"));
        rig.client.ackCursor(1);
        rig.until("acknowledged", () -> script.countOf(CursorAckDecoder.TEMPLATE_ID) == 1);
    }
}
