package io.lockstep.gateway.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.codec.ClosedDecoder;
import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.SubmitStatus;
import io.lockstep.gateway.limits.GatewayCounter;
import io.lockstep.gateway.testing.Messages;
import io.lockstep.gateway.testing.Received;
import io.lockstep.gateway.testing.TestClient;
import io.lockstep.gateway.testing.TestHub;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** No upload is left without an answer when its session or the node ends in order. */
class UploadEndTest {
    private static final long WALL = 1_750_000_000_000L;
    private static final byte[] SET = UploadMessages.set(WALL, 60);

    private final UploadMessages messages = new UploadMessages();
    private final TestHub node = new TestHub();
    private TestClient author;

    @BeforeEach
    void open() {
        author = node.open("", "db");
    }

    @AfterEach
    void close() {
        node.close();
        assertTrue(node.errors().isEmpty(), () -> "errors: " + node.errors());
        assertTrue(
                node.parts().fatal().isEmpty(), () -> "fatal: " + node.parts().fatal());
    }

    private void saysAll(final byte[] begin) {
        author.says(begin);
        for (int at = 0; at < SET.length; at += UploadMessages.PART) {
            author.says(messages.part(5, SET, at));
        }
    }

    private void saysSome() {
        author.says(messages.begin(5, WALL, SET), messages.part(5, SET, 0));
    }

    private List<Received> answers() {
        return author.received(each -> each.isResult() || each.isError());
    }

    private void assertClosed() {
        assertEquals(ClosedDecoder.TEMPLATE_ID, author.last().templateId());
        assertNotNull(author.closed());
    }

    @Test
    void shouldAnswerWhatHasComeWholeBeforeClosed() {
        saysAll(messages.begin(5, WALL, SET));
        author.says(Messages.close(8));
        assertNull(author.closed());
        node.settle();
        assertEquals(1, answers().size());
        assertEquals(SubmitStatus.ACCEPTED, answers().get(0).result().status());
        assertClosed();
    }

    @Test
    void shouldAnswerWhatHasComeWholeBeforeAnotherBegins() {
        saysAll(messages.begin(5, WALL, SET));
        author.says(messages.begin(6, WALL + 1, SET.length, 1), messages.part(6, SET, 0));
        assertEquals(1, answers().size());
        assertEquals(ErrorCode.BUSY, answers().get(0).errorCode());
        author.says(Messages.close(8));
        node.settle();
        assertEquals(2, answers().size());
        assertEquals(SubmitStatus.ACCEPTED, answers().get(1).result().status());
        assertClosed();
    }

    @Test
    void shouldRefuseWhatIsNotValidBeforeClosed() {
        saysAll(messages.begin(5, WALL, SET.length, 1));
        author.says(Messages.close(8));
        node.settle();
        assertEquals(1, answers().size());
        assertEquals(ErrorCode.UPLOAD_REFUSED, answers().get(0).errorCode());
        assertClosed();
    }

    @Test
    void shouldRefuseAndForgetWhatHasNotComeWholeBeforeClosed() {
        saysSome();
        author.says(Messages.close(8));
        node.settle();
        assertEquals(1, answers().size());
        assertEquals(ErrorCode.UPLOAD_REFUSED, answers().get(0).errorCode());
        assertEquals(UploadMessages.PART, answers().get(0).error().actualValue());
        assertEquals(SET.length, answers().get(0).error().limitValue());
        assertEquals(0, node.counter(GatewayCounter.UPLOADS));
        assertClosed();
    }

    @Test
    void shouldKeepWhatHasNotComeWholeOfAClientThatSendsNoMore() {
        saysSome();
        author.session().onInputEnded();
        node.settle();
        assertEquals(ErrorCode.UPLOAD_REFUSED, answers().get(0).errorCode());
        assertEquals(1, node.counter(GatewayCounter.UPLOADS));
        assertClosed();
    }

    @Test
    void shouldAnswerWhatHasComeWholeBeforeTheNodeGoesAway() {
        saysAll(messages.begin(5, WALL, SET));
        node.hub().drain("restart", 500);
        node.letTimePassUnexamined(1_000);
        assertNull(author.closed());
        node.settle();
        node.advanceMs(20);
        assertEquals(1, answers().size());
        assertEquals(SubmitStatus.ACCEPTED, answers().get(0).result().status());
        assertNotNull(author.closed());
    }

    @Test
    void shouldRefuseAndForgetWhatHasNotComeWholeWhenTheNodeGoesAway() {
        saysSome();
        node.hub().drain("restart", 500);
        assertEquals(1, answers().size());
        assertEquals(ErrorCode.SHUTTING_DOWN, answers().get(0).errorCode());
        assertEquals(5, answers().get(0).error().requestId());
        node.advanceMs(20);
        assertEquals(0, node.counter(GatewayCounter.UPLOADS));
        assertNotNull(author.closed());
    }

    @Test
    void shouldAnswerWhoeverComesBackToOneThatHasJustBeenDecided() {
        saysAll(messages.begin(5, WALL, SET));
        node.beforeSlot(() -> {
            if (answers().size() == 1) {
                author.says(messages.begin(6, WALL, SET));
                node.beforeSlot(() -> {});
            }
        });
        node.catchUpCycle();
        while (answers().isEmpty()) {
            for (int steps = 0; steps < 8; steps++) {
                node.hubCycle(); // more of them than it takes
            }
            node.engineCycle();
        }
        node.settle();
        assertEquals(2, answers().size());
        assertEquals(6, answers().get(1).error().requestId());
        assertEquals(ErrorCode.UPLOAD_REFUSED, answers().get(1).errorCode());
    }
}
