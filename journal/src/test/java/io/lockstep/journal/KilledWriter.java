package io.lockstep.journal;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A process that appends until it is killed, and says on standard output what it could have acknowledged. */
final class KilledWriter {
    private static final int BATCH = 7;

    private KilledWriter() {}

    /**
     * Runs.
     *
     * @param args data folder; {@code journaled} or {@code synced}; seed of the record sizes
     */
    public static void main(final String[] args) {
        final boolean synced = args[1].equals("synced");
        final java.util.Random random = new java.util.Random(Long.parseLong(args[2]));
        final ChronicleJournal journal = JournalFixture.open(Path.of(args[0]));
        final SampleRecords records = new SampleRecords();
        final java.util.List<byte[]> read = JournalFixture.read(journal);
        if (!read.isEmpty()) {
            final var last = new org.agrona.concurrent.UnsafeBuffer(read.get(read.size() - 1));
            records.continueAfter(journal.writtenPosition(), RecordFields.hash(last, 0));
        }
        say("open " + journal.writtenPosition());
        while (true) {
            records.append(journal, records.lastPosition() + BATCH, random.nextInt(2_000));
            while (synced && journal.durablePosition() < records.lastPosition()) {
                Thread.onSpinWait();
            }
            say("acknowledged " + records.lastPosition());
        }
    }

    private static void say(final String line) {
        final byte[] bytes = (line + ".\n").getBytes(StandardCharsets.US_ASCII);
        System.out.write(bytes, 0, bytes.length);
        System.out.flush();
    }
}
