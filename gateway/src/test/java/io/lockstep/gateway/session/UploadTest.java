package io.lockstep.gateway.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.codec.DeliveryDecoder;
import io.lockstep.codec.DeliveryPartDecoder;
import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.SubmitResultDecoder;
import io.lockstep.codec.SubmitStatus;
import io.lockstep.codec.UploadStateDecoder;
import io.lockstep.engine.port.SpaceLevel;
import io.lockstep.gateway.auth.NoAuthentication;
import io.lockstep.gateway.limits.GatewayCounter;
import io.lockstep.gateway.limits.SessionLimit;
import io.lockstep.gateway.limits.SessionLimits;
import io.lockstep.gateway.testing.Messages;
import io.lockstep.gateway.testing.Received;
import io.lockstep.gateway.testing.TestClient;
import io.lockstep.gateway.testing.TestHub;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UploadTest {
    private static final long WALL = 1_750_000_000_000L;
    private static final long MUCH = 1L << 40;
    private static final int PART = UploadMessages.PART;

    private final TestHub node = new TestHub(
            new NoAuthentication(),
            new SessionLimits()
                    .set(SessionLimit.UPLOAD_BYTES_MAX, 1 << 20)
                    .set(SessionLimit.UPLOADS_BYTES_MAX, 3 << 19)
                    .set(SessionLimit.UPLOAD_TIMEOUT_MS, 10_000),
            context -> {});
    private final UploadMessages messages = new UploadMessages();

    @AfterEach
    void close() {
        node.close();
        assertTrue(node.errors().isEmpty(), () -> "errors: " + node.errors());
        assertTrue(
                node.parts().fatal().isEmpty(), () -> "fatal: " + node.parts().fatal());
    }

    private void upload(final TestClient client, final long requestId, final byte[] set, final int from) {
        says(client, requestId, set, from);
        node.settle();
    }

    private void says(final TestClient client, final long requestId, final byte[] set, final int from) {
        for (int at = from; at < set.length; at += PART) {
            client.says(messages.part(requestId, set, at));
        }
    }

    private void goOnUntilHeld(final String name) {
        final int database = node.parts().engine().arbiter().database(name).id();
        while (!node.hub().uploads().largeSets().holds(database)) {
            node.catchUpCycle();
            node.hubCycle();
        }
    }

    private static SubmitResultDecoder result(final Received received) {
        assertEquals(SubmitResultDecoder.TEMPLATE_ID, received.templateId());
        return new SubmitResultDecoder()
                .wrapAndApplyHeader(new UnsafeBuffer(received.bytes()), 0, new MessageHeaderDecoder());
    }

    private static long receivedBytes(final Received received) {
        assertEquals(UploadStateDecoder.TEMPLATE_ID, received.templateId());
        return new UploadStateDecoder()
                .wrapAndApplyHeader(new UnsafeBuffer(received.bytes()), 0, new MessageHeaderDecoder())
                .receivedBytes();
    }

    private static ErrorCode error(final TestClient client) {
        final List<Received> errors = client.errors();
        return errors.get(errors.size() - 1).error().code();
    }

    @Test
    void shouldDecideItAsOneAndAnswerTheRequest() {
        final byte[] set = UploadMessages.set(WALL, 500);
        final TestClient author = node.open("", "db");
        author.says(messages.begin(5, WALL, set));
        assertEquals(0, receivedBytes(author.last()));
        assertEquals(set.length, node.hub().counters().value(GatewayCounter.UPLOADS_BYTES));
        upload(author, 5, set, 0);
        assertEquals(0, node.hub().counters().value(GatewayCounter.UPLOADS_BYTES));
        final SubmitResultDecoder result = result(author.last());
        assertEquals(5, result.requestId());
        assertEquals(SubmitStatus.ACCEPTED, result.status());
        assertEquals(1, result.sequence());
        assertEquals(500, node.parts().engine().arbiter().database("db").cells());
        assertEquals(0, node.hub().uploads().count());
    }

    @Test
    void shouldDeliverItInPartsToLiveAndLateSubscribers() {
        final byte[] set = UploadMessages.set(WALL, 300);
        final TestClient author = node.open("", "db");
        final TestClient live = node.open("", "db");
        live.says(Messages.subscribe(2, 0, MUCH, false));
        author.says(Messages.submit(1, 3, WALL - 1, 1), messages.begin(5, WALL, set));
        upload(author, 5, set, 0);
        author.says(Messages.submit(2, 3, WALL + 1, 2));
        node.settle();
        final TestClient late = node.open("", "db");
        late.says(Messages.subscribe(2, 0, MUCH, false));
        node.settle();
        assertEquals(List.of(1L, 3L), live.sequences());
        assertEquals(List.of(1L, 3L), late.sequences());
        final byte[] delivery = parts(live);
        assertArrayEquals(delivery, parts(late));
        final DeliveryDecoder decoder =
                new DeliveryDecoder().wrapAndApplyHeader(new UnsafeBuffer(delivery), 0, new MessageHeaderDecoder());
        assertEquals(2, decoder.sequence());
        assertEquals(1, decoder.afterSequence());
        assertEquals(300, changes(decoder));
    }

    private static int changes(final DeliveryDecoder decoder) {
        decoder.migrations();
        return decoder.changes().count();
    }

    private static byte[] parts(final TestClient client) {
        final ByteArrayOutputStream whole = new ByteArrayOutputStream();
        final DeliveryPartDecoder part = new DeliveryPartDecoder();
        for (final Received received : client.received(each -> each.templateId() == DeliveryPartDecoder.TEMPLATE_ID)) {
            part.wrapAndApplyHeader(new UnsafeBuffer(received.bytes()), 0, new MessageHeaderDecoder());
            assertEquals(whole.size(), part.partOffset());
            final byte[] bytes = new byte[part.bytesLength()];
            part.getBytes(bytes, 0, bytes.length);
            whole.writeBytes(bytes);
        }
        assertEquals(part.totalBytes(), whole.size());
        return whole.toByteArray();
    }

    @Test
    void shouldGoOnInAnotherSessionWhereTheFirstEnded() {
        final byte[] set = UploadMessages.set(WALL, 200);
        final TestClient first = node.open("", "db");
        first.says(messages.begin(5, WALL, set), messages.part(5, set, 0), messages.part(5, set, PART));
        first.hangsUp();
        node.settle();
        final TestClient second = node.open("", "db");
        second.says(messages.begin(8, WALL, set));
        assertEquals(2 * PART, receivedBytes(second.last()));
        upload(second, 8, set, 2 * PART);
        assertEquals(8, result(second.last()).requestId());
        assertEquals(SubmitStatus.ACCEPTED, result(second.last()).status());
    }

    @Test
    void shouldDecideItThoughItsSessionIsGone() {
        final byte[] set = UploadMessages.set(WALL, 100);
        final TestClient first = node.open("", "db");
        first.says(messages.begin(5, WALL, set));
        says(first, 5, set, 0);
        first.hangsUp();
        node.settle();
        assertEquals(1, node.parts().engine().arbiter().database("db").sequence());
        final TestClient second = node.open("", "db");
        second.says(messages.begin(6, WALL, set));
        upload(second, 6, set, 0);
        assertEquals(SubmitStatus.NO_EFFECT, result(second.last()).status());
    }

    @Test
    void shouldWaitForItsClientOnceNobodyHasTheDatabaseOpen() {
        final byte[] set = UploadMessages.set(WALL, 100);
        final TestClient first = node.open("", "db");
        first.says(messages.begin(5, WALL, set));
        says(first, 5, set, 0);
        first.hangsUp();
        node.letTimePassUnexamined(2_000); // the database is let go of before the set is looked at
        node.settle();
        assertEquals(0, node.parts().engine().arbiter().database("db").sequence());
        final TestClient second = node.open("", "db");
        second.says(messages.begin(6, WALL, set));
        node.settle();
        assertEquals(SubmitStatus.ACCEPTED, result(second.last()).status());
        assertEquals(0, node.counter(GatewayCounter.UPLOADS));
        assertEquals(1, node.counter(GatewayCounter.LARGE_SETS));
    }

    @Test
    void shouldHoldItsDatabaseAndNoOtherWhileItIsDecided() {
        final byte[] set = UploadMessages.set(WALL, 400);
        final TestClient author = node.open("", "db");
        final TestClient same = node.open("", "db");
        final TestClient other = node.open("", "other");
        author.says(messages.begin(5, WALL, set));
        says(author, 5, set, 0);
        goOnUntilHeld("db");
        same.says(Messages.submit(1, 3, WALL + 1, 1));
        other.says(Messages.submit(1, 3, WALL + 1, 1));
        assertTrue(same.isWaiting());
        assertFalse(other.isWaiting());
        while (other.received(each -> each.templateId() == SubmitResultDecoder.TEMPLATE_ID)
                .isEmpty()) {
            node.engineCycle();
        }
        assertTrue(node.parts().engine().arbiter().isBusyWithLargeSet());
        node.settle();
        assertEquals(SubmitStatus.ACCEPTED, result(author.last()).status());
        assertEquals(2, result(same.last()).sequence());
    }

    @Test
    void shouldRefuseWhatIsNotInItsPlace() {
        final byte[] set = UploadMessages.set(WALL, 50);
        final TestClient author = node.open("", "db");
        author.says(messages.part(5, set, 0));
        assertEquals(ErrorCode.UPLOAD_REFUSED, error(author));
        author.says(messages.begin(5, WALL, set), messages.part(5, set, PART));
        assertEquals(ErrorCode.UPLOAD_REFUSED, error(author));
        assertEquals(2, author.errors().size());
        author.says(messages.part(5, set, 0), messages.part(5, set, PART)); // of what was answered
        assertEquals(2, author.errors().size());
        author.says(messages.begin(6, WALL, set), messages.part(6, set, 0), messages.part(6, set, 0));
        assertEquals(ErrorCode.UPLOAD_REFUSED, error(author));
        assertEquals(3, author.errors().size());
        author.says(messages.begin(6, WALL, set));
        assertEquals(PART, receivedBytes(author.last()));
        upload(author, 6, set, PART);
        assertEquals(SubmitStatus.ACCEPTED, result(author.last()).status());
    }

    @Test
    void shouldGiveOneAnswerThoughAPartComesAfterTheEnd() {
        final byte[] set = UploadMessages.set(WALL, 50);
        final TestClient author = node.open("", "db");
        author.says(messages.begin(5, WALL, set));
        says(author, 5, set, 0);
        author.says(messages.part(5, Arrays.copyOf(set, set.length + 1), set.length), messages.part(5, set, PART));
        node.settle();
        author.says(messages.part(5, set, 0));
        assertEquals(List.of(), author.errors());
        assertEquals(1, author.received(Received::isResult).size());
    }

    @Test
    void shouldNameTheFieldOfAnUploadOfNothing() {
        final TestClient author = node.open("", "db");
        author.says(messages.begin(5, WALL, 0, 0));
        assertEquals(ErrorCode.INVALID_CHANGE_SET, error(author));
        assertEquals(
                "must be at least 1: totalBytes=0",
                author.errors().get(0).error().text());
    }

    @Test
    void shouldRefuseBytesThatDoNotMatchTheirChecksum() {
        final byte[] set = UploadMessages.set(WALL, 50);
        final TestClient author = node.open("", "db");
        author.says(messages.begin(5, WALL, set.length, 1));
        upload(author, 5, set, 0);
        assertEquals(ErrorCode.UPLOAD_REFUSED, error(author));
        assertEquals(0, node.hub().uploads().count());
        assertEquals(0, node.parts().engine().arbiter().database("db").sequence());
    }

    @Test
    void shouldRefuseASetThatIsNotValidWithoutATraceInTheJournal() {
        final byte[] set = UploadMessages.set(WALL, 50);
        set[set.length - 4] ^= 1; // the length of the last before-image
        final TestClient author = node.open("", "db");
        final long position = node.parts().journal().writtenPosition();
        author.says(messages.begin(5, WALL, set));
        upload(author, 5, set, 0);
        assertEquals(ErrorCode.INVALID_CHANGE_SET, error(author));
        assertNull(author.closed());
        final byte[] late = UploadMessages.set(WALL + 3_600_000, 50);
        author.says(messages.begin(6, WALL + 3_600_000, late));
        upload(author, 6, late, 0);
        assertEquals(SubmitStatus.REJECTED_DRIFT, result(author.last()).status());
        assertEquals(position, node.parts().journal().writtenPosition());
    }

    @Test
    void shouldGiveUpWhenTheDiskIsFullAndTakeItLater() {
        final byte[] set = UploadMessages.set(WALL, 500);
        final TestClient author = node.open("", "db");
        author.says(messages.begin(5, WALL, set));
        says(author, 5, set, 0);
        goOnUntilHeld("db");
        for (int i = 0; i < 20; i++) {
            node.hubCycle();
            node.engineCycle();
        }
        node.space(SpaceLevel.HARD);
        node.settle();
        assertEquals(ErrorCode.RESOURCE_EXHAUSTED, error(author));
        assertFalse(node.parts().engine().arbiter().isBusyWithLargeSet());
        assertEquals(0, node.hub().uploads().count());
        node.space(SpaceLevel.NORMAL);
        author.says(Messages.submit(7, 3, WALL, 1), messages.begin(6, WALL, set));
        upload(author, 6, set, 0);
        assertEquals(2, result(author.last()).sequence());
    }

    @Test
    void shouldWaitForRoomInTheJournalWhileOthersWrite() {
        final byte[] set = UploadMessages.set(WALL, 500);
        final TestClient author = node.open("", "db");
        final TestClient other = node.open("", "other");
        author.says(messages.begin(5, WALL, set));
        says(author, 5, set, 0);
        goOnUntilHeld("db");
        for (int i = 0; i < 20; i++) {
            node.hubCycle();
            node.engineCycle();
        }
        node.roomForBulk(false);
        node.settle();
        assertTrue(node.parts().engine().arbiter().isBusyWithLargeSet());
        final long position = node.parts().journal().writtenPosition();
        other.says(Messages.submit(1, 3, WALL + 1, 1));
        node.advanceMs(LargeSets.ROOM_WAIT_MS - 1);
        assertEquals(SubmitStatus.ACCEPTED, result(other.last()).status());
        assertEquals(position + 1, node.parts().journal().writtenPosition());
        node.roomForBulk(true);
        node.settle();
        assertEquals(SubmitStatus.ACCEPTED, result(author.last()).status());
    }

    @Test
    void shouldHoldNothingUntilThereIsRoomInTheJournalToBegin() {
        final byte[] set = UploadMessages.set(WALL, 50);
        final TestClient author = node.open("", "db");
        author.says(messages.begin(5, WALL, set));
        node.roomForBulk(false);
        upload(author, 5, set, 0);
        author.says(Messages.submit(7, 3, WALL + 1, 1));
        node.settle();
        assertEquals(1, result(author.last()).sequence());
        node.roomForBulk(true);
        node.settle();
        assertEquals(2, result(author.last()).sequence());
    }

    @Test
    void shouldSayWhichRoomIsMissingWhenNoneCame() {
        final byte[] set = UploadMessages.set(WALL, 50);
        final TestClient author = node.open("", "db");
        node.freeBytes(1_000);
        author.says(messages.begin(5, WALL, set));
        says(author, 5, set, 0);
        node.space(SpaceLevel.HARD);
        node.settle();
        node.advanceMs(LargeSets.ROOM_WAIT_MS - 1);
        assertEquals(List.of(), author.errors());
        node.advanceMs(1);
        assertEquals(ErrorCode.RESOURCE_EXHAUSTED, error(author));
        assertTrue(author.errors().get(0).error().text().startsWith("no room for the next journal file"));
        assertEquals(0, node.hub().uploads().count());
    }

    @Test
    void shouldRefuseWhatIsTooLargeOrTooMuch() {
        final TestClient author = node.open("", "db");
        final TestClient second = node.open("", "db");
        author.says(messages.begin(5, WALL, (1 << 20) + 1, 0));
        assertEquals(ErrorCode.CHANGE_SET_TOO_LARGE, error(author));
        author.says(messages.begin(6, WALL, 1 << 20, 0));
        second.says(messages.begin(6, WALL + 1, 1 << 20, 0));
        assertEquals(ErrorCode.BUSY, error(second));
        node.advanceMs(10_001);
        node.advanceMs(1_001);
        second.says(messages.begin(7, WALL + 1, 1 << 20, 0));
        assertEquals(0, receivedBytes(second.last()));
        assertEquals(1, node.hub().uploads().count());
    }

    @Test
    void shouldGiveAPrincipalHalfOfTheRoom() {
        final TestClient author = node.open("", "db");
        final TestClient second = node.open("", "db");
        author.says(messages.begin(5, WALL, 1 << 19, 0));
        second.says(messages.begin(6, WALL + 1, 1 << 18, 0));
        assertEquals(0, receivedBytes(second.last()));
        final TestClient third = node.open("", "db");
        third.says(messages.begin(7, WALL + 2, 1, 0));
        assertEquals(ErrorCode.BUSY, error(third));
        assertEquals(3 << 18, third.errors().get(0).error().limitValue());
        assertEquals((3 << 18) + 1, third.errors().get(0).error().actualValue());
    }
}
