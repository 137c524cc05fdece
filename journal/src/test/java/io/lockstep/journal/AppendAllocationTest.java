package io.lockstep.journal;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import io.lockstep.codec.RecordKind;
import io.lockstep.engine.record.RecordDescriptor;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppendAllocationTest {
    private static final int RECORD_BYTES = 200;
    private static final int APPENDS = 20_000;
    private static final int ROUNDS_MAX = 100;

    @TempDir
    private Path folder;

    @Test
    void shouldAllocateNothingOnTheHeapWhileAppending() {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long self = Thread.currentThread().getId();
        final SampleRecords records = new SampleRecords();
        try (ChronicleJournal journal = ChronicleJournal.open(JournalFixture.context(folder)
                .fileBytes(64L * JournalFixture.FILE_BYTES)
                .conclude())) {
            records.genesis(0);
            // Only what the index looks at has to be right.
            records.buffer().putByte(RecordDescriptor.KIND_OFFSET, (byte) RecordKind.CHANGE_SET.value());
            long leastBytes = Long.MAX_VALUE;
            long position = 0;
            for (int round = 0; round < ROUNDS_MAX && leastBytes > 0; round++) {
                final long before = threads.getThreadAllocatedBytes(self);
                for (int i = 0; i < APPENDS; i++) {
                    records.buffer().putLong(RecordDescriptor.POSITION_OFFSET, ++position, LITTLE_ENDIAN);
                    records.buffer().putInt(RecordDescriptor.DATABASE_ID_OFFSET, 1 + i % 1_000, LITTLE_ENDIAN);
                    records.buffer().putLong(RecordDescriptor.SEQUENCE_OFFSET, 1 + position / 1_000, LITTLE_ENDIAN);
                    journal.append(records.buffer(), 0, RECORD_BYTES);
                    journal.batchAppended();
                }
                leastBytes = Math.min(leastBytes, threads.getThreadAllocatedBytes(self) - before);
            }
            // Some round allocates: a new file, pages of the index when the background thread is late, and whatever is
            // compiled late, which on a slow machine takes many rounds. No round is free of what each append does.
            assertEquals(0, leastBytes, "appends=" + APPENDS);
        }
    }
}
