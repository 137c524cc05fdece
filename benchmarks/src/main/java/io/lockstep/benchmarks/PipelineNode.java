package io.lockstep.benchmarks;

import io.lockstep.codec.Durability;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.OpenDatabaseEncoder;
import io.lockstep.codec.SubmitChangeSetDecoder;
import io.lockstep.codec.message.ChangeSetWriter;
import io.lockstep.codec.value.ValueType;
import io.lockstep.engine.Engine;
import io.lockstep.engine.EngineContext;
import io.lockstep.engine.arbitration.Arbiter;
import io.lockstep.engine.arbitration.ArbiterContext;
import io.lockstep.engine.command.CommandKind;
import io.lockstep.engine.command.IngressCommand;
import io.lockstep.engine.memory.MemoryJournal;
import io.lockstep.engine.port.CommittedSlot;
import io.lockstep.engine.port.EgressPort;
import io.lockstep.engine.record.Incarnation;
import io.lockstep.engine.recovery.JournalBootstrap;
import io.lockstep.engine.recovery.ReplayProgress;
import io.lockstep.engine.ring.IngressClock;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * An engine in lock-step over a journal in memory, and commands that keep its state at one size: each set writes the next
 * rows in turn with a newer clock. After {@link #run} everything that was published has been answered.
 */
final class PipelineNode implements AutoCloseable {
    private static final int SET_BYTES_MAX = 2_048;
    private static final int WALL_OFFSET =
            MessageHeaderDecoder.ENCODED_LENGTH + SubmitChangeSetDecoder.wallEncodingOffset();
    private static final long DAY_MS = 86_400_000;

    private final Arbiter arbiter;
    private final MemoryJournal journal;
    private final Engine engine;
    private final IngressClock clock = IngressClock.manual(DAY_MS);
    private final IngressCommand envelope = new IngressCommand();
    private final CountingEgress egress = new CountingEgress();
    private final UnsafeBuffer sets;
    private final int[] lengths;
    private long published;
    private long wall = DAY_MS;
    private int next;

    PipelineNode(final int rows, final int changesPerSet) {
        this(rows, changesPerSet, MemoryJournal.recycling());
    }

    PipelineNode(final int rows, final int changesPerSet, final MemoryJournal journal) {
        this.journal = journal;
        final Incarnation incarnation =
                JournalBootstrap.incarnation(journal, new Incarnation(1, 2), 1, TimeUnit.SECONDS.toNanos(1));
        arbiter = newArbiter(incarnation);
        engine = new Engine(new EngineContext()
                .arbiter(arbiter)
                .journal(journal)
                .recovered(JournalBootstrap.recover(journal, incarnation, arbiter, ReplayProgress.NONE))
                .egress(egress)
                .fatalHandler((component, cause) -> {
                    throw new IllegalStateException(component, cause);
                })
                .durability(Durability.JOURNALED)
                .clock(clock)
                .conclude());
        lengths = new int[rows / changesPerSet];
        sets = new UnsafeBuffer(new byte[lengths.length * SET_BYTES_MAX]);
        encodeSets(changesPerSet);
        openDatabase();
    }

    static Arbiter newArbiter(final Incarnation incarnation) {
        return new Arbiter(new ArbiterContext()
                .incarnation(incarnation.high(), incarnation.low())
                .hashSeed(3, 4)
                .conclude());
    }

    private void encodeSets(final int changesPerSet) {
        final ChangeSetWriter writer = new ChangeSetWriter();
        final byte[] schema = "main".getBytes(StandardCharsets.US_ASCII);
        final byte[] table = "items".getBytes(StandardCharsets.US_ASCII);
        final byte[] column = "name".getBytes(StandardCharsets.US_ASCII);
        for (int set = 0; set < lengths.length; set++) {
            writer.wrap(sets, set * SET_BYTES_MAX).header(set, 0, 7, 0, 0, false, 0, changesPerSet);
            for (int opSeq = 0; opSeq < changesPerSet; opSeq++) {
                final int row = set * changesPerSet + opSeq;
                writer.write(opSeq, schema, table, integer(row), column, text(row));
            }
            lengths[set] = writer.length();
        }
    }

    private static byte[] integer(final long value) {
        final byte[] bytes = new byte[1 + Long.BYTES];
        final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        buffer.putByte(0, (byte) ValueType.INTEGER);
        buffer.putLong(1, value, ByteOrder.LITTLE_ENDIAN);
        return bytes;
    }

    /** 16 bytes of text. */
    private static byte[] text(final int row) {
        final byte[] content = String.format("item %011d", row).getBytes(StandardCharsets.US_ASCII);
        final byte[] bytes = new byte[1 + Integer.BYTES + content.length];
        final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        buffer.putByte(0, (byte) ValueType.TEXT);
        buffer.putInt(1, content.length, ByteOrder.LITTLE_ENDIAN);
        buffer.putBytes(1 + Integer.BYTES, content);
        return bytes;
    }

    private void openDatabase() {
        final UnsafeBuffer body = new UnsafeBuffer(new byte[256]);
        final OpenDatabaseEncoder encoder = new OpenDatabaseEncoder();
        encoder.wrapAndApplyHeader(body, 0, new MessageHeaderEncoder())
                .requestId(0)
                .rowPolicy(io.lockstep.codec.RowPolicy.LAST_WRITER_WINS)
                .keyForm(io.lockstep.codec.KeyForm.TYPED)
                .maxDriftMs(0)
                .name("bench");
        encoder.flags().clear().create(true);
        envelope.set(CommandKind.OPEN_DATABASE, 1, 1, 0, IngressCommand.FLAG_MAY_CREATE, 0);
        final int length = MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
        if (!engine.ingress().tryPublish(envelope, body, 0, length)) {
            throw new IllegalStateException("an empty ring refused a command");
        }
        published++;
        drain();
    }

    /** Publishes a number of sets and works until all of them are answered. */
    void run(final int count) {
        for (int i = 0; i < count; i++) {
            publish();
        }
        drain();
    }

    private void publish() {
        clock.set(++wall);
        final int offset = next * SET_BYTES_MAX;
        sets.putLong(offset + WALL_OFFSET, wall, ByteOrder.LITTLE_ENDIAN);
        envelope.set(CommandKind.CHANGE_SET, 1, 1, 1, IngressCommand.FLAG_SITE_AUTHORISED, 0);
        while (!engine.ingress().tryPublish(envelope, sets, offset, lengths[next])) {
            engine.doWork();
        }
        next = next + 1 == lengths.length ? 0 : next + 1;
        published++;
    }

    private void drain() {
        while (egress.slots < published) {
            if (engine.doWork() == 0 && engine.failed()) {
                throw new IllegalStateException("the engine failed");
            }
        }
    }

    MemoryJournal journal() {
        return journal;
    }

    /** Sequences handed out: every set must have been accepted. */
    long sequence() {
        return arbiter.database(1).sequence();
    }

    @Override
    public void close() {
        if (sequence() != published - 1) {
            throw new IllegalStateException("sets=" + (published - 1) + ", accepted=" + sequence());
        }
        engine.close();
        arbiter.close();
    }

    private static final class CountingEgress implements EgressPort {
        private long slots;

        @Override
        public void onCommitted(final CommittedSlot slot) {
            slots++;
        }

        @Override
        public void onBatchEnd() {
            // nothing was gathered
        }
    }
}
