package io.lockstep.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lockstep.engine.port.JournalReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Random journals of small files, with restarts, kills, cuts and spoilt sidecars, against {@link IndexModel}. */
class IndexPropertyTest {
    private static final int ROUNDS = 6;
    private static final int QUESTIONS = 60;
    private static final int SECTOR = QueueDescriptor.SECTOR_BYTES;

    /** So large that a whole sector of a record can be lost. */
    private static final int VALUE_BYTES_MIN = 1_200;

    @TempDir
    private Path temporary;

    private final IndexModel model = new IndexModel();
    private SampleRecords records = new SampleRecords().namingNothingDurable();
    private Random random;
    private Path folder;

    @ParameterizedTest(name = "seed={0}")
    @ValueSource(longs = {1, 2, 3})
    void shouldFindWhatTheJournalHolds(final long seed) throws IOException {
        run(seed);
    }

    @Tag("long")
    @ParameterizedTest(name = "seed={0}")
    @MethodSource("seeds")
    void shouldFindWhatManyJournalsHold(final long seed) throws IOException {
        run(seed);
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(100, 99 + Integer.getInteger("lockstep.index.seeds", 50));
    }

    private void run(final long seed) throws IOException {
        random = new Random(seed);
        folder = temporary.resolve("0");
        int kept = 0;
        for (int round = 1; round <= ROUNDS; round++) {
            final Path killed = temporary.resolve(Integer.toString(round));
            try (ChronicleJournal journal = JournalFixture.open(folder);
                    JournalReader reader = journal.openReader()) {
                model.replace(reader, kept);
                goOnFromModel();
                for (int part = 0; part < 4; part++) {
                    append(journal, 1 + random.nextInt(400));
                    model.ask(reader, random, QUESTIONS);
                }
                JournalFixture.copy(folder, killed);
            }
            kept = model.size();
            final int fate = random.nextInt(3);
            if (fate == 0) {
                folder = killed;
            } else if (fate == 1) {
                folder = killed;
                kept = tear();
            }
            spoilSidecars();
            askAfterAStart(kept);
        }
    }

    private void goOnFromModel() {
        if (model.size() == 0) {
            return;
        }
        records = new SampleRecords().namingNothingDurable().continueAfter(model.size(), model.lastHash());
        for (int databaseId = 1; databaseId <= IndexModel.DATABASES; databaseId++) {
            records.lastSequence(databaseId, model.lastSequence(databaseId));
        }
    }

    private void append(final ChronicleJournal journal, final int count) {
        for (int i = 0; i < count; i++) {
            final int length;
            if (records.lastPosition() == 0) {
                length = records.genesis(0);
            } else {
                // Few databases get most: the others are missing from many files.
                final int databaseId = 1 + (int) (IndexModel.DATABASES * Math.pow(random.nextDouble(), 5));
                length = records.changeSet(databaseId, VALUE_BYTES_MIN + random.nextInt(8_000), 0);
            }
            journal.append(records.buffer(), 0, length);
            model.add(records.buffer(), 0);
        }
        journal.batchAppended();
    }

    /** As a power cut would: a sector of the last generation is missing, and nothing says that it was durable. */
    private int tear() throws IOException {
        JournalFixture.forgetMark(folder);
        final List<Path> files = JournalFixture.files(folder);
        final Path last = files.get(files.size() - 1);
        final List<Path> ofLastGeneration = files.stream()
                .filter(file -> file.getParent().equals(last.getParent()))
                .toList();
        final Path file = ofLastGeneration.get(random.nextInt(ofLastGeneration.size()));
        final List<Integer> documents = new ArrayList<>(JournalFixture.documents(file));
        documents.remove(documents.size() - 1);
        // The first records of a generation are a cut, perhaps, or a genesis, and too short to miss a sector.
        final int document = documents.get(Math.min(documents.size() - 1, 2 + random.nextInt(documents.size())));
        final long position;
        try (MappedJournalFile mapped = MappedJournalFile.open(file)) {
            position = RecordFields.position(mapped.buffer(), document + QueueDescriptor.WORD_BYTES);
        }
        try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw")) {
            opened.seek((document / SECTOR + 1L) * SECTOR);
            opened.write(new byte[SECTOR]);
        }
        return (int) position - 1;
    }

    private void spoilSidecars() throws IOException {
        for (final Path file : JournalFixture.files(folder)) {
            final Path sidecar = SidecarDescriptor.path(file);
            if (!Files.exists(sidecar)) {
                continue;
            }
            final byte[] content = Files.readAllBytes(sidecar);
            switch (random.nextInt(8)) {
                case 0 -> Files.delete(sidecar);
                case 1 -> {
                    content[random.nextInt(content.length)] ^= (byte) (1 << random.nextInt(8));
                    Files.write(sidecar, content);
                }
                case 2 -> Files.write(sidecar, Arrays.copyOf(content, random.nextInt(content.length)));
                case 3 -> Files.write(SidecarDescriptor.temporaryPath(file), content);
                case 4 -> {
                    final Path other =
                            SidecarDescriptor.path(JournalFixture.files(folder).get(0));
                    if (Files.exists(other)) {
                        Files.write(sidecar, Files.readAllBytes(other));
                    }
                }
                default -> {}
            }
        }
    }

    /** As a start that need not read everything would find it; not after a cut, which the appender must write first. */
    private void askAfterAStart(final int kept) throws IOException {
        if (kept < model.size()) {
            return;
        }
        try (RecoveredIndex found = new RecoveredIndex(folder, random.nextInt(kept + 2), 1 + random.nextInt(3));
                JournalReader reader = found.openReader()) {
            assertEquals(model.size(), found.result().lastPosition());
            model.ask(reader, random, QUESTIONS);
        }
    }
}
