package io.lockstep.gateway.session;

import io.lockstep.codec.ErrorCode;
import io.lockstep.gateway.session.SessionPublisher.Refusal;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Whether there is room for one more upload. A principal has half of what there is, or one upload; where there is none left,
 * what has been without a part for long makes room: who only announces keeps nobody else out. Thread of the transports.
 */
final class UploadRoom {
    /** At most so many, however small they are. */
    static final int UPLOADS_MAX = 4_096;

    /** Without a part for so long, an upload makes room for others. Not before: a part takes its time on a slow line. */
    static final long STALLED_MS = 30_000;

    private static final int SHARES = 2;

    private final long bytesMax;
    private final int retryMs;
    private long bytes;

    UploadRoom(final long bytesMax, final int retryMs) {
        this.bytesMax = bytesMax;
        this.retryMs = retryMs;
    }

    /** From now on its memory is so much. */
    void count(final Upload upload, final long newBytes) {
        bytes += newBytes - upload.countedBytes();
        upload.counted(newBytes);
    }

    /** Null if its principal may have one more. */
    Refusal refusalOfShare(final Collection<Upload> uploads, final Upload.Key key) {
        return refusalOfShare(uploads, key, key.totalBytes(), 0);
    }

    /** Null if its principal may have the second form of one besides. */
    Refusal refusalOfFolding(final Collection<Upload> uploads, final Upload upload) {
        final long both = upload.countedBytes() + upload.foldBytes();
        return both > bytesMax
                ? Refusal.limit(
                        ErrorCode.CHANGE_SET_TOO_LARGE,
                        bytesMax,
                        both,
                        "with its keys in the database's form beside those that came: uploadsBytesMax=" + bytesMax
                                + ", bytes=" + both)
                : refusalOfShare(uploads, upload.key(), upload.foldBytes(), 1);
    }

    private Refusal refusalOfShare(
            final Collection<Upload> uploads, final Upload.Key key, final int more, final int counted) {
        long ownBytes = 0;
        int ownCount = 0;
        for (final Upload each : uploads) {
            if (each.key().principalId() == key.principalId()) {
                ownBytes += each.countedBytes();
                ownCount++;
            }
        }
        final long share = bytesMax / SHARES;
        if (ownCount > counted && ownBytes + more > share) {
            return busy(
                    share,
                    ownBytes + more,
                    "no memory for another upload of this principal: share of uploadsBytesMax=" + share + ", bytes="
                            + ownBytes);
        }
        final int countMax = UPLOADS_MAX / SHARES;
        return ownCount - counted < countMax
                ? null
                : busy(countMax, ownCount + 1L, "too many uploads of this principal: max=" + countMax);
    }

    /** Null if there is room for so many, and so many bytes more. */
    Refusal refusal(final int count, final long more) {
        if (bytes + more > bytesMax) {
            return busy(
                    bytesMax,
                    bytes + more,
                    "no memory for another upload: uploadsBytesMax=" + bytesMax + ", bytes=" + bytes);
        }
        return count <= UPLOADS_MAX ? null : busy(UPLOADS_MAX, count, "too many uploads: max=" + UPLOADS_MAX);
    }

    /**
     * Of those that may make room the one that has been without a part for longest, or without a client that has its
     * database open, if that is long; null if there is none.
     */
    static Upload stalled(final Collection<Upload> uploads, final Predicate<Upload> makesRoom, final long nowNs) {
        Upload longest = null;
        for (final Upload each : uploads) {
            final boolean waits = each.state() == Upload.State.RECEIVING || each.state() == Upload.State.PARKED;
            if (waits
                    && makesRoom.test(each)
                    && nowNs - each.touchedNs() >= TimeUnit.MILLISECONDS.toNanos(STALLED_MS)
                    && (longest == null || each.touchedNs() - longest.touchedNs() < 0)) {
                longest = each;
            }
        }
        return longest;
    }

    /** What the client of one that makes room is told. */
    Refusal madeRoom(final Upload upload, final long nowNs) {
        return busy(
                STALLED_MS,
                TimeUnit.NANOSECONDS.toMillis(nowNs - upload.touchedNs()),
                "the upload was without a part for too long and made room for others: stalledMs=" + STALLED_MS);
    }

    private Refusal busy(final long limit, final long actual, final String text) {
        return Refusal.retry(ErrorCode.BUSY, retryMs, limit, actual, text);
    }
}
