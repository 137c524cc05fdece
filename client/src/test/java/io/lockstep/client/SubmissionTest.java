package io.lockstep.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.client.testing.FakeNode;
import io.lockstep.client.testing.Rig;
import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.SubmitStatus;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SubmissionTest {
    private static final byte[] APPLIED = {0};

    private final FakeNode.Polite script = new FakeNode.Polite();
    private final FakeNode node = new FakeNode(script);
    private Rig rig;

    @AfterEach
    void close() {
        rig.close();
    }

    private void open(final ClientContext context) {
        rig = new Rig(context, node);
        rig.client.openDatabase(DatabaseOptions.createIfMissing("db"));
        rig.until("open", rig.client::isOpen);
    }

    private void awaitSubmitted(final int count) {
        rig.until(count + " submissions", () -> script.submitted.size() >= count);
    }

    private void answer(final long id) {
        node.peer().result(id, SubmitStatus.ACCEPTED, 1, APPLIED);
    }

    @Test
    void shouldReportTheResultOfASubmission() {
        script.acceptsSubmissions = true;
        open(new ClientContext());
        final long id = rig.client.submit(Rig.changeSet(1));
        rig.until("result", () -> !rig.listener.results.isEmpty());
        assertEquals(List.of(id), rig.listener.results);
    }

    @Test
    void shouldSendTheEncodedBytesWithItsOwnRequestIdAndFlags() {
        open(new ClientContext());
        rig.client.submit(Rig.changeSet(1));
        final long id = rig.client.submit(Rig.changeSet(2), true);
        awaitSubmitted(2);
        final var second = script.received.get(script.received.size() - 1).submit();
        assertEquals(
                List.of(id, 2, true),
                List.of(second.requestId(), second.counter(), second.flags().wantWinners()));
    }

    @Test
    void shouldSendManySubmissionsInOnePoll() {
        open(new ClientContext());
        for (int i = 0; i < 100; i++) {
            rig.client.submit(Rig.changeSet(i));
        }
        rig.client.poll();
        final long limit = System.nanoTime() + 5_000_000_000L;
        while (script.submitted.size() < 100 && System.nanoTime() < limit) {
            node.poll();
        }
        assertEquals(100, script.submitted.size());
    }

    @Test
    void shouldRefuseSubmissionsBeyondItsWindow() {
        open(new ClientContext().inFlightMax(2));
        rig.client.submit(Rig.changeSet(1));
        rig.client.submit(Rig.changeSet(2));
        assertEquals(Refusal.WINDOW_FULL, rig.client.submit(Rig.changeSet(3)));
    }

    @Test
    void shouldRefuseSubmissionsBeyondTheNodesWindow() {
        script.inFlightMax = 3;
        open(new ClientContext());
        for (int i = 0; i < 3; i++) {
            rig.client.submit(Rig.changeSet(i));
        }
        assertEquals(Refusal.WINDOW_FULL, rig.client.submit(Rig.changeSet(4)));
    }

    @Test
    void shouldNeverHaveMoreInFlightThanTheNodesWindow() {
        script.inFlightMax = 3;
        rig = new Rig(new ClientContext(), node);
        for (int i = 0; i < 10; i++) {
            rig.client.submit(Rig.changeSet(i));
        }
        rig.client.openDatabase(DatabaseOptions.existing("db"));
        awaitSubmitted(3);
        rig.settle();
        assertEquals(List.of(0L, 1L, 2L), script.submitted);
    }

    @Test
    void shouldTakeAnotherSubmissionAfterAnAnswer() {
        open(new ClientContext().inFlightMax(1));
        final long first = rig.client.submit(Rig.changeSet(1));
        awaitSubmitted(1);
        answer(first);
        rig.until("result", () -> rig.client.pendingCount() == 0);
        assertTrue(rig.client.submit(Rig.changeSet(2)) > first);
    }

    @Test
    void shouldRefuseSubmissionsThatItsBufferCannotKeep() {
        open(new ClientContext().pendingBytesMax(10_000));
        rig.client.submit(Rig.changeSet(1, 6_000));
        assertEquals(Refusal.BUFFER_FULL, rig.client.submit(Rig.changeSet(2, 6_000)));
    }

    @Test
    void shouldReportSubmissionsLargerThanTheNodeTakes() {
        script.frameBytesMax = 8_192;
        open(new ClientContext());
        final long id = rig.client.submit(Rig.changeSet(1, 9_000));
        rig.until("error", () -> !rig.listener.errors.isEmpty());
        assertEquals(List.of(id + " CHANGE_SET_TOO_LARGE"), rig.listener.errors);
    }

    @Test
    void shouldReportSubmissionsLargerThanTheFramesOfTheNodeThatItMeets() {
        script.frameBytesMax = 8_192;
        rig = new Rig(new ClientContext(), node);
        final long id = rig.client.submit(Rig.changeSet(1, 9_000));
        rig.client.openDatabase(DatabaseOptions.existing("db"));
        rig.until("error", () -> !rig.listener.errors.isEmpty());
        assertEquals(List.of(id + " LARGER_THAN_FRAME"), rig.listener.errors);
    }

    @Test
    void shouldRefuseSubmissionsWhileDisconnectedWhenToldTo() {
        rig = new Rig(new ClientContext().keepWhileDisconnected(false), node);
        assertEquals(Refusal.NOT_CONNECTED, rig.client.submit(Rig.changeSet(1)));
    }

    @Test
    void shouldRefuseSubmissionsOnceClosed() {
        open(new ClientContext());
        rig.client.close();
        assertEquals(Refusal.CLOSED, rig.client.submit(Rig.changeSet(1)));
    }

    @Test
    void shouldThrowAtBytesThatAreNoChangeSet() {
        open(new ClientContext());
        assertThrows(IllegalArgumentException.class, () -> rig.client.submit(new UnsafeBuffer(new byte[100]), 0, 100));
    }

    @Test
    void shouldSendAgainExactlyWhatWasNotAnswered() {
        open(new ClientContext());
        for (int i = 0; i < 5; i++) {
            rig.client.submit(Rig.changeSet(i));
        }
        awaitSubmitted(5);
        answer(1);
        answer(3);
        rig.until("two results", () -> rig.listener.results.size() == 2);
        script.submitted.clear();
        node.peer().disconnect();
        rig.until("loss", () -> !rig.client.isConnected());
        rig.passMs(1_000);
        awaitSubmitted(3);
        rig.settle();
        assertEquals(List.of(0L, 2L, 4L), script.submitted);
    }

    @Test
    void shouldReportEachResultOnceThroughLosses() {
        open(new ClientContext());
        for (int i = 0; i < 3; i++) {
            rig.client.submit(Rig.changeSet(i));
        }
        awaitSubmitted(3);
        answer(0);
        rig.until("result", () -> rig.listener.results.size() == 1);
        script.acceptsSubmissions = true;
        node.peer().disconnect();
        rig.until("loss", () -> !rig.client.isConnected());
        rig.passMs(1_000);
        rig.until("all", () -> rig.client.pendingCount() == 0);
        assertEquals(List.of(0L, 1L, 2L), rig.listener.results);
    }

    @Test
    void shouldSendAgainAfterTheDelayOfARetryableError() {
        open(new ClientContext());
        rig.client.submit(Rig.changeSet(1));
        awaitSubmitted(1);
        node.peer().error(0, ErrorCode.BUSY, 100, "ring full");
        rig.settle();
        rig.passMs(99);
        rig.settle();
        assertEquals(1, script.submitted.size(), "sent again before the delay");
        rig.passMs(30);
        awaitSubmitted(2);
        assertEquals(List.of(0L, 0L), script.submitted);
    }

    @Test
    void shouldReportARetryableErrorWhenToldTo() {
        open(new ClientContext().automaticRetry(false));
        rig.client.submit(Rig.changeSet(1));
        awaitSubmitted(1);
        node.peer().error(0, ErrorCode.RATE_LIMITED, 100, "slow down");
        rig.until("error", () -> !rig.listener.errors.isEmpty());
        assertEquals(List.of("0 RATE_LIMITED"), rig.listener.errors);
    }

    @Test
    void shouldReportAPermanentError() {
        open(new ClientContext());
        rig.client.submit(Rig.changeSet(1));
        awaitSubmitted(1);
        node.peer().error(0, ErrorCode.NOT_PERMITTED, 0, "no");
        rig.until("error", () -> rig.client.pendingCount() == 0);
        assertEquals(List.of("0 NOT_PERMITTED"), rig.listener.errors);
    }

    private void loseConnection() {
        node.peer().disconnect();
        rig.until("loss", () -> !rig.client.isConnected());
        rig.passMs(10_000);
        rig.until("open", rig.client::isOpen);
    }

    @Test
    void shouldSendASuspectAloneBeforeItGivesUp() {
        open(new ClientContext());
        rig.client.submit(Rig.changeSet(1));
        rig.client.submit(Rig.changeSet(2));
        awaitSubmitted(2);
        loseConnection();
        awaitSubmitted(4);
        loseConnection();
        awaitSubmitted(5);
        rig.settle();
        assertEquals(List.of(0L, 1L, 0L, 1L, 0L), script.submitted);
    }

    @Test
    void shouldReportWhatWasAloneInFlightAtTheLastLoss() {
        open(new ClientContext());
        rig.client.submit(Rig.changeSet(1));
        rig.client.submit(Rig.changeSet(2));
        for (int i = 1; i <= 3; i++) {
            rig.until("in flight", () -> script.submitted.contains(0L));
            rig.settle();
            script.submitted.clear();
            loseConnection();
        }
        assertEquals(List.of("0 SUSPECT"), rig.listener.errors);
    }

    @Test
    void shouldAnswerTheInnocentAfterTheSuspectIsGone() {
        open(new ClientContext());
        rig.client.submit(Rig.changeSet(1));
        rig.client.submit(Rig.changeSet(2));
        for (int i = 1; i <= 2; i++) {
            rig.settle();
            loseConnection();
        }
        rig.settle();
        script.acceptsSubmissions = true;
        node.peer().disconnect();
        rig.until("loss", () -> !rig.client.isConnected());
        rig.passMs(10_000);
        rig.until("done", () -> rig.client.pendingCount() == 0);
        assertEquals(List.of(List.of(1L), List.of("0 SUSPECT")), List.of(rig.listener.results, rig.listener.errors));
    }

    @Test
    void shouldNotBlameASetForALossThatTheNodeAnnounced() {
        open(new ClientContext().suspectLosses(1).lingerMs(100));
        rig.client.submit(Rig.changeSet(1));
        awaitSubmitted(1);
        node.peer().goAway(10, 0, "");
        rig.until("go-away", () -> !rig.listener.goAways.isEmpty());
        rig.passMs(1_000);
        awaitSubmitted(2);
        assertTrue(rig.listener.suspects.isEmpty());
    }

    @Test
    void shouldFinishWritesThatTheSocketTookInPart() {
        open(new ClientContext().pendingBytesMax(32 << 20));
        node.peer().reading(false);
        for (int i = 0; i < 40; i++) {
            assertFalse(rig.client.submit(Rig.changeSet(i, 500_000)) < 0);
        }
        rig.settle();
        node.peer().reading(true);
        awaitSubmitted(40);
        assertEquals(40, script.submitted.size());
    }

    @Test
    void shouldReportWhatIsUnansweredWhenClosed() {
        open(new ClientContext());
        rig.client.submit(Rig.changeSet(1));
        rig.client.close();
        assertEquals(List.of("0 CLIENT_CLOSED"), rig.listener.errors);
    }

    @Test
    void shouldFailSubmissionsWhenTheDatabaseCannotBeOpened() {
        rig = new Rig(new ClientContext(), node);
        rig.client.submit(Rig.changeSet(1));
        final long open = rig.client.openDatabase(DatabaseOptions.existing("db"));
        node.script((peer, message) -> {
            if (message.templateId() == io.lockstep.codec.OpenDatabaseDecoder.TEMPLATE_ID) {
                peer.error(message.requestId(), ErrorCode.UNKNOWN_DATABASE, 0, "db");
            } else {
                script.onMessage(peer, message);
            }
        });
        rig.until("errors", () -> rig.listener.errors.size() == 2);
        assertEquals(List.of(open + " UNKNOWN_DATABASE", "0 UNKNOWN_DATABASE"), rig.listener.errors);
    }
}
