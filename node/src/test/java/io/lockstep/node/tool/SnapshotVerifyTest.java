package io.lockstep.node.tool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.codec.ChangeOp;
import io.lockstep.codec.Durability;
import io.lockstep.codec.KeyForm;
import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.OpenDatabaseEncoder;
import io.lockstep.codec.RowPolicy;
import io.lockstep.codec.message.ChangeSetWriter;
import io.lockstep.codec.value.ValueWriter;
import io.lockstep.engine.Engine;
import io.lockstep.engine.EngineContext;
import io.lockstep.engine.arbitration.Arbiter;
import io.lockstep.engine.arbitration.ArbiterContext;
import io.lockstep.engine.command.CommandKind;
import io.lockstep.engine.command.IngressCommand;
import io.lockstep.engine.port.CommittedSlot;
import io.lockstep.engine.port.EgressPort;
import io.lockstep.engine.record.Incarnation;
import io.lockstep.engine.recovery.JournalBootstrap;
import io.lockstep.engine.recovery.ReplayProgress;
import io.lockstep.engine.ring.IngressClock;
import io.lockstep.journal.ChronicleJournal;
import io.lockstep.journal.JournalContext;
import io.lockstep.journal.snapshot.RetentionRule;
import io.lockstep.journal.snapshot.SnapshotContext;
import io.lockstep.journal.snapshot.SnapshotFile;
import io.lockstep.journal.snapshot.SnapshotFolder;
import io.lockstep.journal.snapshot.SnapshotWriter;
import io.lockstep.node.LockstepCommand;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code verify} says of a folder with two snapshots. */
@Timeout(60)
class SnapshotVerifyTest {
    private static final Incarnation INCARNATION = new Incarnation(1, 2);
    private static final int SETS = 8_000;

    @TempDir
    private Path data;

    private final UnsafeBuffer body = new UnsafeBuffer(new byte[4_096]);
    private final ChangeSetWriter writer = new ChangeSetWriter();
    private final IngressCommand command = new IngressCommand();
    private int submitted;
    private long firstPosition;

    private record Run(int code, String out) {}

    @BeforeEach
    void makeTwoSnapshots() throws IOException {
        try (ChronicleJournal journal = open();
                Arbiter arbiter = new Arbiter(new ArbiterContext()
                        .incarnation(INCARNATION.high(), INCARNATION.low())
                        .hashSeed(3, 4)
                        .conclude())) {
            JournalBootstrap.incarnation(journal, INCARNATION, 1, TimeUnit.MINUTES.toNanos(1));
            final Engine[] engine = new Engine[1];
            try (SnapshotWriter snapshots = new SnapshotWriter(new SnapshotContext()
                    .dataFolder(data)
                    .journal(journal)
                    .commit(() -> engine[0].committedPosition())
                    .blockBytes(arbiter.snapshotBlockBytes())
                    .journalBytes(1L << 40)
                    .conclude())) {
                engine[0] = new Engine(new EngineContext()
                        .arbiter(arbiter)
                        .journal(journal)
                        .recovered(JournalBootstrap.recover(journal, INCARNATION, arbiter, ReplayProgress.NONE))
                        .egress(new Nobody())
                        .snapshots(snapshots)
                        .fatalHandler((component, cause) -> {
                            throw new AssertionError(component, cause);
                        })
                        .clock(IngressClock.manual(1_000_000))
                        .durability(Durability.JOURNALED)
                        .conclude());
                snapshots.start();
                openDatabase(engine[0]);
                for (int i = 1; i <= 2; i++) {
                    submit(engine[0], SETS);
                    takeSnapshot(engine[0], snapshots, i);
                }
                submit(engine[0], 50);
                engine[0].close();
            }
        }
    }

    @Test
    void shouldSayThatEachGivesWhatTheJournalGives() {
        final Run run = verify();
        assertEquals(0, run.code, run.out);
        assertTrue(run.out.contains("snapshots     2"), run.out);
        assertEquals(2, count(run.out, "gives the same: bytes="), run.out);
        assertTrue(run.out.contains("verdict       all holds"), run.out);
    }

    @Test
    void shouldTellOfADamagedOneWithoutCallingTheJournalDamaged() throws IOException {
        flip(snapshots().get(0).path());
        final Run run = verify();
        assertEquals(1, run.code, run.out);
        assertEquals(1, count(run.out, "CANNOT BE USED: "), run.out);
        assertEquals(1, count(run.out, "gives the same"), run.out);
        assertTrue(run.out.contains("the journal holds; the next start does without"), run.out);
    }

    @Test
    void shouldNameWhatIsHalfMadeOrPutAside() throws IOException {
        final Path good = snapshots().get(0).path();
        Files.writeString(good.resolveSibling("00000000000fffff.snapshot.part"), "half");
        Files.writeString(good.resolveSibling("00000000000ffffe.snapshot.refused"), "bad");
        final Run run = verify();
        assertEquals(0, run.code, run.out);
        assertTrue(run.out.contains("00000000000fffff.snapshot.part half-made"), run.out);
        assertTrue(run.out.contains("00000000000ffffe.snapshot.refused put aside"), run.out);
    }

    @Test
    void shouldSayTheSameAsJson() throws IOException {
        flip(snapshots().get(1).path());
        final Run run = verify("--json");
        assertEquals(1, run.code, run.out);
        assertEquals(1, count(run.out, "\"good\":true"), run.out);
        assertEquals(1, count(run.out, "\"good\":false"), run.out);
        assertTrue(run.out.contains("\"sound\":true"), run.out);
        assertTrue(run.out.contains("\"snapshotsSound\":false"), run.out);
        assertTrue(run.out.contains("\"unfinishedSnapshots\":[],\"refusedSnapshots\":[]"), run.out);
    }

    @Test
    void shouldCompareWithTheOldestSnapshotWhereTheJournalHasGivenUpItsBeginning() throws IOException {
        giveUpTheBeginning();
        final Run run = verify();
        assertEquals(0, run.code, run.out);
        assertTrue(run.out.contains("positions     " + firstPosition + " to "), run.out);
        assertEquals(2, count(run.out, "gives the same"), run.out);
        assertTrue(run.out.contains("sequence=" + submitted), run.out);
    }

    @Test
    void shouldCallTheFolderDamagedWhenNothingHoldsTheBeginning() throws IOException {
        giveUpTheBeginning();
        for (final SnapshotFile file : snapshots()) {
            flip(file.path());
        }
        final Run run = verify();
        assertEquals(11, run.code, run.out);
    }

    private void giveUpTheBeginning() throws IOException {
        long covered = Long.MAX_VALUE;
        for (final SnapshotFile file : snapshots()) {
            covered = Math.min(covered, file.firstPositionNeeded());
        }
        try (ChronicleJournal journal = open()) {
            journal.retain(new RetentionRule(covered, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE));
            firstPosition = journal.firstPosition();
        }
        assertTrue(firstPosition > 1, "nothing was given up");
    }

    private static void takeSnapshot(final Engine engine, final SnapshotWriter snapshots, final int number) {
        snapshots.want();
        while (snapshots.tally().published() < number) {
            engine.doWork();
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(100));
        }
    }

    private void openDatabase(final Engine engine) {
        final OpenDatabaseEncoder open = new OpenDatabaseEncoder();
        open.wrapAndApplyHeader(body, 0, new MessageHeaderEncoder())
                .requestId(1)
                .rowPolicy(RowPolicy.LAST_WRITER_WINS)
                .keyForm(KeyForm.TYPED)
                .maxDriftMs(0)
                .name("d");
        open.flags().clear().create(true);
        command.set(CommandKind.OPEN_DATABASE, 1, 1, 0, IngressCommand.FLAG_MAY_CREATE, 0);
        publish(engine, MessageHeaderEncoder.ENCODED_LENGTH + open.encodedLength());
    }

    private void submit(final Engine engine, final int sets) {
        final byte[] key = new byte[9];
        final byte[] value = new byte[9];
        for (int i = 0; i < sets; i++) {
            ValueWriter.putInteger(new UnsafeBuffer(key), 0, i % 300);
            ValueWriter.putInteger(new UnsafeBuffer(value), 0, i);
            writer.wrap(body, 0).header(1, 7, 7, 1_000 + submitted++, 0, false, 0, 1);
            writer.beginChange(0, ChangeOp.WRITE, false)
                    .schemaName(new byte[] {'s'})
                    .tableName(new byte[] {'t'})
                    .key(key)
                    .columnName(new byte[] {(byte) ('a' + i % 3)})
                    .value(value)
                    .before(new byte[0]);
            command.set(CommandKind.CHANGE_SET, 1, 1, 1, IngressCommand.FLAG_SITE_AUTHORISED, 0);
            publish(engine, writer.length());
        }
        while (!engine.drained()) {
            engine.doWork();
        }
    }

    private void publish(final Engine engine, final int length) {
        while (!engine.ingress().tryPublish(command, body, 0, length)) {
            engine.doWork();
        }
    }

    private ChronicleJournal open() {
        return ChronicleJournal.open(new JournalContext()
                .dataFolder(data)
                .fileBytes(1 << 20)
                .recordBytesMax(64 << 10)
                .inFlightBytesMax(128 << 10)
                .softFreeBytes(0)
                .hardFreeBytes(0)
                .reserveBytes(0)
                .lazySync(true)
                .conclude());
    }

    private List<SnapshotFile> snapshots() throws IOException {
        return new SnapshotFolder(data).newestFirst();
    }

    private static void flip(final Path file) throws IOException {
        final byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
    }

    private Run verify(final String... more) {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        final PrintStream before = System.out;
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            final String[] args = new String[3 + more.length];
            args[0] = "verify";
            args[1] = "--data";
            args[2] = data.toString();
            System.arraycopy(more, 0, args, 3, more.length);
            return new Run(LockstepCommand.commandLine().execute(args), out.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(before);
        }
    }

    private static int count(final String text, final String part) {
        return text.split(java.util.regex.Pattern.quote(part), -1).length - 1;
    }

    private static final class Nobody implements EgressPort {
        private long answers;

        @Override
        public void onCommitted(final CommittedSlot slot) {
            answers++;
        }

        @Override
        public void onBatchEnd() {
            assertTrue(answers > 0);
        }
    }
}
