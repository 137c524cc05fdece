package io.lockstep.gateway.session;

import io.lockstep.codec.ErrorCode;
import io.lockstep.engine.port.IngressPort;
import io.lockstep.gateway.limits.GatewayCounter;
import io.lockstep.gateway.limits.SessionLimit;
import io.lockstep.gateway.limits.SessionLimits;
import io.lockstep.gateway.session.SessionPublisher.Refusal;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.agrona.DirectBuffer;

/**
 * All uploads of a node: those that still receive parts, that are looked at, that wait for the ring. Thread of the
 * transports. Their memory together is limited; one without parts for too long is dropped.
 */
final class Uploads {
    private final SessionHub hub;
    private final UploadQueues queues;
    private final Runnable requestSent;
    private final LargeSets largeSets;
    private final Map<Upload.Key, Upload> uploads = new HashMap<>();
    private final UploadRoom room;
    private final int setBytesMax;
    private final long timeoutNs;

    Uploads(
            final SessionHub hub,
            final UploadQueues queues,
            final Runnable requestSent,
            final IngressPort ingress,
            final SpaceSource space,
            final SessionLimits limits) {
        this.hub = hub;
        this.queues = queues;
        this.requestSent = requestSent;
        largeSets = new LargeSets(hub, this, ingress, space);
        room = new UploadRoom(
                limits.value(SessionLimit.UPLOADS_BYTES_MAX), limits.intValue(SessionLimit.EXHAUSTED_RETRY_MS));
        setBytesMax = limits.intValue(SessionLimit.UPLOAD_BYTES_MAX);
        timeoutNs = TimeUnit.MILLISECONDS.toNanos(limits.value(SessionLimit.UPLOAD_TIMEOUT_MS));
    }

    /** Largest upload; 0 if none are taken. */
    int setBytesMax() {
        return setBytesMax;
    }

    /** The ring's part of it. */
    LargeSets largeSets() {
        return largeSets;
    }

    /** Whether the session has another upload, which has come whole and is to be answered first. */
    boolean awaitsOther(final Session session, final Upload.Key key) {
        return session.streams().awaitsUpload()
                && !session.streams().upload().key().equals(key);
    }

    /** An upload begins or goes on. Null if it may; then the session has it. */
    Refusal begin(final Session session, final long requestId, final Upload.Key key, final int flags) {
        session.streams().uploadBegins();
        if (key.totalBytes() == 0) {
            return Refusal.limit(ErrorCode.INVALID_CHANGE_SET, 1, 0, "must be at least 1: totalBytes=0");
        }
        if (key.totalBytes() < 0 || key.totalBytes() > setBytesMax) {
            return Refusal.limit(
                    ErrorCode.CHANGE_SET_TOO_LARGE,
                    setBytesMax,
                    key.totalBytes() & 0xFFFF_FFFFL,
                    "uploadBytesMax=" + setBytesMax + ", totalBytes=" + (key.totalBytes() & 0xFFFF_FFFFL));
        }
        Upload upload = uploads.get(key);
        if (upload == null) {
            final Refusal share = makeRoom(
                    () -> room.refusalOfShare(uploads.values(), key),
                    each -> each.key().principalId() == key.principalId());
            final Refusal refusal = share == null ? makeRoom(key.totalBytes(), 1) : share;
            if (refusal != null) {
                hub.counters().increment(GatewayCounter.UPLOADS_REFUSED);
                return refusal;
            }
            upload = new Upload(key, flags, session.feed().keysFolded());
            uploads.put(key, upload);
            count(upload, key.totalBytes());
            hub.counters().increment(GatewayCounter.UPLOADS);
        }
        session.streams().upload(null);
        detach(upload);
        upload.attach(session, requestId);
        upload.touched(hub.nowNs());
        session.streams().upload(upload);
        if (upload.state() == Upload.State.PARKED) {
            upload.state(Upload.State.WHOLE);
            largeSets.add(upload);
        }
        return null;
    }

    private Refusal makeRoom(final long bytes, final int more) {
        return makeRoom(() -> room.refusal(uploads.size() + more, bytes), each -> true);
    }

    /** Null when there is room; what has stalled may have made it. */
    private Refusal makeRoom(final Supplier<Refusal> refusals, final Predicate<Upload> makesRoom) {
        Refusal refusal = refusals.get();
        while (refusal != null) {
            final Upload stalled = UploadRoom.stalled(uploads.values(), makesRoom, hub.nowNs());
            if (stalled == null) {
                return refusal;
            }
            if (stalled.session() != null) {
                hub.counters().increment(GatewayCounter.UPLOADS_REFUSED);
            }
            refuse(stalled, room.madeRoom(stalled, hub.nowNs()));
            drop(stalled);
            refusal = refusals.get();
        }
        return null;
    }

    private static void detach(final Upload upload) {
        if (upload.session() != null) {
            upload.session().streams().forget(upload);
        }
    }

    /** The next bytes. Null if they were taken. */
    Refusal part(
            final Session session,
            final long requestId,
            final long partOffset,
            final DirectBuffer buffer,
            final int offset,
            final int length) {
        final Upload upload = session.streams().upload();
        if (upload == null || upload.requestId() != requestId) {
            return Refusal.of(ErrorCode.UPLOAD_REFUSED, "no such upload: requestId=" + requestId);
        }
        if (partOffset != upload.received()) {
            return Refusal.limit(
                    ErrorCode.UPLOAD_REFUSED,
                    upload.received(),
                    partOffset,
                    "parts must follow one another: receivedBytes=" + upload.received() + ", partOffset=" + partOffset);
        }
        if (length > upload.key().totalBytes() - upload.received()) {
            return Refusal.limit(
                    ErrorCode.UPLOAD_REFUSED,
                    upload.key().totalBytes(),
                    partOffset + length,
                    "more bytes than announced: totalBytes=" + upload.key().totalBytes());
        }
        upload.add(buffer, offset, length);
        upload.touched(hub.nowNs());
        if (upload.isWhole()) {
            upload.state(Upload.State.WHOLE);
            ask(upload);
        }
        return null;
    }

    private void ask(final Upload upload) {
        if (!queues.request(upload)) {
            throw new IllegalStateException("no room for an upload that there is room for: uploads=" + uploads.size());
        }
        requestSent.run();
    }

    /** What was examined. Tells how many. */
    int doWork() {
        int work = largeSets.doWork();
        for (Upload upload = queues.pollResult(); upload != null; upload = queues.pollResult()) {
            work++;
            onExamined(upload);
        }
        return work;
    }

    private void onExamined(final Upload upload) {
        final boolean needsRoom = upload.refusal() == null && upload.foldBytes() > 0 && !upload.isFolded();
        final Refusal refusal = needsRoom ? makeRoomToFold(upload) : upload.refusal();
        if (refusal != null) {
            refuse(upload, refusal);
            drop(upload);
        } else if (needsRoom) {
            count(upload, upload.countedBytes() + upload.foldBytes());
            ask(upload);
        } else {
            count(upload, upload.set().capacity());
            largeSets.add(upload);
        }
    }

    private Refusal makeRoomToFold(final Upload upload) {
        final Refusal share = room.refusalOfFolding(uploads.values(), upload);
        final Refusal refusal = share == null ? makeRoom(upload.foldBytes(), 0) : share;
        if (refusal != null) {
            hub.counters().increment(GatewayCounter.UPLOADS_REFUSED);
        }
        return refusal;
    }

    private void count(final Upload upload, final long newBytes) {
        hub.counters().add(GatewayCounter.UPLOADS_BYTES, newBytes - upload.countedBytes());
        room.count(upload, newBytes);
    }

    /** Answers whoever waits for it. */
    static void refuse(final Upload upload, final Refusal why) {
        if (upload.session() != null) {
            upload.session().refuse(upload.requestId(), why);
        }
        answered(upload);
    }

    /** Nobody waits for it any more; a session that only did has come to its end. */
    static void answered(final Upload upload) {
        final Session session = upload.session();
        if (session != null) {
            session.streams().uploadAnswered(upload.requestId());
            session.streams().forget(upload);
            upload.attach(null, -1);
            session.endIfAnswered();
        }
    }

    /** A session ends in order: what has not come whole will not. It is kept if its client may just have been cut off. */
    void onClosing(final Session session, final boolean forgotten) {
        final Upload upload = session.streams().upload();
        if (upload == null || upload.state() != Upload.State.RECEIVING) {
            return;
        }
        session.refuse(
                upload.requestId(),
                Refusal.limit(
                        ErrorCode.UPLOAD_REFUSED,
                        upload.key().totalBytes(),
                        upload.received(),
                        "the session was closed before all of it came: totalBytes="
                                + upload.key().totalBytes() + ", receivedBytes=" + upload.received()));
        session.streams().upload(null);
        if (forgotten) {
            drop(upload);
        }
    }

    /** The node goes away: what has not come whole will not, and is gone with it. */
    void onDrain() {
        for (final Upload upload : uploads.values().toArray(Upload[]::new)) {
            if (upload.state() == Upload.State.RECEIVING) {
                refuse(upload, RequestGate.shuttingDown(hub.limits()));
                drop(upload);
            }
        }
    }

    /** Once a second. */
    void tidy(final long nowNs) {
        if (uploads.isEmpty()) {
            return;
        }
        for (final Upload upload : uploads.values().toArray(Upload[]::new)) {
            if (upload.session() != null && isNotRead(upload.session())) {
                upload.touched(nowNs); // its parts may lie unread: the silence is ours
            }
            final boolean waits = upload.state() == Upload.State.RECEIVING || upload.state() == Upload.State.PARKED;
            if (waits && nowNs - upload.touchedNs() >= timeoutNs) {
                drop(upload);
            }
        }
    }

    private static boolean isNotRead(final Session session) {
        return switch (session.waiting()) {
            case RATE, QUOTA, TURN, RING -> true;
            default -> false;
        };
    }

    /** Forgets it; not while the ring has it. */
    void drop(final Upload upload) {
        detach(upload);
        upload.attach(null, -1);
        uploads.remove(upload.key());
        hub.counters().decrement(GatewayCounter.UPLOADS);
        count(upload, 0);
        upload.state(Upload.State.OVER);
        ask(upload);
    }

    /** How many there are. */
    int count() {
        return uploads.size();
    }
}
