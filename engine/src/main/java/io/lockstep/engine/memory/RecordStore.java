package io.lockstep.engine.memory;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Records in chunks of memory with an index by position. One thread appends; any thread may read what lies at or below
 * {@link #lastPosition()}, which is stored last.
 *
 * <p>When recycling, a fixed number of chunks is used in turn and the index is a ring: positions that fell out are
 * gone, and a reader that is overtaken reads rubbish.
 */
final class RecordStore {
    private static final int FIRST_CHUNK_BYTES = 1 << 16;
    private static final int CHUNK_BYTES = 1 << 22;
    private static final int RECYCLED_CHUNKS = 4;
    private static final int RECYCLED_INDEX = 1 << 16;

    private final boolean recycling;
    private UnsafeBuffer[] chunks = new UnsafeBuffer[RECYCLED_CHUNKS];
    private long[] places;
    private int[] lengths;
    private int chunk;
    private int used;
    private volatile long lastPosition;

    RecordStore(final boolean recycling) {
        this.recycling = recycling;
        this.places = new long[recycling ? RECYCLED_INDEX : 1024];
        this.lengths = new int[places.length];
        this.chunks[0] = newChunk(recycling ? CHUNK_BYTES : FIRST_CHUNK_BYTES);
    }

    private static UnsafeBuffer newChunk(final int bytes) {
        return new UnsafeBuffer(ByteBuffer.allocateDirect(bytes));
    }

    void append(final DirectBuffer buffer, final int offset, final int length) {
        if (used + length > chunks[chunk].capacity()) {
            nextChunk(length);
        }
        final long position = lastPosition + 1;
        final int slot = slot(position);
        chunks[chunk].putBytes(used, buffer, offset, length);
        places[slot] = (long) chunk << 32 | used;
        lengths[slot] = length;
        used += length;
        lastPosition = position;
    }

    private void nextChunk(final int length) {
        final int bytes = recycling ? CHUNK_BYTES : Math.min(CHUNK_BYTES, 2 * chunks[chunk].capacity());
        used = 0;
        chunk++;
        if (recycling && chunk == RECYCLED_CHUNKS) {
            chunk = 0;
        }
        if (chunk == chunks.length) {
            chunks = Arrays.copyOf(chunks, chunks.length * 2);
        }
        if (chunks[chunk] == null || chunks[chunk].capacity() < length) {
            chunks[chunk] = newChunk(Math.max(bytes, length));
        }
    }

    private int slot(final long position) {
        if (recycling) {
            return (int) position & RECYCLED_INDEX - 1;
        }
        final int slot = Math.toIntExact(position - 1);
        if (slot == places.length) {
            lengths = Arrays.copyOf(lengths, slot * 2);
            places = Arrays.copyOf(places, slot * 2);
        }
        return slot;
    }

    private int slotOf(final long position) {
        return recycling ? (int) position & RECYCLED_INDEX - 1 : (int) (position - 1);
    }

    UnsafeBuffer buffer(final long position) {
        return chunks[(int) (places[slotOf(position)] >>> 32)];
    }

    int offset(final long position) {
        return (int) places[slotOf(position)];
    }

    int length(final long position) {
        return lengths[slotOf(position)];
    }

    long lastPosition() {
        return lastPosition;
    }

    RecordStore copy(final long toPosition) {
        final RecordStore copied = new RecordStore(recycling);
        for (long position = 1; position <= toPosition; position++) {
            copied.append(buffer(position), offset(position), length(position));
        }
        return copied;
    }
}
