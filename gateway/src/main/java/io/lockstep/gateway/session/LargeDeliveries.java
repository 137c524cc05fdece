package io.lockstep.gateway.session;

import io.lockstep.codec.RecordKind;
import io.lockstep.codec.filter.ChangeFilters;
import io.lockstep.engine.delivery.DeliveryEncoder;
import io.lockstep.engine.delivery.DeliveryFilter;
import io.lockstep.engine.port.BeyondRetentionException;
import io.lockstep.engine.port.JournalReader;
import io.lockstep.engine.record.LargeSetAssembly;
import io.lockstep.engine.record.RecordView;
import java.nio.ByteBuffer;
import java.util.function.Supplier;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Makes the deliveries of large change sets out of the journal: one at a time, kept while sessions take parts of it. The
 * memory is that of the largest set, twice, until {@link #release}. Reader's thread.
 */
final class LargeDeliveries implements AutoCloseable {
    private static final int RECORDS_PER_POLL = 1_024;
    private static final UnsafeBuffer NOTHING = new UnsafeBuffer(0, 0);

    private final Supplier<JournalReader> readers;
    private final LargeSetAssembly assembly = new LargeSetAssembly();
    private final DeliveryEncoder encoder = new DeliveryEncoder();
    private final DeliveryFilter filter = new DeliveryFilter();
    private final RecordView view = new RecordView();
    private JournalReader reader;
    private UnsafeBuffer delivery = NOTHING;
    private ChangeFilters filters;
    private int databaseId;
    private long position;
    private int length;
    private boolean assembled;

    LargeDeliveries(final Supplier<JournalReader> readers) {
        this.readers = readers;
    }

    /**
     * Makes the delivery of a LARGE_CHANGE_SET.
     *
     * @return its bytes; 0 if nothing matches
     * @throws BeyondRetentionException if its parts were given up
     */
    int load(final RecordView record, final ChangeFilters newFilters) {
        final boolean sameSet = record.position() == position && record.databaseId() == databaseId;
        if (sameSet && newFilters.equals(filters)) {
            return length;
        }
        databaseId = record.databaseId();
        position = record.position();
        filters = newFilters;
        assemble(assembly.firstPart(record));
        encode();
        return length;
    }

    /** Good until the next one is made. */
    UnsafeBuffer buffer() {
        return delivery;
    }

    private void assemble(final long firstPart) {
        if (reader == null) {
            reader = readers.get();
        }
        reader.seek(firstPart);
        assembled = false;
        while (!assembled) {
            if (reader.poll(this::onRecord, position, RECORDS_PER_POLL) == 0) {
                throw new IllegalStateException("the journal ends within a large change set: position=" + position);
            }
        }
    }

    private boolean onRecord(final DirectBuffer buffer, final int offset, final int recordLength) {
        view.wrap(buffer, offset, recordLength);
        if (view.databaseId() != databaseId) {
            return true;
        }
        if (view.kind() == RecordKind.SET_PART) {
            require(assembly.onPart(view));
        } else if (view.position() == position) {
            require(assembly.onLargeSet(view));
            assembled = true;
            return false;
        }
        return true;
    }

    private void require(final boolean follows) {
        if (!follows) {
            throw new IllegalStateException(
                    "parts of a large change set do not follow: position=" + view.position() + ", set=" + position);
        }
    }

    private void encode() {
        final int needed = DeliveryEncoder.lengthMax(assembly.length());
        if (delivery.capacity() < needed) {
            free();
            delivery = new UnsafeBuffer(ByteBuffer.allocateDirect(needed));
        }
        length = encoder.encode(assembly.buffer(), 0, assembly.length(), delivery, 0);
        assembly.close();
        if (!filters.isAll()) {
            if (filter.match(filters, delivery, 0) == 0) {
                length = 0;
            } else if (!filter.isWhole()) {
                length = filter.copy(0, delivery, 0);
            }
        }
    }

    private void free() {
        if (delivery.capacity() > 0) {
            BufferUtil.free(delivery);
            delivery = NOTHING;
        }
    }

    /** Gives the memory back. */
    void release() {
        free();
        assembly.close();
        position = 0;
        databaseId = 0;
    }

    @Override
    public void close() {
        release();
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }
}
