package io.lockstep.gateway.session;

import io.lockstep.codec.RecordKind;
import io.lockstep.engine.port.JournalReader;
import io.lockstep.engine.record.RecordView;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.agrona.DirectBuffer;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.Agent;

/**
 * Reads the journal for sessions that are behind. Tickets come in turn, and each gets one bounded piece, so sessions
 * share the reader fairly. Never reads above the committed position. A thread of its own.
 */
public final class CatchUpAgent implements Agent {
    private static final int RECORDS_PER_POLL = 256;

    /** After so many records without one of the database, the next piece is looked for by sequence. */
    private static final int RECORDS_SCANNED_MAX = 8_192;

    private final CatchUpQueues queues;
    private final Supplier<JournalReader> readers;
    private final LongSupplier committedPosition;
    private final Runnable wakeup;
    private final ErrorHandler errorHandler;
    private final RecordView view = new RecordView();

    private JournalReader reader;
    private CatchUpChunk spareChunk;
    private long readerPosition;
    private boolean failed;

    private CatchUpTicket ticket;
    private CatchUpChunk chunk;
    private long wantedSequence;
    private int scanned;
    private boolean checkFound;
    private long checkActual;
    private long gapSequence;

    /**
     * An agent; its reader is opened with the first ticket.
     *
     * @param queues to the thread of the transports
     * @param readers opens a reader
     * @param committedPosition the limit, readable by any thread
     * @param wakeup wakes the thread of the transports
     * @param errorHandler gets a journal that cannot be read
     */
    public CatchUpAgent(
            final CatchUpQueues queues,
            final Supplier<JournalReader> readers,
            final LongSupplier committedPosition,
            final Runnable wakeup,
            final ErrorHandler errorHandler) {
        this.queues = queues;
        this.readers = readers;
        this.committedPosition = committedPosition;
        this.wakeup = wakeup;
        this.errorHandler = errorHandler;
    }

    @Override
    public int doWork() {
        if (spareChunk == null) {
            spareChunk = queues.takeChunk();
        }
        if (spareChunk == null) {
            return 0;
        }
        ticket = queues.pollRequest();
        if (ticket == null) {
            return 0;
        }
        try {
            serve();
        } catch (final RuntimeException e) {
            failed = true;
            ticket.failed();
            errorHandler.onError(e);
        }
        queues.answer(ticket);
        wakeup.run();
        return 1;
    }

    @Override
    public String roleName() {
        return "catch-up";
    }

    @Override
    public void onClose() {
        if (reader != null) {
            reader.close();
        }
    }

    private void serve() {
        if (failed) {
            ticket.failed();
            return;
        }
        if (reader == null) {
            reader = readers.get();
        }
        // Read once: what is committed later is for the next piece.
        final long positionMax = committedPosition.getAsLong();
        if (ticket.mustVerify() && !verified(positionMax)) {
            return;
        }
        if (!ticket.mustVerify() && !stand()) {
            ticket.beyondRetention(oldestSequence());
            return;
        }
        fill(positionMax);
    }

    /** Stands the reader at, or shortly before, the first record wanted. */
    private boolean stand() {
        final long resumePosition = ticket.resumePosition();
        if (resumePosition == 0) {
            readerPosition = 0;
            return reader.seekSequence(ticket.databaseId(), ticket.fromSequence());
        }
        if (resumePosition != readerPosition) {
            reader.seek(resumePosition);
            readerPosition = resumePosition;
        }
        return true;
    }

    private boolean verified(final long positionMax) {
        readerPosition = 0;
        checkFound = false;
        wantedSequence = ticket.fromSequence() - 1;
        if (reader.seekSequence(ticket.databaseId(), wantedSequence)) {
            int read;
            do {
                read = reader.poll(this::onCursorRecord, positionMax, RECORDS_PER_POLL);
            } while (read > 0 && !checkFound);
        }
        if (!checkFound) {
            ticket.beyondRetention(oldestSequence());
            return false;
        }
        if (checkActual != ticket.expectedCheck()) {
            ticket.historyDiffers(checkActual, oldestSequence());
            return false;
        }
        return true;
    }

    private boolean onCursorRecord(final DirectBuffer buffer, final int offset, final int length) {
        view.wrap(buffer, offset, length);
        readerPosition = view.position() + 1;
        if (isOfDatabase() && view.sequence() == wantedSequence) {
            checkFound = true;
            checkActual = view.hash();
        }
        return !checkFound;
    }

    private void fill(final long positionMax) {
        chunk = spareChunk;
        wantedSequence = ticket.fromSequence();
        gapSequence = 0;
        scanned = 0;
        int read;
        do {
            read = reader.poll(this::onRecord, positionMax, RECORDS_PER_POLL);
            scanned += read;
        } while (read > 0 && chunk.limit() < ticket.bytesMax() && scanned < RECORDS_SCANNED_MAX && gapSequence == 0);
        if (gapSequence != 0) {
            throw new IllegalStateException("the journal has a gap: databaseId=" + ticket.databaseId()
                    + ", expectedSequence=" + wantedSequence + ", foundSequence=" + gapSequence);
        }
        final boolean foundNone = chunk.limit() == 0 && scanned >= RECORDS_SCANNED_MAX;
        ticket.read(chunk, foundNone ? 0 : readerPosition, read > 0);
        spareChunk = null;
    }

    private boolean onRecord(final DirectBuffer buffer, final int offset, final int length) {
        view.wrap(buffer, offset, length);
        readerPosition = view.position() + 1;
        if (!isOfDatabase() || view.sequence() < wantedSequence) {
            return true;
        }
        if (view.sequence() > wantedSequence) {
            gapSequence = view.sequence();
            return false;
        }
        chunk.add(view.position(), wantedSequence, buffer, offset, length);
        wantedSequence++;
        return chunk.limit() < ticket.bytesMax();
    }

    private boolean isOfDatabase() {
        return view.databaseId() == ticket.databaseId() && view.kind() == RecordKind.CHANGE_SET;
    }

    /** By halving: sequences are held from some one on. */
    private long oldestSequence() {
        long missing = 0;
        long held = ticket.fromSequence();
        if (!reader.seekSequence(ticket.databaseId(), held)) {
            held = Math.max(1, held - 1);
        }
        while (held - missing > 1) {
            final long middle = missing + (held - missing) / 2;
            if (reader.seekSequence(ticket.databaseId(), middle)) {
                held = middle;
            } else {
                missing = middle;
            }
        }
        readerPosition = 0;
        return held;
    }
}
