package io.lockstep.client.store;

import java.io.IOException;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Reads the records of one file, and judges where they end.
 *
 * <p>A place without a sound record is a torn tail only if nothing sound says that it was on stable storage, and if bytes
 * are missing there: the file ends, or whole sectors were never written. Everything else is damage, and the file is left
 * alone.
 */
final class RecordScan {
    private static final int SECTOR_BYTES = 512;

    private final Path path;
    private final UnsafeBuffer payload = new UnsafeBuffer(0, 0);
    private long end;
    private long checkpointEnd;
    private long durableMax;

    private RecordScan(final Path path) {
        this.path = path;
    }

    /** Reads a file; what it throws comes after the sound records were handed over. */
    static RecordScan read(final Path path, final RecordHandler handler) throws IOException {
        final RecordScan scan = new RecordScan(path);
        try (FileWindow window = new FileWindow(path)) {
            scan.records(window, handler);
            if (scan.end < window.length()) {
                scan.judge(window);
            }
        }
        if (scan.checkpointEnd == 0) {
            throw StoreException.damaged(path, scan.end, "the checkpoint has no end");
        }
        return scan;
    }

    /** Reads what is sound of a file, whatever is wrong with the rest. */
    static void salvage(final Path path, final RecordHandler handler) throws IOException {
        final RecordScan scan = new RecordScan(path);
        try (FileWindow window = new FileWindow(path)) {
            while (scan.end + RecordDescriptor.HEADER_LENGTH <= window.length()) {
                scan.records(window, handler);
                scan.end += RecordDescriptor.ALIGNMENT;
            }
        }
    }

    /** Where the next record goes; what is behind is torn. */
    long end() {
        return end;
    }

    /** Bytes of the checkpoint that the file begins with. */
    long checkpointEnd() {
        return checkpointEnd;
    }

    private void records(final FileWindow window, final RecordHandler handler) throws IOException {
        while (isSound(window, end)) {
            final int at = window.at(end, RecordDescriptor.HEADER_LENGTH);
            final int length = RecordDescriptor.payloadLength(window.bytes(), at);
            final int kind = RecordDescriptor.kind(window.bytes(), at);
            durableMax = Math.max(durableMax, RecordDescriptor.durable(window.bytes(), at));
            end += RecordDescriptor.recordLength(length);
            if (kind == Store.KIND_CHECKPOINT_END) {
                checkpointEnd = end;
            } else if (kind != Store.KIND_MARK) {
                payload.wrap(window.bytes(), at + RecordDescriptor.HEADER_LENGTH, length);
                handler.onRecord(kind, payload, 0, length);
            }
        }
    }

    /** Leaves the whole record in the window. */
    private static boolean isSound(final FileWindow window, final long position) throws IOException {
        final long left = window.length() - position;
        if (left < RecordDescriptor.HEADER_LENGTH) {
            return false;
        }
        int at = window.at(position, RecordDescriptor.HEADER_LENGTH);
        if (!RecordDescriptor.isHeader(window.bytes(), at)) {
            return false;
        }
        final long length = RecordDescriptor.recordLength(RecordDescriptor.payloadLength(window.bytes(), at));
        if (length > left) {
            return false;
        }
        at = window.at(position, (int) length);
        return RecordDescriptor.isPayload(window.bytes(), at);
    }

    private void judge(final FileWindow window) throws IOException {
        for (long at = end + RecordDescriptor.ALIGNMENT;
                at + RecordDescriptor.HEADER_LENGTH <= window.length();
                at += RecordDescriptor.ALIGNMENT) {
            if (isSound(window, at)) {
                durableMax = Math.max(
                        durableMax,
                        RecordDescriptor.durable(window.bytes(), window.at(at, RecordDescriptor.HEADER_LENGTH)));
            }
        }
        if (end < durableMax) {
            throw StoreException.damaged(path, end, "a record that was on stable storage, durable=" + durableMax);
        }
        if (!isMissing(window)) {
            throw StoreException.damaged(path, end, "a record that is whole and wrong");
        }
    }

    private boolean isMissing(final FileWindow window) throws IOException {
        final long left = window.length() - end;
        if (left < RecordDescriptor.HEADER_LENGTH) {
            return true;
        }
        final int at = window.at(end, RecordDescriptor.HEADER_LENGTH);
        if (!RecordDescriptor.isHeader(window.bytes(), at)) {
            return hasZeroSector(window, end, end + RecordDescriptor.HEADER_LENGTH);
        }
        final long length = RecordDescriptor.recordLength(RecordDescriptor.payloadLength(window.bytes(), at));
        return length > left || hasZeroSector(window, end, end + length);
    }

    /** Whether the part of one sector that lies between two positions, but never less than 16 bytes of it, is zero. */
    private static boolean hasZeroSector(final FileWindow window, final long from, final long to) throws IOException {
        long start = from;
        while (start < to) {
            final long sectorEnd = Math.min(to, (start / SECTOR_BYTES + 1) * SECTOR_BYTES);
            final int count = (int) (sectorEnd - start);
            if (count >= 2 * RecordDescriptor.ALIGNMENT && isZero(window, start, count)) {
                return true;
            }
            start = sectorEnd;
        }
        return false;
    }

    private static boolean isZero(final FileWindow window, final long position, final int count) throws IOException {
        final int at = window.at(position, count);
        for (int i = 0; i < count; i++) {
            if (window.bytes()[at + i] != 0) {
                return false;
            }
        }
        return true;
    }
}
