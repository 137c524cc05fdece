package io.lockstep.node.tool.bench;

import io.lockstep.codec.DatabaseOpenedDecoder;
import io.lockstep.codec.Durability;
import io.lockstep.codec.ErrorDecoder;
import io.lockstep.codec.KeyForm;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.OpenDatabaseEncoder;
import io.lockstep.codec.RowPolicy;
import io.lockstep.codec.SubmitResultDecoder;
import io.lockstep.codec.frame.FrameDescriptor;
import io.lockstep.codec.frame.FrameLimits;
import io.lockstep.codec.frame.FrameValidator;
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
import io.lockstep.engine.recovery.RecoveredState;
import io.lockstep.journal.ChronicleJournal;
import io.lockstep.journal.JournalContext;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Measures without a network: validation, ring, arbitration, journal, commit and egress on the calling thread, over a
 * journal on Chronicle Queue, whose syncing has threads of its own.
 */
public final class EmbeddedBench implements EgressPort {
    private static final long SESSION_ID = 1;
    private static final long SEED = 0x9E37_79B9_7F4A_7C15L;
    private static final long WAIT_NS_MAX = TimeUnit.SECONDS.toNanos(30);
    private static final long PROGRESS_NS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final int ID_OFFSET =
            MessageHeaderDecoder.ENCODED_LENGTH + SubmitResultDecoder.requestIdEncodingOffset();
    private static final int STATUS_OFFSET =
            MessageHeaderDecoder.ENCODED_LENGTH + SubmitResultDecoder.statusEncodingOffset();

    private final BenchPlan plan;
    private final LongConsumer onProgress;
    private final LoadResult result = new LoadResult();
    private final IngressCommand command = new IngressCommand();
    private final FrameValidator validator = new FrameValidator(FrameLimits.DEFAULT);
    private final SetFrames frames;
    private final UnsafeBuffer frame;
    private final long[] startedNs;
    private final int[] freeIds;
    private int freeCount;
    private int databaseId;
    private long nowNs;
    private Throwable failure;

    /**
     * A measurement.
     *
     * @param plan what to do; connections mean nothing here
     * @param onProgress told a few times a second how many sets were answered
     */
    public EmbeddedBench(final BenchPlan plan, final LongConsumer onProgress) {
        this.plan = plan;
        this.onProgress = onProgress;
        frames = new SetFrames(plan, SEED);
        frame = new UnsafeBuffer(ByteBuffer.allocateDirect(frames.frameLength()));
        startedNs = new long[plan.inFlight()];
        freeIds = new int[plan.inFlight()];
        for (int i = 0; i < freeIds.length; i++) {
            freeIds[i] = i;
        }
        freeCount = freeIds.length;
    }

    /**
     * Measures.
     *
     * @param dataFolder empty; stays behind
     * @param durability when a set counts as answered
     * @return what was measured
     * @throws BenchException if the engine failed
     */
    public LoadResult run(final Path dataFolder, final Durability durability) {
        final JournalContext context = new JournalContext()
                .dataFolder(dataFolder)
                .fatalHandler(cause -> failure = cause)
                .lazySync(durability == Durability.JOURNALED)
                .conclude();
        try (ChronicleJournal journal = ChronicleJournal.open(context)) {
            final Incarnation incarnation = JournalBootstrap.incarnation(
                    journal, new Incarnation(System.nanoTime(), SEED), System.currentTimeMillis(), WAIT_NS_MAX);
            try (Arbiter arbiter = new Arbiter(new ArbiterContext()
                    .incarnation(incarnation.high(), incarnation.low())
                    .hashSeed(incarnation.high(), SEED)
                    .conclude())) {
                final RecoveredState recovered =
                        JournalBootstrap.recover(journal, incarnation, arbiter, (position, last) -> {});
                final EngineContext engineContext = new EngineContext()
                        .arbiter(arbiter)
                        .journal(journal)
                        .recovered(recovered)
                        .egress(this)
                        .fatalHandler((component, cause) -> failure = cause)
                        .durability(durability)
                        .conclude();
                try (Engine engine = new Engine(engineContext)) {
                    drive(engine);
                }
            }
        }
        return result;
    }

    private void drive(final Engine engine) {
        openDatabase(engine);
        phase(engine, plan.warmupMs() * 1_000_000);
        result.reset();
        final long startNs = System.nanoTime();
        phase(engine, plan.measureMs() * 1_000_000);
        result.elapsedNs(System.nanoTime() - startNs);
        final long drainNs = System.nanoTime();
        while (freeCount < freeIds.length) {
            step(engine);
            if (System.nanoTime() - drainNs > WAIT_NS_MAX) {
                throw new BenchException("unanswered=" + (freeIds.length - freeCount));
            }
        }
    }

    private void phase(final Engine engine, final long lengthNs) {
        final long startNs = System.nanoTime();
        long due = 0;
        long progressNs = startNs;
        for (nowNs = startNs; nowNs - startNs < lengthNs; nowNs = System.nanoTime()) {
            frames.time(System.currentTimeMillis());
            boolean room = true;
            while (room && freeCount > 0) {
                final long dueNs = plan.isClosedLoop() ? nowNs : startNs + due * 1_000_000_000L / plan.ratePerSecond();
                room = dueNs <= nowNs && publish(engine, dueNs);
                due += room ? 1 : 0;
            }
            step(engine);
            if (nowNs - progressNs > PROGRESS_NS) {
                progressNs = nowNs;
                onProgress.accept(result.answered());
            }
        }
    }

    private void step(final Engine engine) {
        if (engine.doWork() == 0) {
            Thread.onSpinWait();
        }
        nowNs = System.nanoTime();
        if (failure != null) {
            throw new BenchException("the engine failed: " + failure.getMessage(), failure);
        }
    }

    private boolean publish(final Engine engine, final long startNs) {
        final int id = freeIds[freeCount - 1];
        frames.put(frame, 0, id, 1);
        final int length = frames.frameLength() - FrameDescriptor.HEADER_LENGTH;
        if (!validator.validateClientMessage(frame, FrameDescriptor.HEADER_LENGTH, length)) {
            throw new BenchException("the validator refused: " + validator.errorText());
        }
        command.set(CommandKind.CHANGE_SET, SESSION_ID, 0, databaseId, IngressCommand.FLAG_SITE_AUTHORISED, 0);
        if (!engine.ingress().tryPublish(command, frame, FrameDescriptor.HEADER_LENGTH, length)) {
            return false;
        }
        startedNs[id] = startNs;
        freeCount--;
        return true;
    }

    private void openDatabase(final Engine engine) {
        final UnsafeBuffer message = new UnsafeBuffer(new byte[256]);
        final OpenDatabaseEncoder open =
                new OpenDatabaseEncoder().wrapAndApplyHeader(message, 0, new MessageHeaderEncoder());
        open.requestId(0)
                .rowPolicy(RowPolicy.LAST_WRITER_WINS)
                .keyForm(KeyForm.TYPED)
                .maxDriftMs(0);
        open.flags().clear().create(true);
        open.name("bench");
        command.set(CommandKind.OPEN_DATABASE, SESSION_ID, 0, 0, IngressCommand.FLAG_MAY_CREATE, 0);
        engine.ingress().tryPublish(command, message, 0, MessageHeaderEncoder.ENCODED_LENGTH + open.encodedLength());
        final long startNs = System.nanoTime();
        while (databaseId == 0) {
            step(engine);
            if (nowNs - startNs > WAIT_NS_MAX) {
                throw new BenchException("the database was not opened: waitedNs=" + WAIT_NS_MAX);
            }
        }
    }

    @Override
    public void onCommitted(final CommittedSlot slot) {
        final DirectBuffer buffer = slot.buffer();
        final int offset = slot.answerOffset();
        final int template = buffer.getShort(offset + Short.BYTES, ByteOrder.LITTLE_ENDIAN);
        switch (template) {
            case SubmitResultDecoder.TEMPLATE_ID -> {
                final int id = (int) buffer.getLong(offset + ID_OFFSET, ByteOrder.LITTLE_ENDIAN);
                result.onAnswer(buffer.getByte(offset + STATUS_OFFSET), nowNs - startedNs[id]);
                freeIds[freeCount++] = id;
            }
            case DatabaseOpenedDecoder.TEMPLATE_ID -> databaseId = slot.databaseId();
            case ErrorDecoder.TEMPLATE_ID ->
                onError(new ErrorDecoder().wrapAndApplyHeader(buffer, offset, new MessageHeaderDecoder()));
            default -> failure = new BenchException("an answer of templateId=" + template);
        }
    }

    @Override
    public void onBatchEnd() {}

    private void onError(final ErrorDecoder error) {
        if (databaseId == 0) {
            failure = new BenchException(error.code() + ": " + error.text());
            return;
        }
        final int id = (int) error.requestId();
        result.onError(error.code().value(), nowNs - startedNs[id]);
        freeIds[freeCount++] = id;
    }
}
