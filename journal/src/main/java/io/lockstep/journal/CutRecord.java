package io.lockstep.journal;

import io.lockstep.engine.record.Incarnation;
import io.lockstep.engine.record.NodeRecordWriter;
import io.lockstep.engine.record.RecordSealer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** The record that voids a torn tail; it takes the first voided position. */
final class CutRecord {
    private final MutableDirectBuffer buffer = new UnsafeBuffer(new byte[NodeRecordWriter.LENGTH_MAX]);
    private final int length;

    /**
     * Makes and seals one.
     *
     * @param incarnation of the journal
     * @param kept the last record kept
     * @param from first position voided
     * @param to last position voided
     */
    CutRecord(final Incarnation incarnation, final LastRecord kept, final long from, final long to) {
        length = new NodeRecordWriter(kept.rulesVersion())
                .wrap(buffer, 0, kept.epoch(), kept.stampedTimeMs())
                .cut(from, to, kept.hash());
        new RecordSealer(incarnation, kept.position(), kept.hash()).seal(buffer, 0, length, kept.durablePosition());
    }

    /**
     * What a cut takes over from the record before it.
     *
     * @param position its position
     * @param hash its hash
     * @param epoch its epoch
     * @param rulesVersion its rules
     * @param stampedTimeMs its time
     * @param durablePosition highest position known to be durable, below the cut
     */
    record LastRecord(
            long position, long hash, long epoch, int rulesVersion, long stampedTimeMs, long durablePosition) {}

    MutableDirectBuffer buffer() {
        return buffer;
    }

    int length() {
        return length;
    }
}
