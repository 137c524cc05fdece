package io.lockstep.engine.arbitration;

import io.lockstep.codec.DatabaseListDecoder;
import io.lockstep.codec.DatabaseOpenedDecoder;
import io.lockstep.codec.EpochCommandEncoder;
import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.ErrorDecoder;
import io.lockstep.codec.JournalRecordDecoder;
import io.lockstep.codec.KeyForm;
import io.lockstep.codec.LargeSetStepDecoder;
import io.lockstep.codec.LargeSetStepEncoder;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.OpenDatabaseEncoder;
import io.lockstep.codec.PruneEncoder;
import io.lockstep.codec.PruneResultDecoder;
import io.lockstep.codec.ReadDatabasesEncoder;
import io.lockstep.codec.ReadStateEncoder;
import io.lockstep.codec.RecordKind;
import io.lockstep.codec.RowPolicy;
import io.lockstep.codec.SetPartCommandEncoder;
import io.lockstep.codec.StatePageDecoder;
import io.lockstep.codec.SubmitResultDecoder;
import io.lockstep.codec.SubmitStatus;
import io.lockstep.codec.WinnerKind;
import io.lockstep.codec.frame.FrameLimits;
import io.lockstep.codec.frame.FrameValidator;
import io.lockstep.codec.value.HlcDescriptor;
import io.lockstep.engine.command.CommandKind;
import io.lockstep.engine.command.IngressCommand;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Drives an arbiter with commands as objects and reads its answers back; keeps every record that it makes. */
public final class ArbiterDriver implements AutoCloseable {
    /** Opening a database that is not in memory: ask again. */
    public static final int ABSENT = -1;

    private static final long SESSION = 7;
    private static final int PRINCIPAL = 9;
    private static final int GUARD_BYTES = 64;
    private static final byte GUARD = (byte) 0xA5;
    private static final HexFormat HEX = HexFormat.of();

    /** What came of a submission; outcomes as bytes. */
    public record Submitted(
            SubmitStatus status,
            ErrorCode reason,
            long sequence,
            long databaseSequence,
            List<Integer> migrationOutcomes,
            List<Integer> outcomes,
            List<Winner> winners,
            long limitValue,
            long actualValue,
            int change,
            byte[] record,
            int answerLength) {}

    /** A winner; the clock as hex. */
    public record Winner(int change, WinnerKind kind, boolean omitted, String hlc, String value) {}

    /** A scan of the state: cells and migrations as text lines in ascending order, and how many pages it took. */
    public record Scan(TreeMap<String, String> cells, TreeMap<String, String> migrations, int pages) {}

    private final Arbiter arbiter;
    private int lookedAt;
    private final ExpandableArrayBuffer body = new ExpandableArrayBuffer(1 << 16);
    private final UnsafeBuffer out;
    private final FrameValidator validator = new FrameValidator(FrameLimits.DEFAULT);
    private final Decision decision = new Decision();
    private final IngressCommand command = new IngressCommand();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final MessageHeaderDecoder headerDecoder = new MessageHeaderDecoder();
    private final List<byte[]> records = new ArrayList<>();
    private final int outOffset = 24;
    private long requestId;
    private long uploads;
    private ErrorCode lastError;
    private String lastErrorText;

    /** A driver of a new arbiter. */
    public ArbiterDriver(final ArbiterContext context) {
        this(context, LargeSetLimits.SLICE_ENTRIES);
    }

    /** A driver of a new arbiter that decides large change sets in other slices. */
    public ArbiterDriver(final ArbiterContext context, final int sliceEntries) {
        arbiter = new Arbiter(context, sliceEntries);
        out = new UnsafeBuffer(new byte[outOffset + arbiter.outBytesMax() + GUARD_BYTES]);
    }

    /** A driver with defaults; the seed of the tables comes from the argument. */
    public static ArbiterDriver withSeed(final long seed) {
        return new ArbiterDriver(
                new ArbiterContext().incarnation(11, 22).hashSeed(seed, ~seed).conclude());
    }

    /** The arbiter. */
    public Arbiter arbiter() {
        return arbiter;
    }

    /** Every record made, in order. */
    public List<byte[]> records() {
        return records;
    }

    /** Goes on with the request numbers of another driver, so that records are the same byte by byte. */
    public void requestsLike(final ArbiterDriver other) {
        requestId = other.requestId;
    }

    /** Code of the last Error answer. */
    public ErrorCode lastError() {
        return lastError;
    }

    /** Text of the last Error answer. */
    public String lastErrorText() {
        return lastErrorText;
    }

    /** Opens or makes a database; 0 and {@link #lastError} if refused, {@link #ABSENT} if it is not in memory. */
    public int open(
            final String name,
            final RowPolicy rowPolicy,
            final KeyForm keyForm,
            final long maxDriftMs,
            final boolean create,
            final int flags) {
        final OpenDatabaseEncoder encoder = new OpenDatabaseEncoder();
        encoder.wrapAndApplyHeader(body, 0, header)
                .requestId(++requestId)
                .rowPolicy(rowPolicy)
                .keyForm(keyForm)
                .maxDriftMs(maxDriftMs)
                .name(name);
        encoder.flags().clear().create(create);
        decide(CommandKind.OPEN_DATABASE, 0, flags, 0, MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength());
        if (isError()) {
            return 0;
        }
        if (isAbsent()) {
            return ABSENT;
        }
        final DatabaseOpenedDecoder opened = new DatabaseOpenedDecoder();
        opened.wrapAndApplyHeader(out, decision.answerOffset(), headerDecoder);
        check(opened.requestId());
        return opened.databaseId();
    }

    /** Makes a database with all permissions. */
    public int create(final String name, final RowPolicy rowPolicy, final KeyForm keyForm) {
        return open(name, rowPolicy, keyForm, 0, true, IngressCommand.FLAG_MAY_CREATE);
    }

    /** Submits as an authorised site, without winners. */
    public Submitted submit(final int databaseId, final ModelSet set, final long nowMs) {
        return submit(databaseId, set, nowMs, true, false);
    }

    /** Submits. */
    public Submitted submit(
            final int databaseId,
            final ModelSet set,
            final long nowMs,
            final boolean authorised,
            final boolean wantWinners) {
        final int length = set.encode(body, 0, ++requestId, wantWinners);
        decide(CommandKind.CHANGE_SET, databaseId, authorised ? IngressCommand.FLAG_SITE_AUTHORISED : 0, nowMs, length);
        return isError() ? null : submitted(requestId);
    }

    /** Submits as an upload, in steps and in parts of so many bytes, with something else decided between each two. */
    public Submitted submitLarge(
            final int databaseId,
            final ModelSet set,
            final long nowMs,
            final boolean authorised,
            final boolean wantWinners,
            final int partBytes,
            final Runnable between) {
        final ExpandableArrayBuffer encoded = new ExpandableArrayBuffer();
        final long asked = ++requestId;
        final int length = set.encode(encoded, 0, asked, wantWinners);
        final byte[] bytes = new byte[length];
        encoded.getBytes(0, bytes);
        uploads++;
        arbiter.stagedSets().put(uploads, new UnsafeBuffer(bytes));
        final int flags = authorised ? IngressCommand.FLAG_SITE_AUTHORISED : 0;
        int phase = step(databaseId, flags, nowMs, 0);
        while (phase == 0) {
            between.run();
            phase = step(databaseId, flags, nowMs + 1, 0);
        }
        if (phase == 1) {
            for (int from = 0; from < length; from += partBytes) {
                between.run();
                part(databaseId, flags, nowMs + 2, bytes, from, Math.min(partBytes, length - from));
            }
            do {
                between.run();
                phase = step(databaseId, flags, nowMs + 3, 1);
            } while (phase == 1);
        }
        arbiter.stagedSets().remove(uploads);
        return submitted(asked);
    }

    /** Returns the phase that comes next, -1 if the answer is the result. */
    private int step(final int databaseId, final int flags, final long nowMs, final int phase) {
        final LargeSetStepEncoder encoder = new LargeSetStepEncoder();
        encoder.wrapAndApplyHeader(body, 0, header).uploadId(uploads).phase((short) phase);
        decide(
                CommandKind.LARGE_STEP,
                databaseId,
                flags,
                nowMs,
                MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength());
        return answerTemplate() == LargeSetStepDecoder.TEMPLATE_ID
                ? new LargeSetStepDecoder()
                        .wrapAndApplyHeader(out, decision.answerOffset(), headerDecoder)
                        .phase()
                : -1;
    }

    private void part(
            final int databaseId,
            final int flags,
            final long nowMs,
            final byte[] bytes,
            final int from,
            final int length) {
        final SetPartCommandEncoder encoder = new SetPartCommandEncoder();
        encoder.wrapAndApplyHeader(body, 0, header)
                .partOffset(from)
                .totalBytes(bytes.length)
                .putBytes(bytes, from, length);
        decide(
                CommandKind.LARGE_PART,
                databaseId,
                flags,
                nowMs,
                MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength());
    }

    private Submitted submitted(final long asked) {
        final SubmitResultDecoder result = new SubmitResultDecoder();
        result.wrapAndApplyHeader(out, decision.answerOffset(), headerDecoder);
        check(result.requestId(), asked);
        final List<Winner> winners = new ArrayList<>();
        for (final SubmitResultDecoder.WinnersDecoder winner : result.winners()) {
            final byte[] hlc = new byte[HlcDescriptor.LENGTH];
            winner.getHlc(hlc, 0, hlc.length);
            final int change = winner.change();
            final WinnerKind kind = winner.kind();
            final boolean omitted = winner.omitted() == 1;
            final byte[] value = new byte[winner.valueLength()];
            winner.getValue(value, 0, value.length);
            winners.add(new Winner(change, kind, omitted, HEX.formatHex(hlc), HEX.formatHex(value)));
        }
        final byte[] migrationOutcomes = new byte[result.migrationOutcomesLength()];
        result.getMigrationOutcomes(migrationOutcomes, 0, migrationOutcomes.length);
        final byte[] outcomes = new byte[result.outcomesLength()];
        result.getOutcomes(outcomes, 0, outcomes.length);
        if (MessageHeaderDecoder.ENCODED_LENGTH + result.encodedLength() != decision.answerLength()) {
            throw new AssertionError("answer is not as long as it says");
        }
        return new Submitted(
                result.status(),
                result.reason() == 0 ? null : ErrorCode.get(result.reason()),
                result.sequence(),
                result.databaseSequence(),
                list(migrationOutcomes),
                list(outcomes),
                winners,
                result.limitValue(),
                result.actualValue(),
                result.change(),
                decision.recordLength() == 0 ? null : records.get(records.size() - 1),
                decision.answerLength());
    }

    /** Prunes; tells how many tombstones went. */
    public long prune(final int databaseId, final long nowMs, final long horizonMs) {
        final PruneEncoder encoder = new PruneEncoder();
        encoder.wrapAndApplyHeader(body, 0, header).requestId(++requestId).horizonMs(horizonMs);
        decide(CommandKind.PRUNE, databaseId, 0, nowMs, MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength());
        if (isError()) {
            return -1;
        }
        final PruneResultDecoder result = new PruneResultDecoder();
        result.wrapAndApplyHeader(out, decision.answerOffset(), headerDecoder);
        check(result.requestId());
        return result.pruned();
    }

    /** No session has a database any more, after so many openings. */
    public void release(final int databaseId, final long openingsSeen) {
        body.putLong(0, openingsSeen, java.nio.ByteOrder.LITTLE_ENDIAN);
        decide(CommandKind.RELEASE_DATABASE, databaseId, 0, 0, Long.BYTES);
    }

    /** Starts an epoch. */
    public void epoch(final long epoch) {
        final EpochCommandEncoder encoder = new EpochCommandEncoder();
        encoder.wrapAndApplyHeader(body, 0, header).epoch(epoch);
        encoder.nodeId().high(1).low(2);
        decide(CommandKind.EPOCH, 0, 0, 0, MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength());
    }

    /** One page, undecoded; null if it was refused. */
    public StatePageDecoder page(final int databaseId, final long row, final long pageBytesMax) {
        return page(databaseId, row, new byte[0], pageBytesMax);
    }

    /** One page from within a value, undecoded; null if it was refused. */
    public StatePageDecoder page(final int databaseId, final long row, final byte[] within, final long pageBytesMax) {
        final ReadStateEncoder encoder = new ReadStateEncoder();
        encoder.wrapAndApplyHeader(body, 0, header)
                .requestId(++requestId)
                .row(row)
                .pageBytesMax(pageBytesMax)
                .filtersCount(0);
        encoder.putWithin(within, 0, within.length);
        decide(CommandKind.READ_STATE, databaseId, 0, 0, MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength());
        if (isError()) {
            return null;
        }
        final StatePageDecoder page = new StatePageDecoder();
        page.wrapAndApplyHeader(out, decision.answerOffset(), headerDecoder);
        check(page.requestId());
        return page;
    }

    /** Names of all databases, page by page. */
    public List<String> databases() {
        final List<String> names = new ArrayList<>();
        long next = 0;
        do {
            final ReadDatabasesEncoder encoder = new ReadDatabasesEncoder();
            encoder.wrapAndApplyHeader(body, 0, header).requestId(++requestId).firstId(next);
            decide(CommandKind.READ_DATABASES, 0, 0, 0, MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength());
            final DatabaseListDecoder list = new DatabaseListDecoder();
            list.wrapAndApplyHeader(out, decision.answerOffset(), headerDecoder);
            check(list.requestId());
            next = list.nextId();
            for (final DatabaseListDecoder.DatabasesDecoder each : list.databases()) {
                names.add(each.name());
            }
        } while (next > 0);
        return names;
    }

    /** Bytes of the last answer. */
    public int answerLength() {
        return decision.answerLength();
    }

    /** Reads the whole state. */
    public Scan scan(final int databaseId, final long pageBytesMax) {
        final Scan scan = new Scan(new TreeMap<>(), new TreeMap<>(), 0);
        final CellCollector collector = new CellCollector(scan.cells());
        long row = 0;
        byte[] within = {};
        int pages = 0;
        boolean last = false;
        while (!last) {
            final StatePageDecoder page = page(databaseId, row, within, pageBytesMax);
            pages++;
            row = page.nextRow();
            last = page.flags().last();
            addCells(page, collector);
            addMigrations(page, scan.migrations());
            within = new byte[page.withinLength()];
            page.getWithin(within, 0, within.length);
        }
        return new Scan(scan.cells(), scan.migrations(), pages);
    }

    /** Adds the cells of a page. */
    public static void addCells(final StatePageDecoder page, final TreeMap<String, String> cells) {
        addCells(page, new CellCollector(cells));
    }

    private static void addCells(final StatePageDecoder page, final CellCollector cells) {
        for (final StatePageDecoder.CellsDecoder cell : page.cells()) {
            final byte[] hlc = new byte[HlcDescriptor.LENGTH];
            cell.getHlc(hlc, 0, hlc.length);
            final String schema = cell.schemaName();
            final String table = cell.tableName();
            final byte[] key = new byte[cell.keyLength()];
            cell.getKey(key, 0, key.length);
            final String column = cell.columnName();
            final byte[] value = new byte[cell.valueLength()];
            cell.getValue(value, 0, value.length);
            cells.add(cellName(schema, table, key, column), value, HEX.formatHex(hlc));
        }
    }

    /** Name of a cell in a scan. */
    public static String cellName(final String schema, final String table, final byte[] key, final String column) {
        return schema + "|" + table + "|" + HEX.formatHex(key) + "|" + column;
    }

    /** A clock as hex. */
    public static String hlc(final long wall, final int counter, final String site, final long opSeq) {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[HlcDescriptor.LENGTH]);
        HlcDescriptor.put(
                buffer,
                0,
                wall,
                counter,
                Long.parseUnsignedLong(site.substring(0, 16), 16),
                Long.parseUnsignedLong(site.substring(16), 16),
                (int) opSeq);
        return HEX.formatHex(buffer.byteArray());
    }

    /** Replays a record as recovery does; tells the record that came of it. */
    public byte[] replay(final byte[] record) {
        final UnsafeBuffer source = new UnsafeBuffer(record);
        final JournalRecordDecoder decoder = new JournalRecordDecoder();
        decoder.wrapAndApplyHeader(source, 0, headerDecoder);
        command.set(
                kind(decoder.kind()),
                decoder.sessionId(),
                decoder.principalId(),
                decoder.databaseId(),
                decoder.flags().siteAuthorised() ? IngressCommand.FLAG_SITE_AUTHORISED : 0,
                decoder.stampedTimeMs());
        for (final JournalRecordDecoder.SurvivorsDecoder survivor : decoder.survivors()) {
            survivor.skipColumnName();
        }
        final byte[] bytes = new byte[decoder.commandLength()];
        decoder.getCommand(bytes, 0, bytes.length);
        final UnsafeBuffer target =
                2 * record.length > out.capacity() ? new UnsafeBuffer(new byte[2 * record.length]) : out;
        arbiter.replay(command, new UnsafeBuffer(bytes), 0, bytes.length, target, 0, decision);
        final byte[] made = new byte[decision.recordLength()];
        target.getBytes(decision.recordOffset(), made);
        return made;
    }

    /** The survivors of a record: index of the change and column. */
    public static List<String> survivors(final byte[] record) {
        final JournalRecordDecoder decoder = new JournalRecordDecoder();
        decoder.wrapAndApplyHeader(new UnsafeBuffer(record), 0, new MessageHeaderDecoder());
        final List<String> result = new ArrayList<>();
        for (final JournalRecordDecoder.SurvivorsDecoder survivor : decoder.survivors()) {
            result.add(survivor.change() + " " + survivor.columnName());
        }
        return result;
    }

    @Override
    public void close() {
        arbiter.close();
    }

    /** The answer is the question. */
    private boolean isAbsent() {
        return decision.answerLength() > 0
                && headerDecoder.wrap(out, decision.answerOffset()).templateId() == OpenDatabaseEncoder.TEMPLATE_ID;
    }

    private static CommandKind kind(final RecordKind kind) {
        return switch (kind) {
            case CREATE_DATABASE -> CommandKind.OPEN_DATABASE;
            case CHANGE_SET -> CommandKind.CHANGE_SET;
            case PRUNE -> CommandKind.PRUNE;
            case EPOCH -> CommandKind.EPOCH;
            default -> throw new AssertionError("not replayed: " + kind);
        };
    }

    /** Of every other set, as if it were in a batch: nothing that is decided may depend on it. */
    private void lookAhead(final CommandKind kind, final int databaseId) {
        if (kind == CommandKind.CHANGE_SET && (lookedAt++ & 1) == 0) {
            arbiter.expect(databaseId, body, 0);
            arbiter.prefetch();
        }
    }

    private int answerTemplate() {
        headerDecoder.wrap(out, decision.answerOffset());
        return headerDecoder.templateId();
    }

    private void decide(
            final CommandKind kind, final int databaseId, final int flags, final long nowMs, final int length) {
        Arrays.fill(out.byteArray(), out.capacity() - GUARD_BYTES, out.capacity(), GUARD);
        lookAhead(kind, databaseId);
        arbiter.decide(
                command.set(kind, SESSION, PRINCIPAL, databaseId, flags, nowMs),
                body,
                0,
                length,
                out,
                outOffset,
                decision);
        for (int i = 1; i <= GUARD_BYTES; i++) {
            if (out.getByte(out.capacity() - i) != GUARD) {
                throw new AssertionError("wrote behind its room");
            }
        }
        if (decision.usedLength(outOffset) > arbiter.outBytesMax()) {
            throw new AssertionError("used more than the most");
        }
        if (decision.answerLength() > 0
                && !isAbsent()
                && answerTemplate() != LargeSetStepDecoder.TEMPLATE_ID
                && !validator.validateServerMessage(out, decision.answerOffset(), decision.answerLength())) {
            throw new AssertionError("answer: " + validator.errorText());
        }
        if (decision.recordLength() > 0) {
            if (!validator.validateJournalRecord(out, decision.recordOffset(), decision.recordLength())) {
                throw new AssertionError("record: " + validator.errorText());
            }
            final byte[] record = new byte[decision.recordLength()];
            out.getBytes(decision.recordOffset(), record);
            records.add(record);
        }
    }

    private boolean isError() {
        headerDecoder.wrap(out, decision.answerOffset());
        if (headerDecoder.templateId() != ErrorDecoder.TEMPLATE_ID) {
            lastError = null;
            lastErrorText = null;
            return false;
        }
        final ErrorDecoder error = new ErrorDecoder();
        error.wrapAndApplyHeader(out, decision.answerOffset(), headerDecoder);
        check(error.requestId());
        lastError = error.code();
        lastErrorText = error.text();
        return true;
    }

    private void check(final long answered) {
        check(answered, requestId);
    }

    private static void check(final long answered, final long asked) {
        if (answered != asked) {
            throw new AssertionError("answers another request: " + answered + ", asked " + asked);
        }
    }

    /** Adds the migrations of a page, whose cells were read. */
    public static void addMigrations(final StatePageDecoder page, final TreeMap<String, String> migrations) {
        for (final StatePageDecoder.MigrationsDecoder migration : page.migrations()) {
            final byte[] hlc = new byte[HlcDescriptor.LENGTH];
            migration.getHlc(hlc, 0, hlc.length);
            final String kind = migration.kind().name();
            final long version = migration.version();
            final String name = migration.schemaName() + "|" + migration.objectName() + "|" + version + "|"
                    + kind.endsWith("_INDEX");
            final String content =
                    kind + " " + migration.fromObjectName() + " " + migration.ddl() + " " + HEX.formatHex(hlc);
            if (migrations.put(name, content) != null) {
                throw new AssertionError("migration comes twice in one scan");
            }
        }
    }

    private static List<Integer> list(final byte[] bytes) {
        final List<Integer> result = new ArrayList<>();
        for (final byte b : bytes) {
            result.add((int) b);
        }
        return result;
    }
}
