package io.lockstep.engine.memory;

import io.lockstep.engine.port.JournalFailedException;
import io.lockstep.engine.port.JournalReader;
import io.lockstep.engine.port.RecordHandler;
import io.lockstep.engine.record.RecordCheck;
import io.lockstep.engine.record.RecordVerdict;
import io.lockstep.engine.record.RecordView;

/** Reads a {@link MemoryJournal}; looks up by walking. */
final class MemoryJournalReader implements JournalReader {
    private final RecordStore store;
    private final RecordCheck check = new RecordCheck();
    private final RecordView view = new RecordView();
    private long next = 1;

    MemoryJournalReader(final RecordStore store) {
        this.store = store;
    }

    @Override
    public void seek(final long position) {
        final long last = store.lastPosition();
        if (position < 1 || position > last + 1) {
            throw new IllegalArgumentException("position=" + position + ", writtenPosition=" + last);
        }
        next = position;
    }

    @Override
    public boolean seekSequence(final int databaseId, final long sequence) {
        final long last = store.lastPosition();
        for (long position = nextOf(databaseId, 1, last);
                position <= last;
                position = nextOf(databaseId, position + 1, last)) {
            if (view.sequence() == sequence) {
                next = position;
                return true;
            }
        }
        return false;
    }

    @Override
    public long oldestSequence(final int databaseId) {
        final long last = store.lastPosition();
        return nextOf(databaseId, 1, last) <= last ? view.sequence() : 0;
    }

    /** The first change set of a database from a position on, at which the view then stands; above the last if none. */
    private long nextOf(final int databaseId, final long from, final long last) {
        long position = from;
        while (position <= last) {
            view.wrap(store.buffer(position), store.offset(position), store.length(position));
            if (view.databaseId() == databaseId && RecordView.hasSequence(view.kind())) {
                return position;
            }
            position++;
        }
        return position;
    }

    @Override
    public int poll(final RecordHandler handler, final long positionMax, final int limit) {
        final long last = Math.min(positionMax, store.lastPosition());
        int handedOn = 0;
        boolean more = true;
        while (more && handedOn < limit && next <= last) {
            handedOn++;
            more = handOn(handler, next);
        }
        return handedOn;
    }

    @Override
    public int pollDatabase(
            final int databaseId, final RecordHandler handler, final long positionMax, final int limit) {
        final long last = Math.min(positionMax, store.lastPosition());
        int handedOn = 0;
        boolean more = true;
        while (more && handedOn < limit) {
            final long position = nextOf(databaseId, next, last);
            if (position > last) {
                break;
            }
            handedOn++;
            more = handOn(handler, position);
        }
        return handedOn;
    }

    private boolean handOn(final RecordHandler handler, final long position) {
        final var buffer = store.buffer(position);
        final int offset = store.offset(position);
        final int length = store.length(position);
        final RecordVerdict verdict = check.check(buffer, offset, length, position);
        if (!verdict.good()) {
            throw new JournalFailedException(
                    JournalFailedException.Kind.DAMAGE,
                    "bad record in memory: position=" + position + ", verdict=" + verdict,
                    null);
        }
        next = position + 1;
        return handler.onRecord(buffer, offset, length);
    }

    @Override
    public void close() {
        next = Long.MAX_VALUE;
    }
}
