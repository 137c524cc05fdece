package io.lockstep.node.acceptance;

import io.lockstep.engine.port.JournalFailedException;
import io.lockstep.engine.port.JournalFailedException.Kind;
import io.lockstep.engine.record.RecordView;
import io.lockstep.journal.InspectionReport;
import io.lockstep.journal.JournalInspector;
import io.lockstep.node.tool.verify.JournalVerifier;
import io.lockstep.node.tool.verify.VerifiedDatabase;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The journal of a stopped node, in which bits are flipped and flipped back; judged with the code of {@code verify}. */
final class FlippedJournal {
    private final Path data;
    private final List<Path> files;
    private final List<byte[]> records;
    private final List<VerifiedDatabase> databases;
    private final String rule;

    FlippedJournal(final Path data) throws IOException {
        this.data = data;
        try (Stream<Path> all = Files.walk(data.resolve("journal"))) {
            files = all.filter(path -> path.toString().endsWith(".cq4")
                            || path.getFileName().toString().equals("durable"))
                    .sorted()
                    .toList();
        }
        records = records();
        try (JournalVerifier verifier = new JournalVerifier(count -> {})) {
            final InspectionReport report = verifier.run(data);
            if (!report.isSound() || !report.problems().isEmpty()) {
                throw new AssertionError("not whole before the first flip: " + report);
            }
            rule = report.rule();
            databases = verifier.databases();
        }
    }

    /**
     * A bit.
     *
     * @param file of the journal
     * @param offset of its byte
     * @param bit 0 to 7
     */
    record Place(Path file, long offset, int bit) {
        void flip() throws IOException {
            try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
                bytes.seek(offset);
                final int value = bytes.read();
                bytes.seek(offset);
                bytes.write(value ^ 1 << bit);
            }
        }
    }

    List<Path> files() {
        return files;
    }

    List<VerifiedDatabase> databases() {
        return databases;
    }

    int recordCount() {
        return records.size();
    }

    /** Where the record with a sequence lies, as its first byte and the one behind its last. */
    Place[] recordOf(final long sequence) throws IOException {
        final byte[] wanted = records.stream()
                .filter(each -> view(each).sequence() == sequence)
                .findFirst()
                .orElseThrow();
        for (final Path file : files) {
            final byte[] bytes = Files.readAllBytes(file);
            for (int offset = 0; offset + wanted.length <= bytes.length; offset += Integer.BYTES) {
                if (Arrays.equals(bytes, offset, offset + wanted.length, wanted, 0, wanted.length)) {
                    return new Place[] {new Place(file, offset, 0), new Place(file, offset + wanted.length, 0)};
                }
            }
        }
        throw new AssertionError("no file holds the record with sequence=" + sequence);
    }

    /**
     * Judges the journal as it is now.
     *
     * @return whether it is reported as damaged; otherwise every record, sequence and state is as it was
     */
    boolean isFoundDamaged() {
        boolean damaged;
        String found;
        try (JournalVerifier verifier = new JournalVerifier(count -> {})) {
            final InspectionReport report = verifier.run(data);
            damaged = !report.isSound();
            found = report.toString();
            if (!damaged && !databases.equals(verifier.databases())) {
                throw new AssertionError("another state is taken for sound: " + verifier.databases());
            }
            if (report.rule().contains("torn")) {
                throw new AssertionError("taken for a torn tail: " + report);
            }
            if (!damaged && !report.rule().equals(rule)) {
                found = report.rule();
            }
        } catch (final JournalFailedException failure) {
            if (failure.kind() != Kind.DAMAGE) {
                throw new AssertionError("not told as damage: " + failure.kind(), failure);
            }
            damaged = true;
            found = failure.getMessage();
        }
        final List<byte[]> left = records();
        for (int i = 0; i < left.size(); i++) {
            if (i >= records.size() || !Arrays.equals(left.get(i), records.get(i))) {
                throw new AssertionError("a wrong record is taken for sound: number=" + i + ", " + found);
            }
        }
        if (!damaged && left.size() != records.size()) {
            throw new AssertionError("records are lost, and nobody says so: " + left.size() + ", " + found);
        }
        return damaged;
    }

    private List<byte[]> records() {
        final List<byte[]> read = new ArrayList<>();
        JournalInspector.inspect(data, (buffer, offset, length) -> {
            final byte[] bytes = new byte[length];
            buffer.getBytes(offset, bytes);
            return read.add(bytes);
        });
        return read;
    }

    private static RecordView view(final byte[] record) {
        return new RecordView().wrap(new org.agrona.concurrent.UnsafeBuffer(record), 0, record.length);
    }
}
