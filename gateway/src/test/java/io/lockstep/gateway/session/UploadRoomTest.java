package io.lockstep.gateway.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UploadRoomTest {
    private static final long STALLED_NS = TimeUnit.MILLISECONDS.toNanos(UploadRoom.STALLED_MS);
    private static final int BYTES_MAX = 1_000;

    private final UploadRoom room = new UploadRoom(BYTES_MAX, 10);
    private final List<Upload> uploads = new ArrayList<>();

    @AfterEach
    void free() {
        uploads.forEach(Upload::free);
    }

    private static Upload.Key key(final int principal, final int number, final int bytes) {
        return new Upload.Key(1, principal, 0, 0, number, 0, bytes, 0);
    }

    private Upload add(final int principal, final int bytes, final long touchedNs) {
        final Upload upload = new Upload(key(principal, uploads.size(), bytes), 0, false);
        upload.touched(touchedNs);
        uploads.add(upload);
        room.count(upload, bytes);
        return upload;
    }

    @Test
    void shouldTellTheShareThatIsMet() {
        add(1, 300, 0);
        assertNull(room.refusalOfShare(uploads, key(1, 9, 200)));
        assertEquals(500, room.refusalOfShare(uploads, key(1, 9, 201)).limitValue());
        assertEquals(501, room.refusalOfShare(uploads, key(1, 9, 201)).actualValue());
    }

    @Test
    void shouldLetAPrincipalHaveOneHoweverLarge() {
        add(1, 300, 0);
        assertNull(room.refusalOfShare(uploads, key(2, 9, BYTES_MAX)));
    }

    @Test
    void shouldLimitHowManyAPrincipalHas() {
        for (int i = 0; i < UploadRoom.UPLOADS_MAX / 2; i++) {
            uploads.add(new Upload(key(1, i, 0), 0, false));
        }
        assertEquals(
                UploadRoom.UPLOADS_MAX / 2,
                room.refusalOfShare(uploads, key(1, -1, 0)).limitValue());
        assertNull(room.refusalOfShare(uploads, key(2, -1, 0)));
    }

    @Test
    void shouldTellTheRoomThatIsMet() {
        final Upload first = add(1, 500, 0);
        add(2, 400, 0);
        assertNull(room.refusal(3, 100));
        assertNotNull(room.refusal(3, 101));
        room.count(first, 0);
        assertNull(room.refusal(3, 600));
    }

    @Test
    void shouldLimitHowManyThereAre() {
        assertNull(room.refusal(UploadRoom.UPLOADS_MAX, 1));
        assertEquals(
                UploadRoom.UPLOADS_MAX,
                room.refusal(UploadRoom.UPLOADS_MAX + 1, 1).limitValue());
    }

    @Test
    void shouldFindTheOneThatHasBeenWithoutAPartForLongest() {
        add(1, 1, 2);
        final Upload longest = add(2, 1, 1);
        add(3, 1, 0).state(Upload.State.WHOLE);
        assertNull(UploadRoom.stalled(uploads, each -> true, STALLED_NS));
        assertSame(longest, UploadRoom.stalled(uploads, each -> true, STALLED_NS + 1));
    }
}
