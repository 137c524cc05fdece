package io.lockstep.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.codec.RecordKind;
import io.lockstep.engine.port.JournalReader;
import io.lockstep.engine.record.RecordDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.agrona.DirectBuffer;

/** What a journal's index must know, kept the naive way: all records in order. */
final class IndexModel {
    /** Ids that are used; one more is asked for. */
    static final int DATABASES = 12;

    /**
     * A record.
     *
     * @param databaseId 0 if it holds no sequence
     * @param sequence of the database
     * @param hash of the record
     */
    private record Known(int databaseId, long sequence, long hash) {}

    private final List<Known> records = new ArrayList<>();

    void add(final DirectBuffer buffer, final int offset) {
        records.add(known(buffer, offset));
    }

    private static Known known(final DirectBuffer buffer, final int offset) {
        final boolean changeSet =
                buffer.getByte(offset + RecordDescriptor.KIND_OFFSET) == RecordKind.CHANGE_SET.value();
        return new Known(
                changeSet ? RecordFields.databaseId(buffer, offset) : 0,
                changeSet ? RecordFields.sequence(buffer, offset) : 0,
                RecordFields.hash(buffer, offset));
    }

    int size() {
        return records.size();
    }

    long lastHash() {
        return records.get(records.size() - 1).hash;
    }

    long lastSequence(final int databaseId) {
        for (int i = records.size() - 1; i >= 0; i--) {
            if (records.get(i).databaseId == databaseId) {
                return records.get(i).sequence;
            }
        }
        return 0;
    }

    /** Takes over what the journal holds now; the first so many must be the same as before. */
    void replace(final JournalReader reader, final int kept) {
        final List<Known> read = new ArrayList<>();
        reader.seek(1);
        reader.poll((buffer, offset, length) -> read.add(known(buffer, offset)), Long.MAX_VALUE, Integer.MAX_VALUE);
        assertTrue(read.size() >= kept, "records=" + read.size() + ", kept=" + kept);
        assertEquals(records.subList(0, kept), read.subList(0, kept));
        records.clear();
        records.addAll(read);
    }

    /** Asks a reader a few random questions. */
    void ask(final JournalReader reader, final Random random, final int questions) {
        for (int i = 0; i < questions; i++) {
            final int databaseId = 1 + random.nextInt(DATABASES + 1);
            switch (random.nextInt(4)) {
                case 0 -> askForSequence(reader, databaseId, random);
                case 1 -> askForDatabase(reader, databaseId, random);
                case 2 -> askForPosition(reader, random);
                default -> assertEquals(lastSequence(databaseId) == 0 ? 0 : 1, reader.oldestSequence(databaseId));
            }
        }
    }

    private void askForSequence(final JournalReader reader, final int databaseId, final Random random) {
        final long last = lastSequence(databaseId);
        final long sequence = random.nextInt((int) last + 3);
        final boolean found = reader.seekSequence(databaseId, sequence);
        assertEquals(sequence >= 1 && sequence <= last, found, "databaseId=" + databaseId + ", sequence=" + sequence);
        if (found) {
            final int[] next = {0};
            assertEquals(
                    1,
                    reader.poll(
                            (buffer, offset, length) -> {
                                next[0] = (int) RecordFields.position(buffer, offset);
                                assertEquals(databaseId, RecordFields.databaseId(buffer, offset));
                                assertEquals(sequence, RecordFields.sequence(buffer, offset));
                                return true;
                            },
                            Long.MAX_VALUE,
                            1));
            follow(reader, databaseId, next[0], random);
        }
    }

    private void askForDatabase(final JournalReader reader, final int databaseId, final Random random) {
        final int from = 1 + random.nextInt(records.size() + 1);
        reader.seek(from);
        follow(reader, databaseId, from - 1, random);
    }

    /** Polls a database a few times, from behind a position on. */
    private void follow(final JournalReader reader, final int databaseId, final int behind, final Random random) {
        final int[] last = {behind};
        for (int polls = random.nextInt(4); polls >= 0; polls--) {
            final int limit = 1 + random.nextInt(200);
            final int max = random.nextBoolean() ? records.size() : random.nextInt(records.size() + 1);
            int expected = 0;
            for (int position = last[0] + 1; position <= max && expected < limit; position++) {
                expected += records.get(position - 1).databaseId == databaseId ? 1 : 0;
            }
            final int read = reader.pollDatabase(
                    databaseId,
                    (buffer, offset, length) -> {
                        final int position = (int) RecordFields.position(buffer, offset);
                        for (int between = last[0] + 1; between < position; between++) {
                            assertTrue(
                                    records.get(between - 1).databaseId != databaseId, "left out position=" + between);
                        }
                        assertEquals(records.get(position - 1), known(buffer, offset));
                        last[0] = position;
                        return true;
                    },
                    max,
                    limit);
            assertEquals(expected, read, "databaseId=" + databaseId + ", behind=" + behind + ", max=" + max);
        }
    }

    private void askForPosition(final JournalReader reader, final Random random) {
        final int from = 1 + random.nextInt(records.size());
        reader.seek(from);
        final int[] next = {from};
        reader.poll(
                (buffer, offset, length) -> {
                    assertEquals(next[0], RecordFields.position(buffer, offset));
                    assertEquals(records.get(next[0] - 1), known(buffer, offset));
                    next[0]++;
                    return true;
                },
                Long.MAX_VALUE,
                1 + random.nextInt(20));
    }
}
