package io.lockstep.codec.testing;

import io.lockstep.codec.ChangeOp;
import io.lockstep.codec.ClosedEncoder;
import io.lockstep.codec.DatabaseListEncoder;
import io.lockstep.codec.DatabaseOpenedEncoder;
import io.lockstep.codec.DeliveryEncoder;
import io.lockstep.codec.DeliveryPartEncoder;
import io.lockstep.codec.Durability;
import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.ErrorEncoder;
import io.lockstep.codec.GoAwayEncoder;
import io.lockstep.codec.HeartbeatEncoder;
import io.lockstep.codec.KeyForm;
import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.MigrationKind;
import io.lockstep.codec.NodeRole;
import io.lockstep.codec.ProgressEncoder;
import io.lockstep.codec.PruneResultEncoder;
import io.lockstep.codec.ResetReason;
import io.lockstep.codec.ResetRequiredEncoder;
import io.lockstep.codec.RowPolicy;
import io.lockstep.codec.SnapshotPageEncoder;
import io.lockstep.codec.StatePageEncoder;
import io.lockstep.codec.StatusReportEncoder;
import io.lockstep.codec.SubmitResultEncoder;
import io.lockstep.codec.SubmitStatus;
import io.lockstep.codec.SubscribedEncoder;
import io.lockstep.codec.SubscriptionChangedEncoder;
import io.lockstep.codec.TokenStatusEncoder;
import io.lockstep.codec.UnsubscribedEncoder;
import io.lockstep.codec.UploadStateEncoder;
import io.lockstep.codec.WelcomeEncoder;
import io.lockstep.codec.WinnerKind;
import io.lockstep.codec.value.HlcDescriptor;
import io.lockstep.codec.value.ValuePart;
import java.util.Random;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Seeded generator of valid messages of a node, without framing header. The same seed gives the same messages. Not
 * thread-safe.
 */
public final class RandomServerFrames {
    private static final int[] TEMPLATES = {
        WelcomeEncoder.TEMPLATE_ID,
        ErrorEncoder.TEMPLATE_ID,
        DatabaseOpenedEncoder.TEMPLATE_ID,
        HeartbeatEncoder.TEMPLATE_ID,
        ClosedEncoder.TEMPLATE_ID,
        GoAwayEncoder.TEMPLATE_ID,
        TokenStatusEncoder.TEMPLATE_ID,
        SubmitResultEncoder.TEMPLATE_ID,
        UploadStateEncoder.TEMPLATE_ID,
        SubscribedEncoder.TEMPLATE_ID,
        DeliveryEncoder.TEMPLATE_ID,
        DeliveryPartEncoder.TEMPLATE_ID,
        SubscriptionChangedEncoder.TEMPLATE_ID,
        ProgressEncoder.TEMPLATE_ID,
        UnsubscribedEncoder.TEMPLATE_ID,
        ResetRequiredEncoder.TEMPLATE_ID,
        StatePageEncoder.TEMPLATE_ID,
        SnapshotPageEncoder.TEMPLATE_ID,
        StatusReportEncoder.TEMPLATE_ID,
        PruneResultEncoder.TEMPLATE_ID,
        DatabaseListEncoder.TEMPLATE_ID
    };

    private final Random random;
    private final RandomValues values;
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();

    /**
     * A generator.
     *
     * @param seed decides everything
     */
    public RandomServerFrames(final long seed) {
        random = new Random(seed);
        values = new RandomValues(random);
    }

    /**
     * All messages that nodes send.
     *
     * @return template ids
     */
    public static int[] serverTemplates() {
        return TEMPLATES.clone();
    }

    /**
     * Writes a message of a given kind.
     *
     * @param templateId one of {@link #serverTemplates()}
     * @param buffer with room for {@link RandomFrames#MESSAGE_BYTES_MAX}
     * @param offset of its message header
     * @return bytes
     */
    public int serverMessage(final int templateId, final MutableDirectBuffer buffer, final int offset) {
        final int body =
                switch (templateId) {
                    case WelcomeEncoder.TEMPLATE_ID -> welcome(buffer, offset);
                    case ErrorEncoder.TEMPLATE_ID -> error(buffer, offset);
                    case DatabaseOpenedEncoder.TEMPLATE_ID -> databaseOpened(buffer, offset);
                    case HeartbeatEncoder.TEMPLATE_ID ->
                        new HeartbeatEncoder()
                                .wrapAndApplyHeader(buffer, offset, header)
                                .nonce(random.nextLong())
                                .reply((short) 1)
                                .encodedLength();
                    case ClosedEncoder.TEMPLATE_ID ->
                        new ClosedEncoder()
                                .wrapAndApplyHeader(buffer, offset, header)
                                .requestId(amount())
                                .encodedLength();
                    case GoAwayEncoder.TEMPLATE_ID -> goAway(buffer, offset);
                    case TokenStatusEncoder.TEMPLATE_ID ->
                        new TokenStatusEncoder()
                                .wrapAndApplyHeader(buffer, offset, header)
                                .requestId(-1)
                                .expiresMs(amount())
                                .encodedLength();
                    case SubmitResultEncoder.TEMPLATE_ID -> submitResult(buffer, offset);
                    case UploadStateEncoder.TEMPLATE_ID ->
                        new UploadStateEncoder()
                                .wrapAndApplyHeader(buffer, offset, header)
                                .requestId(amount())
                                .receivedBytes(random.nextInt(1 << 26))
                                .partBytesMax(1 << 16)
                                .encodedLength();
                    case SubscribedEncoder.TEMPLATE_ID ->
                        new SubscribedEncoder()
                                .wrapAndApplyHeader(buffer, offset, header)
                                .requestId(amount())
                                .sequence(amount())
                                .databaseSequence(amount())
                                .encodedLength();
                    case DeliveryEncoder.TEMPLATE_ID -> delivery(buffer, offset);
                    case DeliveryPartEncoder.TEMPLATE_ID -> deliveryPart(buffer, offset);
                    case SubscriptionChangedEncoder.TEMPLATE_ID ->
                        new SubscriptionChangedEncoder()
                                .wrapAndApplyHeader(buffer, offset, header)
                                .requestId(amount())
                                .sequence(amount())
                                .encodedLength();
                    case ProgressEncoder.TEMPLATE_ID -> progress(buffer, offset);
                    case UnsubscribedEncoder.TEMPLATE_ID ->
                        new UnsubscribedEncoder()
                                .wrapAndApplyHeader(buffer, offset, header)
                                .requestId(amount())
                                .sequence(amount())
                                .encodedLength();
                    case ResetRequiredEncoder.TEMPLATE_ID -> resetRequired(buffer, offset);
                    case StatePageEncoder.TEMPLATE_ID -> statePage(buffer, offset);
                    case SnapshotPageEncoder.TEMPLATE_ID -> snapshotPage(buffer, offset);
                    case StatusReportEncoder.TEMPLATE_ID -> statusReport(buffer, offset);
                    case PruneResultEncoder.TEMPLATE_ID ->
                        new PruneResultEncoder()
                                .wrapAndApplyHeader(buffer, offset, header)
                                .requestId(amount())
                                .pruned(amount())
                                .databaseSequence(amount())
                                .encodedLength();
                    case DatabaseListEncoder.TEMPLATE_ID -> databaseList(buffer, offset);
                    default -> throw new IllegalArgumentException("templateId=" + templateId);
                };
        return MessageHeaderEncoder.ENCODED_LENGTH + body;
    }

    private int progress(final MutableDirectBuffer buffer, final int offset) {
        final long after = random.nextInt(1_000_000);
        final long skipped = 1 + random.nextInt(1_000_000);
        return new ProgressEncoder()
                .wrapAndApplyHeader(buffer, offset, header)
                .afterSequence(after)
                .sequence(after + skipped)
                .check(random.nextLong())
                .skipped(skipped)
                .encodedLength();
    }

    private int welcome(final MutableDirectBuffer buffer, final int offset) {
        final WelcomeEncoder welcome = new WelcomeEncoder().wrapAndApplyHeader(buffer, offset, header);
        welcome.version(0)
                .role(NodeRole.get((short) random.nextInt(3)))
                .durability(Durability.get((short) random.nextInt(4)))
                .sessionId(amount())
                .serverTimeMs(amount())
                .frameBytesMax(1 << 20)
                .changesMax(16_384);
        final byte[] server = values.text();
        return welcome.putServer(server, 0, server.length).encodedLength();
    }

    private int error(final MutableDirectBuffer buffer, final int offset) {
        final ErrorCode[] codes = ErrorCode.values();
        final byte[] text = values.text();
        return new ErrorEncoder()
                .wrapAndApplyHeader(buffer, offset, header)
                .requestId(-1)
                .code(codes[random.nextInt(codes.length - 1)])
                .retryAfterMs(random.nextInt(1_000))
                .limitValue(-1)
                .actualValue(-1)
                .putText(text, 0, text.length)
                .encodedLength();
    }

    private int databaseOpened(final MutableDirectBuffer buffer, final int offset) {
        return new DatabaseOpenedEncoder()
                .wrapAndApplyHeader(buffer, offset, header)
                .requestId(amount())
                .databaseId(random.nextInt(100))
                .rowPolicy(RowPolicy.get((short) random.nextInt(2)))
                .keyForm(KeyForm.get((short) random.nextInt(2)))
                .maxDriftMs(60_000)
                .sequence(amount())
                .created((short) random.nextInt(2))
                .encodedLength();
    }

    private int goAway(final MutableDirectBuffer buffer, final int offset) {
        final byte[] text = values.text();
        return new GoAwayEncoder()
                .wrapAndApplyHeader(buffer, offset, header)
                .reconnectAfterMs(1)
                .jitterMs(2)
                .putAddress(text, 0, text.length)
                .putReason(text, 0, text.length)
                .encodedLength();
    }

    private int submitResult(final MutableDirectBuffer buffer, final int offset) {
        final SubmitResultEncoder result = new SubmitResultEncoder().wrapAndApplyHeader(buffer, offset, header);
        result.requestId(amount())
                .status(SubmitStatus.get((short) random.nextInt(5)))
                .reason(random.nextBoolean() ? 0 : ErrorCode.QUOTA_EXCEEDED.value())
                .sequence(amount())
                .databaseSequence(amount())
                .change(random.nextInt(4) - 1);
        final int winners = random.nextInt(4);
        final SubmitResultEncoder.WinnersEncoder group = result.winnersCount(winners);
        for (int i = 0; i < winners; i++) {
            final WinnerKind kind = WinnerKind.get((short) random.nextInt(3));
            final boolean omitted = random.nextInt(4) == 0;
            final byte[] value = kind == WinnerKind.CELL && !omitted ? values.value() : new byte[0];
            group.next().change(i).kind(kind).omitted((short) (omitted ? 1 : 0));
            putHlc(buffer, result.limit() - HlcDescriptor.LENGTH);
            group.putValue(value, 0, value.length);
        }
        final byte[] outcomes = outcomes(random.nextInt(10));
        return result.putMigrationOutcomes(outcomes, 0, outcomes.length)
                .putOutcomes(outcomes, 0, outcomes.length)
                .encodedLength();
    }

    private int deliveryPart(final MutableDirectBuffer buffer, final int offset) {
        final byte[] bytes = new byte[1 + random.nextInt(500)];
        random.nextBytes(bytes);
        final int before = random.nextInt(1 << 26);
        return new DeliveryPartEncoder()
                .wrapAndApplyHeader(buffer, offset, header)
                .sequence(amount())
                .partOffset(before)
                .totalBytes(before + bytes.length + random.nextInt(2) * random.nextInt(1 << 20))
                .putBytes(bytes, 0, bytes.length)
                .encodedLength();
    }

    private int delivery(final MutableDirectBuffer buffer, final int offset) {
        final DeliveryEncoder delivery = new DeliveryEncoder().wrapAndApplyHeader(buffer, offset, header);
        final long sequence = 1 + random.nextInt(1_000);
        delivery.sequence(sequence)
                .afterSequence(sequence - 1)
                .check(random.nextLong())
                .wall(values.wall())
                .counter(random.nextInt(65_536));
        delivery.flags().clear().own(random.nextBoolean());
        final int migrations = random.nextInt(3);
        final DeliveryEncoder.MigrationsEncoder migration = delivery.migrationsCount(migrations);
        for (int i = 0; i < migrations; i++) {
            final byte[] name = values.name();
            migration
                    .next()
                    .opSeq(i)
                    .kind(MigrationKind.RENAME_TABLE)
                    .version(i)
                    .putSchemaName(name, 0, name.length)
                    .putObjectName(name, 0, name.length)
                    .putFromObjectName(name, 0, name.length)
                    .putDdl(name, 0, name.length);
        }
        final int changes = 1 + random.nextInt(5);
        final DeliveryEncoder.ChangesEncoder change = delivery.changesCount(changes);
        for (int i = 0; i < changes; i++) {
            change(change.next());
        }
        final int survivors = random.nextInt(4);
        final DeliveryEncoder.SurvivorsEncoder survivor = delivery.survivorsCount(survivors);
        for (int i = 0; i < survivors; i++) {
            final byte[] name = values.name();
            survivor.next().change(random.nextInt(changes)).putColumnName(name, 0, name.length);
        }
        return delivery.encodedLength();
    }

    private void change(final DeliveryEncoder.ChangesEncoder change) {
        final boolean write = random.nextBoolean();
        final byte[] name = values.name();
        final byte[] key = values.key(4);
        final byte[] value = values.value();
        change.opSeq(1).op(write ? ChangeOp.WRITE : ChangeOp.DELETE).flags().clear();
        change.putSchemaName(name, 0, name.length)
                .putTableName(name, 0, name.length)
                .putKey(key, 0, key.length)
                .putColumnName(name, 0, write ? name.length : 0)
                .putValue(value, 0, write ? value.length : 0)
                .putBefore(value, 0, 0);
    }

    private int resetRequired(final MutableDirectBuffer buffer, final int offset) {
        final byte[] text = values.text();
        return new ResetRequiredEncoder()
                .wrapAndApplyHeader(buffer, offset, header)
                .requestId(amount())
                .reason(ResetReason.get((short) random.nextInt(4)))
                .putText(text, 0, text.length)
                .encodedLength();
    }

    private byte[] part() {
        final UnsafeBuffer part = new UnsafeBuffer(new byte[ValuePart.HEADER_LENGTH + 1 + random.nextInt(30)]);
        final int offset = random.nextInt(1 << 20);
        ValuePart.put(part, 0, offset, offset + part.capacity() - ValuePart.HEADER_LENGTH + random.nextInt(2));
        return part.byteArray();
    }

    private int statePage(final MutableDirectBuffer buffer, final int offset) {
        final StatePageEncoder page = new StatePageEncoder().wrapAndApplyHeader(buffer, offset, header);
        page.requestId(amount()).sequence(amount()).check(0).nextRow(amount());
        page.flags().clear().last(random.nextBoolean());
        final int cells = random.nextInt(6);
        final StatePageEncoder.CellsEncoder cell = page.cellsCount(cells);
        for (int i = 0; i < cells; i++) {
            final byte[] name = values.name();
            final byte[] key = values.key(3);
            final byte[] value = random.nextInt(4) == 0 ? part() : values.value();
            cell.next();
            putHlc(buffer, page.limit() - HlcDescriptor.LENGTH);
            cell.putSchemaName(name, 0, name.length)
                    .putTableName(name, 0, name.length)
                    .putKey(key, 0, key.length)
                    .putColumnName(name, 0, name.length)
                    .putValue(value, 0, value.length);
        }
        final int migrations = random.nextInt(3);
        final StatePageEncoder.MigrationsEncoder migration = page.migrationsCount(migrations);
        for (int i = 0; i < migrations; i++) {
            final byte[] name = values.name();
            migration.next().kind(MigrationKind.ADD_COLUMN).version(3);
            putHlc(buffer, page.limit() - StatePageEncoder.MigrationsEncoder.sbeBlockLength());
            migration
                    .putSchemaName(name, 0, name.length)
                    .putObjectName(name, 0, name.length)
                    .putFromObjectName(name, 0, 0)
                    .putDdl(name, 0, name.length);
        }
        page.putWithin(new byte[4], 0, random.nextInt(5));
        return page.encodedLength();
    }

    private int snapshotPage(final MutableDirectBuffer buffer, final int offset) {
        final SnapshotPageEncoder page = new SnapshotPageEncoder().wrapAndApplyHeader(buffer, offset, header);
        page.requestId(amount())
                .sequence(amount())
                .check(amount())
                .bytesRead(amount())
                .bytesTotal(amount());
        page.exactSequence(random.nextBoolean() ? -1 : amount()).flags().clear().last(random.nextBoolean());
        final int cells = random.nextInt(6);
        final SnapshotPageEncoder.CellsEncoder cell = page.cellsCount(cells);
        for (int i = 0; i < cells; i++) {
            final byte[] name = values.name();
            final byte[] key = values.key(3);
            final byte[] value = values.value();
            cell.next();
            putHlc(buffer, page.limit() - HlcDescriptor.LENGTH);
            cell.putSchemaName(name, 0, name.length)
                    .putTableName(name, 0, name.length)
                    .putKey(key, 0, key.length)
                    .putColumnName(name, 0, name.length)
                    .putValue(value, 0, value.length);
        }
        page.migrationsCount(0);
        final byte[] checkpoint = values.name();
        return page.putCheckpoint(checkpoint, 0, checkpoint.length).encodedLength();
    }

    private int statusReport(final MutableDirectBuffer buffer, final int offset) {
        final StatusReportEncoder report = new StatusReportEncoder().wrapAndApplyHeader(buffer, offset, header);
        report.requestId(amount());
        final int entries = random.nextInt(5);
        final StatusReportEncoder.EntriesEncoder entry = report.entriesCount(entries);
        for (int i = 0; i < entries; i++) {
            final byte[] name = values.name();
            final byte[] text = values.text();
            entry.next().value(amount()).putName(name, 0, name.length).putText(text, 0, text.length);
        }
        return report.encodedLength();
    }

    private int databaseList(final MutableDirectBuffer buffer, final int offset) {
        final DatabaseListEncoder list = new DatabaseListEncoder().wrapAndApplyHeader(buffer, offset, header);
        list.requestId(amount()).nextId(amount());
        final int databases = random.nextInt(5);
        final DatabaseListEncoder.DatabasesEncoder entry = list.databasesCount(databases);
        for (int i = 0; i < databases; i++) {
            entry.next()
                    .databaseId(amount())
                    .sequence(amount())
                    .cells(amount())
                    .bytes(amount())
                    .sessions(amount())
                    .name("database-" + i);
        }
        return list.encodedLength();
    }

    private void putHlc(final MutableDirectBuffer buffer, final int offset) {
        HlcDescriptor.put(buffer, offset, values.wall(), 3, random.nextLong(), random.nextLong(), random.nextInt());
    }

    private byte[] outcomes(final int count) {
        final byte[] outcomes = new byte[count];
        final UnsafeBuffer target = new UnsafeBuffer(outcomes);
        for (int i = 0; i < count; i++) {
            target.putByte(i, (byte) random.nextInt(6));
        }
        return outcomes;
    }

    private long amount() {
        return random.nextInt(1_000_000);
    }
}
