package io.lockstep.engine.memory;

import io.lockstep.codec.RecordKind;
import io.lockstep.engine.port.JournalFailedException;
import io.lockstep.engine.port.JournalReader;
import io.lockstep.engine.port.RecordHandler;
import io.lockstep.engine.record.RecordCheck;
import io.lockstep.engine.record.RecordVerdict;
import io.lockstep.engine.record.RecordView;

/** Reads a {@link MemoryJournal}; looks a sequence up by walking. */
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
        for (long position = 1; position <= last; position++) {
            view.wrap(store.buffer(position), store.offset(position), store.length(position));
            if (view.kind() == RecordKind.CHANGE_SET
                    && view.databaseId() == databaseId
                    && view.sequence() == sequence) {
                next = position;
                return true;
            }
        }
        return false;
    }

    @Override
    public int poll(final RecordHandler handler, final long positionMax, final int limit) {
        final long last = Math.min(positionMax, store.lastPosition());
        int handedOn = 0;
        boolean more = true;
        while (more && handedOn < limit && next <= last) {
            final var buffer = store.buffer(next);
            final int offset = store.offset(next);
            final int length = store.length(next);
            final RecordVerdict verdict = check.check(buffer, offset, length, next);
            if (!verdict.good()) {
                throw new JournalFailedException(
                        JournalFailedException.Kind.DAMAGE,
                        "bad record in memory: position=" + next + ", verdict=" + verdict,
                        null);
            }
            next++;
            handedOn++;
            more = handler.onRecord(buffer, offset, length);
        }
        return handedOn;
    }

    @Override
    public void close() {
        next = Long.MAX_VALUE;
    }
}
