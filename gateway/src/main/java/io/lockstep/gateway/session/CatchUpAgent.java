package io.lockstep.gateway.session;

import io.lockstep.codec.RecordKind;
import io.lockstep.codec.frame.FrameDescriptor;
import io.lockstep.codec.frame.FrameLimits;
import io.lockstep.engine.port.BeyondRetentionException;
import io.lockstep.engine.port.JournalReader;
import io.lockstep.engine.record.RecordView;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.agrona.DirectBuffer;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;

/**
 * Reads the journal for sessions that are behind. Tickets come in turn, and each gets one bounded piece, so sessions
 * share the reader fairly. A piece costs what is in it: the records of other databases are not looked at. Who wants a large
 * change set waits aside until it is made. Never reads above the committed position. A thread of its own.
 */
public final class CatchUpAgent implements Agent {
    private static final int RECORDS_PER_POLL = 256;

    /** Of a part of a large delivery. */
    private static final int PART_BYTES = 256 << 10;

    /** So that one session whose filters match little does not keep the reader from the others. */
    private static final int SEQUENCES_PER_PIECE_MAX = 8_192;

    private final CatchUpQueues queues;
    private final Supplier<JournalReader> readers;
    private final LongSupplier committedPosition;
    private final Runnable wakeup;
    private final ErrorHandler errorHandler;
    private final CatchUpPace pace;
    private final int messageBytesMax;
    private final LargeDeliveries large;
    private final RecordView view = new RecordView();

    private JournalReader reader;
    private CatchUpChunk spareChunk;
    private long readerPosition;
    private boolean failed;
    private boolean asideNext;

    private CatchUpTicket ticket;
    private CatchUpChunk chunk;
    private long wantedSequence;
    private long checkActual;
    private boolean headGivenUp;
    private long gapSequence;
    private long againFrom;
    private boolean setAside;

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
        this(
                queues,
                readers,
                committedPosition,
                wakeup,
                errorHandler,
                CatchUpPace.NONE,
                FrameLimits.DEFAULT.frameBytesMax(),
                SystemNanoClock.INSTANCE);
    }

    /**
     * An agent with a budget; its reader is opened with the first ticket.
     *
     * @param queues to the thread of the transports
     * @param readers opens a reader
     * @param committedPosition the limit, readable by any thread
     * @param wakeup wakes the thread of the transports
     * @param errorHandler gets a journal that cannot be read
     * @param pace says when the next piece may be read
     * @param frameBytesMax largest frame, framing header included
     * @param clock monotonic
     */
    public CatchUpAgent(
            final CatchUpQueues queues,
            final Supplier<JournalReader> readers,
            final LongSupplier committedPosition,
            final Runnable wakeup,
            final ErrorHandler errorHandler,
            final CatchUpPace pace,
            final int frameBytesMax,
            final NanoClock clock) {
        this.pace = pace;
        this.messageBytesMax = frameBytesMax - FrameDescriptor.HEADER_LENGTH;
        large = new LargeDeliveries(readers, queues, clock);
        this.queues = queues;
        this.readers = readers;
        this.committedPosition = committedPosition;
        this.wakeup = wakeup;
        this.errorHandler = errorHandler;
    }

    @Override
    public int doWork() {
        final int served = serveNext();
        return served + large.doWork(served > 0);
    }

    private int serveNext() {
        if (spareChunk == null) {
            spareChunk = queues.takeChunk();
        }
        if (spareChunk == null || !queues.hasRoomForAnswer() || pace.isHeldUp(committedPosition.getAsLong())) {
            return 0;
        }
        ticket = nextTicket();
        if (ticket == null) {
            return 0;
        }
        setAside = false;
        try {
            serve();
        } catch (final BeyondRetentionException e) {
            serveBesideRetention();
        } catch (final RuntimeException e) {
            failed = true;
            ticket.failed();
            errorHandler.onError(e);
        }
        if (!setAside) {
            queues.answer(ticket);
            wakeup.run();
        }
        return 1;
    }

    /** Those that were set aside and those that come take turns. */
    private CatchUpTicket nextTicket() {
        asideNext = !asideNext;
        final CatchUpTicket next = asideNext ? large.poll() : queues.pollRequest();
        if (next != null) {
            return next;
        }
        return asideNext ? queues.pollRequest() : large.poll();
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
        large.close();
    }

    private void serve() {
        if (failed || ticket.isUnwanted()) {
            ticket.failed();
            return;
        }
        if (reader == null) {
            reader = readers.get();
        }
        if (ticket.refusal() != null) {
            ticket.refused(reader.oldestSequence(ticket.databaseId()));
            return;
        }
        // Read once: what is committed later is for the next piece.
        final long positionMax = committedPosition.getAsLong();
        if (ticket.mustVerify() && !verified(positionMax)) {
            return;
        }
        if (ticket.mustVerify() && headGivenUp && !reader.seekSequence(ticket.databaseId(), ticket.fromSequence())) {
            serveNothing();
            return;
        }
        if (!ticket.mustVerify() && !stand()) {
            ticket.beyondRetention(reader.oldestSequence(ticket.databaseId()));
            return;
        }
        fill(positionMax);
    }

    /** The cursor's record was given up, and the one after it is not there: it has everything, or lacks what went too. */
    private void serveNothing() {
        final long oldest = reader.oldestSequence(ticket.databaseId());
        if (oldest != 0) {
            ticket.beyondRetention(oldest);
            return;
        }
        ticket.read(spareChunk, 0, false);
        spareChunk = null;
    }

    /**
     * Files were given up where the reader stood, or while it read. What the ticket wants may lie behind them all the
     * same; if not, what the chunk holds is not sent, and the client starts over.
     */
    private void serveBesideRetention() {
        spareChunk.clear();
        readerPosition = 0;
        try {
            if (ticket.resumePosition() != 0 && reader.seekSequence(ticket.databaseId(), ticket.fromSequence())) {
                fill(committedPosition.getAsLong());
                return;
            }
        } catch (final BeyondRetentionException e) {
            spareChunk.clear();
            readerPosition = 0;
        }
        ticket.beyondRetention(reader.oldestSequence(ticket.databaseId()));
    }

    /** Stands the reader at the first record wanted, or behind the one that was read last. */
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
        headGivenUp = false;
        final long cursor = ticket.fromSequence() - 1;
        if (!reader.seekSequence(ticket.databaseId(), cursor)
                || reader.poll(this::onCursorRecord, positionMax, 1) == 0) {
            checkActual = reader.retainedCheck(ticket.databaseId(), cursor);
            headGivenUp = checkActual != 0;
            if (!headGivenUp) {
                ticket.beyondRetention(reader.oldestSequence(ticket.databaseId()));
                return false;
            }
        }
        if (checkActual != ticket.expectedCheck()) {
            ticket.historyDiffers(checkActual, reader.oldestSequence(ticket.databaseId()));
            return false;
        }
        return true;
    }

    private boolean onCursorRecord(final DirectBuffer buffer, final int offset, final int length) {
        view.wrap(buffer, offset, length);
        readerPosition = view.position() + 1;
        checkActual = view.hash();
        return true;
    }

    private void fill(final long positionMax) {
        chunk = spareChunk;
        wantedSequence = ticket.fromSequence();
        gapSequence = 0;
        againFrom = 0;
        int read;
        do {
            read = reader.pollDatabase(ticket.databaseId(), this::onRecord, positionMax, RECORDS_PER_POLL);
        } while (read > 0 && isWithinBounds() && gapSequence == 0 && againFrom == 0);
        if (setAside) {
            readerPosition = 0;
            return;
        }
        if (gapSequence != 0) {
            throw new IllegalStateException("the journal has a gap: databaseId=" + ticket.databaseId()
                    + ", expectedSequence=" + wantedSequence + ", foundSequence=" + gapSequence);
        }
        pace.read(chunk.limit());
        if (againFrom != 0) {
            readerPosition = 0; // it stands behind the record that is to be read again
        }
        ticket.read(chunk, againFrom != 0 ? againFrom : readerPosition, read > 0);
        spareChunk = null;
    }

    private boolean onRecord(final DirectBuffer buffer, final int offset, final int length) {
        view.wrap(buffer, offset, length);
        readerPosition = view.position() + 1;
        if (view.sequence() < wantedSequence) {
            return true;
        }
        if (view.sequence() > wantedSequence) {
            gapSequence = view.sequence();
            return false;
        }
        if (view.kind() == RecordKind.LARGE_CHANGE_SET) {
            return onLargeSet();
        }
        chunk.add(view.position(), wantedSequence, ticket.lastCheck(), ticket.filters(), buffer, offset, length);
        ticket.examined(wantedSequence, view.hash());
        wantedSequence++;
        return isWithinBounds();
    }

    /** As a delivery of its own if it fits a frame, otherwise the next part of it; either begins a piece. */
    private boolean onLargeSet() {
        setAside = wantedSequence == ticket.fromSequence() && !large.load(view, ticket);
        if (setAside || wantedSequence != ticket.fromSequence()) {
            againFrom = view.position();
            return false;
        }
        final int length = large.length();
        final int from = ticket.partFrom();
        final int partLength = Math.min(Math.min(PART_BYTES, messageBytesMax / 2), length - from);
        final boolean isWhole = length <= messageBytesMax;
        large.taken(ticket, !isWhole && from + partLength < length);
        if (length > 0 && isWhole) {
            chunk.addEncoded(view.position(), wantedSequence, ticket.lastCheck(), large, length);
        } else if (length > 0) {
            chunk.addPart(view.position(), wantedSequence, ticket.lastCheck(), large, from, partLength, length);
            if (from + partLength < length) {
                againFrom = view.position();
                return false;
            }
        }
        ticket.examined(wantedSequence, view.hash());
        wantedSequence++;
        return isWithinBounds();
    }

    /** What does not match takes no bytes, but time. */
    private boolean isWithinBounds() {
        return chunk.limit() < ticket.bytesMax() && wantedSequence - ticket.fromSequence() < SEQUENCES_PER_PIECE_MAX;
    }
}
