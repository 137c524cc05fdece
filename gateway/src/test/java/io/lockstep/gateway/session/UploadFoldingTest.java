package io.lockstep.gateway.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.KeyForm;
import io.lockstep.codec.SubmitStatus;
import io.lockstep.gateway.auth.NoAuthentication;
import io.lockstep.gateway.limits.SessionLimit;
import io.lockstep.gateway.limits.SessionLimits;
import io.lockstep.gateway.testing.Messages;
import io.lockstep.gateway.testing.Received;
import io.lockstep.gateway.testing.TestClient;
import io.lockstep.gateway.testing.TestHub;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The form with folded keys takes memory as what came does. */
class UploadFoldingTest {
    private static final long WALL = 1_750_000_000_000L;
    private static final int ROWS = 100;
    private static final byte[] TRUE = {1, 1};

    /** The integer 1 is longer than true. */
    private static final int FOLDING_BYTES = 7 * ROWS;

    private static final byte[] SET = UploadMessages.set(WALL, ROWS, TRUE);

    private final UploadMessages messages = new UploadMessages();
    private TestHub node;
    private TestClient author;

    @AfterEach
    void close() {
        node.close();
        assertTrue(node.errors().isEmpty(), () -> "errors: " + node.errors());
    }

    private void openWithRoomFor(final long bytes) {
        node = new TestHub(
                new NoAuthentication(), new SessionLimits().set(SessionLimit.UPLOADS_BYTES_MAX, bytes), context -> {});
        author = node.connect();
        author.says(Messages.hello(""), Messages.open(1, "db", true, KeyForm.QUEREUS));
        node.settle();
    }

    private void uploads() {
        author.says(messages.begin(5, WALL, SET));
        for (int at = 0; at < SET.length; at += UploadMessages.PART) {
            author.says(messages.part(5, SET, at));
        }
        node.settle();
    }

    @Test
    void shouldCountTheFormThatIsKept() {
        openWithRoomFor(3L * SET.length);
        node.roomForBulk(false);
        uploads();
        final TestClient other = node.open("", "other");
        other.says(messages.begin(6, WALL, 2 * SET.length, 0));
        assertEquals(
                3L * SET.length + FOLDING_BYTES, other.errors().get(0).error().actualValue());
        node.roomForBulk(true);
        node.settle();
        assertEquals(
                SubmitStatus.ACCEPTED,
                author.received(Received::isResult).get(0).result().status());
        other.says(messages.begin(7, WALL, 2 * SET.length, 0));
        assertEquals(1, other.errors().size());
    }

    @Test
    void shouldRefuseForGoodWhatThereIsNeverRoomToFold() {
        openWithRoomFor(2L * SET.length);
        uploads();
        assertEquals(ErrorCode.CHANGE_SET_TOO_LARGE, author.last().errorCode());
        assertEquals(2L * SET.length, author.last().error().limitValue());
        assertEquals(2L * SET.length + FOLDING_BYTES, author.last().error().actualValue());
        assertEquals(0, node.hub().uploads().count());
    }

    @Test
    void shouldRefuseForNowWhatThereIsNoRoomToFoldBesideOthers() {
        openWithRoomFor(3L * SET.length);
        final TestClient other = node.open("", "other");
        other.says(messages.begin(6, WALL, SET.length / 2, 0));
        uploads();
        assertEquals(ErrorCode.BUSY, author.last().errorCode());
        assertEquals(List.of(), other.errors());
        assertEquals(1, node.hub().uploads().count());
    }
}
