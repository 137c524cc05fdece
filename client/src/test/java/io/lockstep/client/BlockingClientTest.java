package io.lockstep.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.client.model.Cell;
import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.model.Cursor;
import io.lockstep.client.model.Delivery;
import io.lockstep.client.model.Hlc;
import io.lockstep.client.model.Site;
import io.lockstep.client.model.SubmitOutcome;
import io.lockstep.client.replica.Replica;
import io.lockstep.client.testing.DatabaseScript;
import io.lockstep.client.testing.FakeDatabase;
import io.lockstep.client.testing.FakeNode;
import io.lockstep.client.testing.Rig;
import io.lockstep.client.testing.RunningNode;
import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.HelloDecoder;
import io.lockstep.codec.SubmitStatus;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BlockingClientTest {
    private final DatabaseScript script = new DatabaseScript();
    private final RunningNode node = new RunningNode(script);
    private final List<BlockingClient> clients = new ArrayList<>();

    @AfterEach
    void close() {
        clients.forEach(BlockingClient::close);
        node.close();
    }

    private ClientContext context() {
        return new ClientContext().addresses(node.address()).backoffMs(1, 20);
    }

    private BlockingClient open() {
        return open(context());
    }

    private BlockingClient open(final ClientContext context) {
        final BlockingClient client = BlockingClient.connect(context);
        clients.add(client);
        client.openDatabase(DatabaseOptions.createIfMissing("db"));
        return client;
    }

    private static ChangeSet randomSet(final Random random, final int counter) {
        return FakeDatabase.randomSet(random, new Hlc(2_000 + random.nextInt(50), counter, new Site(7, 7), 0));
    }

    @Test
    void shouldWaitForTheOutcomeOfASubmission() {
        final SubmitOutcome outcome = open().submitAndWait(Rig.changeSet(1));
        assertEquals(List.of(SubmitStatus.ACCEPTED, 1L), List.of(outcome.status(), outcome.sequence()));
    }

    @Test
    void shouldCompleteEveryFutureThoughConnectionsAreLost() {
        final BlockingClient client = open(context().suspectLosses(0));
        final List<CompletableFuture<SubmitOutcome>> futures = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            futures.add(client.submit(Rig.changeSet(i)));
            if (i % 60 == 59) {
                node.dropConnection();
            }
        }
        for (final CompletableFuture<SubmitOutcome> future : futures) {
            assertTrue(future.join().isSettled());
        }
        assertEquals(300, script.database.deliveries().size());
    }

    @Test
    void shouldTellWinnersWhenAsked() {
        final BlockingClient client = open();
        client.submitAndWait(Rig.changeSet(1));
        final ChangeSet older = ChangeSet.builder(Rig.SITE, 5, 5)
                .write("main", "t", io.lockstep.client.model.Key.ofInteger(1), "a", io.lockstep.client.model.Value.NULL)
                .build();
        assertEquals(1, client.submit(older, true).join().winners().size());
    }

    @Test
    void shouldSayWhyItCannotConnect() {
        final ClientContext context = new ClientContext().addresses(node.address());
        node.close();
        final ClientException refused = assertThrows(ClientException.class, () -> BlockingClient.connect(context));
        assertEquals(ErrorCodes.CONNECT_FAILED, refused.code());
    }

    @Test
    void shouldSayThatItsTokenWasRefused() {
        try (RunningNode strict = new RunningNode((peer, message) -> {
            if (message.templateId() == HelloDecoder.TEMPLATE_ID) {
                peer.error(-1, ErrorCode.AUTHENTICATION_FAILED, 0, "no such token");
            }
        })) {
            final ClientContext context = new ClientContext().addresses(strict.address());
            final ClientException refused = assertThrows(ClientException.class, () -> BlockingClient.connect(context));
            assertEquals(ErrorCode.AUTHENTICATION_FAILED.value(), refused.code());
        }
    }

    @Test
    void shouldDeliverEverythingOnceInOrderThroughLosses() throws InterruptedException {
        final BlockingClient client = open();
        final LinkedBlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();
        client.subscribe(Cursor.start("db"), deliveries::add);
        final Replica replica = new Replica("db");
        final Random random = new Random(1);
        for (int i = 0; i < 200; i++) {
            script.submitElsewhere(randomSet(random, i));
            if (i == 100) {
                node.dropConnection();
            }
        }
        final long last;
        synchronized (script) {
            last = script.database.deliveries().size();
        }
        while (replica.cursor().sequence() < last) {
            replica.apply(deliveries.poll(20, TimeUnit.SECONDS));
        }
        assertEquals(new HashSet<>(script.database.cells()), new HashSet<>(replica.cells()));
    }

    @Test
    void shouldKeepItsSessionWhileAListenerBlocks() throws InterruptedException {
        final BlockingClient client = open();
        final long session = client.session().sessionId();
        final CountDownLatch entered = new CountDownLatch(1);
        final CountDownLatch leave = new CountDownLatch(1);
        client.subscribe(Cursor.start("db"), delivery -> {
            entered.countDown();
            try {
                leave.await();
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        client.submitAndWait(Rig.changeSet(1));
        entered.await();
        final boolean settled = client.submitAndWait(Rig.changeSet(2)).isSettled();
        leave.countDown();
        assertEquals(List.of(true, session), List.of(settled, client.session().sessionId()));
    }

    @Test
    void shouldEndASubscriptionWhoseListenerFails() {
        final BlockingClient client = open();
        final CompletableFuture<ClientException> failure = new CompletableFuture<>();
        client.subscribe(Cursor.start("db"), new DeliveryListener() {
            @Override
            public void onDelivery(final Delivery delivery) {
                throw new IllegalStateException("as it happens");
            }

            @Override
            public void onFailed(final ClientException cause) {
                failure.complete(cause);
            }
        });
        client.submitAndWait(Rig.changeSet(1));
        assertEquals(ErrorCodes.LISTENER_FAILED, failure.join().code());
    }

    @Test
    void shouldRefuseASecondSubscription() {
        final BlockingClient client = open();
        client.subscribe(Cursor.start("db"), delivery -> {});
        assertThrows(ClientException.class, () -> client.subscribe(Cursor.start("db"), delivery -> {}));
    }

    @Test
    void shouldSubscribeAgainAfterItUnsubscribed() {
        final BlockingClient client = open();
        client.subscribe(Cursor.start("db"), delivery -> {});
        client.unsubscribe();
        client.subscribe(Cursor.start("db"), delivery -> {});
        assertEquals(0, client.unsubscribe());
    }

    @Test
    void shouldReadTheStateAtOneSequenceWhileItChanges() {
        final Random random = new Random(2);
        for (int i = 0; i < 100; i++) {
            script.submitElsewhere(randomSet(random, i));
        }
        script.betweenPages(() -> {
            for (int i = 0; i < 5; i++) {
                script.submitElsewhere(randomSet(random, 200 + random.nextInt(500)));
            }
        });
        final Replica replica = open().readState();
        assertEquals(new HashSet<Cell>(script.database.cells()), new HashSet<>(replica.cells()));
    }

    @Test
    void shouldReadStateToACursorThatANodeCanVerify() {
        script.submitElsewhere(Rig.changeSet(1));
        assertEquals(
                new Cursor("db", FakeNode.INCARNATION, 1, 1_001),
                open().readState().cursor());
    }

    @Test
    void shouldReadTheStateOfAnEmptyDatabase() {
        assertEquals(0, open().readState().cellCount());
    }

    @Test
    void shouldReadStateWhileSubscribed() {
        final BlockingClient client = open();
        client.subscribe(Cursor.start("db"), delivery -> {});
        client.submitAndWait(Rig.changeSet(1));
        assertEquals(1, client.readState().cellCount());
    }

    @Test
    void shouldNotHandOutStateThatDiffersFromItsDigest() {
        script.submitElsewhere(Rig.changeSet(1));
        script.digestWrong(true);
        final BlockingClient client = open();
        final ClientException refused = assertThrows(ClientException.class, client::readState);
        assertEquals(ErrorCodes.DIGEST_DIFFERS, refused.code());
    }

    @Test
    void shouldTellHowTheNodeIs() {
        assertEquals(Map.of("role", "single", "sessions", 42L), open().status());
    }

    @Test
    void shouldPrune() {
        assertEquals(3, open().prune(1_000));
    }

    @Test
    void shouldFailWhatIsSubmittedAfterItsClose() {
        final BlockingClient client = open();
        client.close();
        final CompletableFuture<SubmitOutcome> future = client.submit(Rig.changeSet(1));
        assertThrows(java.util.concurrent.CompletionException.class, future::join);
    }
}
