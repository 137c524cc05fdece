package io.lockstep.codec.testing;

import io.lockstep.codec.ChangeOp;
import io.lockstep.codec.ChangeSubscriptionEncoder;
import io.lockstep.codec.CloseEncoder;
import io.lockstep.codec.CreditGrantEncoder;
import io.lockstep.codec.CursorAckEncoder;
import io.lockstep.codec.HeartbeatEncoder;
import io.lockstep.codec.HelloEncoder;
import io.lockstep.codec.KeyForm;
import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.MigrationKind;
import io.lockstep.codec.OpenDatabaseEncoder;
import io.lockstep.codec.PruneEncoder;
import io.lockstep.codec.ReadDatabasesEncoder;
import io.lockstep.codec.ReadSnapshotEncoder;
import io.lockstep.codec.ReadStateEncoder;
import io.lockstep.codec.ReadStatusEncoder;
import io.lockstep.codec.RefreshTokenEncoder;
import io.lockstep.codec.RowPolicy;
import io.lockstep.codec.SubmitChangeSetEncoder;
import io.lockstep.codec.SubscribeEncoder;
import io.lockstep.codec.UnsubscribeEncoder;
import io.lockstep.codec.UploadChangeSetEncoder;
import io.lockstep.codec.UploadPartEncoder;
import io.lockstep.codec.frame.FrameLimits;
import io.lockstep.codec.message.ChangeSetWriter;
import io.lockstep.codec.value.HlcDescriptor;
import java.util.Random;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Seeded generator of valid client messages within {@link FrameLimits#DEFAULT}, without framing header. The same seed
 * gives the same messages. Not thread-safe.
 */
public final class RandomFrames {
    /** Room that one message needs at most, bytes. */
    public static final int MESSAGE_BYTES_MAX = 64 * 1024;

    private static final int[] TEMPLATES = {
        HelloEncoder.TEMPLATE_ID,
        OpenDatabaseEncoder.TEMPLATE_ID,
        HeartbeatEncoder.TEMPLATE_ID,
        CloseEncoder.TEMPLATE_ID,
        RefreshTokenEncoder.TEMPLATE_ID,
        SubmitChangeSetEncoder.TEMPLATE_ID,
        UploadChangeSetEncoder.TEMPLATE_ID,
        UploadPartEncoder.TEMPLATE_ID,
        SubscribeEncoder.TEMPLATE_ID,
        ChangeSubscriptionEncoder.TEMPLATE_ID,
        CursorAckEncoder.TEMPLATE_ID,
        CreditGrantEncoder.TEMPLATE_ID,
        UnsubscribeEncoder.TEMPLATE_ID,
        ReadStateEncoder.TEMPLATE_ID,
        ReadSnapshotEncoder.TEMPLATE_ID,
        ReadStatusEncoder.TEMPLATE_ID,
        PruneEncoder.TEMPLATE_ID,
        ReadDatabasesEncoder.TEMPLATE_ID
    };

    private final Random random;
    private final RandomValues values;
    private final ChangeSetWriter changeSetWriter = new ChangeSetWriter();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();

    /**
     * A generator.
     *
     * @param seed decides everything
     */
    public RandomFrames(final long seed) {
        random = new Random(seed);
        values = new RandomValues(random);
    }

    /**
     * All messages that clients send.
     *
     * @return template ids
     */
    public static int[] clientTemplates() {
        return TEMPLATES.clone();
    }

    /**
     * For names, values and keys from the same seed.
     *
     * @return the generator that this one uses
     */
    public RandomValues values() {
        return values;
    }

    /**
     * Writes a message of a random kind.
     *
     * @param buffer with room for {@link #MESSAGE_BYTES_MAX}
     * @param offset of its message header
     * @return bytes
     */
    public int clientMessage(final MutableDirectBuffer buffer, final int offset) {
        return clientMessage(TEMPLATES[random.nextInt(TEMPLATES.length)], buffer, offset);
    }

    /**
     * Writes a message of a given kind.
     *
     * @param templateId one of {@link #clientTemplates()}
     * @param buffer with room for {@link #MESSAGE_BYTES_MAX}
     * @param offset of its message header
     * @return bytes
     */
    public int clientMessage(final int templateId, final MutableDirectBuffer buffer, final int offset) {
        final int body =
                switch (templateId) {
                    case HelloEncoder.TEMPLATE_ID -> hello(buffer, offset);
                    case OpenDatabaseEncoder.TEMPLATE_ID -> openDatabase(buffer, offset);
                    case HeartbeatEncoder.TEMPLATE_ID ->
                        new HeartbeatEncoder()
                                .wrapAndApplyHeader(buffer, offset, header)
                                .nonce(random.nextLong())
                                .reply((short) random.nextInt(2))
                                .encodedLength();
                    case CloseEncoder.TEMPLATE_ID ->
                        new CloseEncoder()
                                .wrapAndApplyHeader(buffer, offset, header)
                                .requestId(amount())
                                .encodedLength();
                    case RefreshTokenEncoder.TEMPLATE_ID -> refreshToken(buffer, offset);
                    case UploadChangeSetEncoder.TEMPLATE_ID -> uploadChangeSet(buffer, offset);
                    case UploadPartEncoder.TEMPLATE_ID -> uploadPart(buffer, offset);
                    case SubscribeEncoder.TEMPLATE_ID -> subscribe(buffer, offset);
                    case ChangeSubscriptionEncoder.TEMPLATE_ID -> changeSubscription(buffer, offset);
                    case CursorAckEncoder.TEMPLATE_ID ->
                        new CursorAckEncoder()
                                .wrapAndApplyHeader(buffer, offset, header)
                                .sequence(amount())
                                .encodedLength();
                    case CreditGrantEncoder.TEMPLATE_ID ->
                        new CreditGrantEncoder()
                                .wrapAndApplyHeader(buffer, offset, header)
                                .bytes(amount())
                                .encodedLength();
                    case UnsubscribeEncoder.TEMPLATE_ID ->
                        new UnsubscribeEncoder()
                                .wrapAndApplyHeader(buffer, offset, header)
                                .requestId(amount())
                                .encodedLength();
                    case ReadStateEncoder.TEMPLATE_ID -> readState(buffer, offset);
                    case ReadSnapshotEncoder.TEMPLATE_ID -> readSnapshot(buffer, offset);
                    case ReadStatusEncoder.TEMPLATE_ID ->
                        new ReadStatusEncoder()
                                .wrapAndApplyHeader(buffer, offset, header)
                                .requestId(amount())
                                .encodedLength();
                    case PruneEncoder.TEMPLATE_ID ->
                        new PruneEncoder()
                                .wrapAndApplyHeader(buffer, offset, header)
                                .requestId(amount())
                                .horizonMs(amount())
                                .encodedLength();
                    case ReadDatabasesEncoder.TEMPLATE_ID ->
                        new ReadDatabasesEncoder()
                                .wrapAndApplyHeader(buffer, offset, header)
                                .requestId(amount())
                                .firstId(amount())
                                .encodedLength();
                    case SubmitChangeSetEncoder.TEMPLATE_ID ->
                        changeSet(buffer, offset) - MessageHeaderEncoder.ENCODED_LENGTH;
                    default -> throw new IllegalArgumentException("templateId=" + templateId);
                };
        return MessageHeaderEncoder.ENCODED_LENGTH + body;
    }

    /** Of sizes that a node may or may not take. */
    private int uploadChangeSet(final MutableDirectBuffer buffer, final int offset) {
        final UploadChangeSetEncoder upload = new UploadChangeSetEncoder().wrapAndApplyHeader(buffer, offset, header);
        upload.requestId(amount())
                .wall(values.wall())
                .counter(random.nextInt(65_536))
                .totalBytes(random.nextInt(4) == 0 ? 0xFFFF_FFFEL : random.nextInt(1 << 20))
                .crc(random.nextInt() & 0x7FFF_FFFF);
        upload.site().high(random.nextLong()).low(random.nextLong());
        return upload.encodedLength();
    }

    private int uploadPart(final MutableDirectBuffer buffer, final int offset) {
        final byte[] bytes = new byte[1 + random.nextInt(500)];
        random.nextBytes(bytes);
        return new UploadPartEncoder()
                .wrapAndApplyHeader(buffer, offset, header)
                .requestId(amount())
                .partOffset(random.nextInt(3) == 0 ? random.nextInt(1 << 20) : 0)
                .putBytes(bytes, 0, bytes.length)
                .encodedLength();
    }

    /**
     * Writes a change set with up to four migrations and up to twelve changes.
     *
     * @param buffer with room for {@link #MESSAGE_BYTES_MAX}
     * @param offset of its message header
     * @return bytes
     */
    public int changeSet(final MutableDirectBuffer buffer, final int offset) {
        return changeSet(buffer, offset, random.nextInt(3) == 0 ? random.nextInt(5) : 0, random.nextInt(13));
    }

    /**
     * Writes a change set.
     *
     * @param buffer with room enough
     * @param offset of its message header
     * @param migrations how many
     * @param changes how many
     * @return bytes
     */
    public int changeSet(final MutableDirectBuffer buffer, final int offset, final int migrations, final int changes) {
        changeSetWriter
                .wrap(buffer, offset)
                .header(
                        amount(),
                        random.nextLong(),
                        random.nextLong(),
                        values.wall(),
                        random.nextInt(65_536),
                        random.nextBoolean(),
                        migrations,
                        changes);
        for (int i = 0; i < migrations; i++) {
            final MigrationKind kind = MigrationKind.get((short) random.nextInt(MigrationKind.DROP_INDEX.value() + 1));
            final byte[] from = kind == MigrationKind.RENAME_TABLE ? values.name() : new byte[0];
            changeSetWriter.migration(i, kind, random.nextInt(10), values.name(), values.name(), from, values.text());
        }
        for (int i = 0; i < changes; i++) {
            change(migrations + i);
        }
        return changeSetWriter.length();
    }

    private void change(final int opSeq) {
        final boolean write = random.nextInt(4) > 0;
        final boolean withBefore = random.nextInt(3) == 0;
        changeSetWriter
                .beginChange(opSeq, write ? ChangeOp.WRITE : ChangeOp.DELETE, withBefore)
                .schemaName(values.name())
                .tableName(values.name())
                .key(values.key(FrameLimits.DEFAULT.keyPartsMax() / 8))
                .columnName(write ? values.name() : new byte[0])
                .value(write ? values.value() : new byte[0])
                .before(!withBefore ? new byte[0] : write ? clockAndValue() : values.values());
    }

    private byte[] clockAndValue() {
        final byte[] value = values.value();
        final byte[] before = new byte[HlcDescriptor.LENGTH + value.length];
        HlcDescriptor.put(
                new UnsafeBuffer(before), 0, values.wall(), 7, random.nextLong(), random.nextLong(), random.nextInt());
        System.arraycopy(value, 0, before, HlcDescriptor.LENGTH, value.length);
        return before;
    }

    private int hello(final MutableDirectBuffer buffer, final int offset) {
        final HelloEncoder hello = new HelloEncoder().wrapAndApplyHeader(buffer, offset, header);
        hello.versionMin(0).versionMax(random.nextInt(4)).heartbeatMs(random.nextInt(60_000));
        hello.features().clear().winners(random.nextBoolean());
        final int sites = random.nextInt(5);
        final HelloEncoder.SitesEncoder group = hello.sitesCount(sites);
        for (int i = 0; i < sites; i++) {
            group.next().site().high(random.nextLong()).low(random.nextLong());
        }
        final byte[] client = values.text();
        final byte[] token = values.text();
        return hello.putClient(client, 0, client.length)
                .putToken(token, 0, token.length)
                .encodedLength();
    }

    private int openDatabase(final MutableDirectBuffer buffer, final int offset) {
        final OpenDatabaseEncoder open = new OpenDatabaseEncoder().wrapAndApplyHeader(buffer, offset, header);
        open.requestId(amount())
                .rowPolicy(RowPolicy.get((short) random.nextInt(2)))
                .keyForm(KeyForm.get((short) random.nextInt(2)))
                .maxDriftMs(amount());
        open.flags().clear().create(random.nextBoolean());
        final byte[] name = values.databaseName();
        return open.putName(name, 0, name.length).encodedLength();
    }

    private int refreshToken(final MutableDirectBuffer buffer, final int offset) {
        final byte[] token = values.text();
        return new RefreshTokenEncoder()
                .wrapAndApplyHeader(buffer, offset, header)
                .requestId(amount())
                .putToken(token, 0, token.length)
                .encodedLength();
    }

    private int subscribe(final MutableDirectBuffer buffer, final int offset) {
        final SubscribeEncoder subscribe = new SubscribeEncoder().wrapAndApplyHeader(buffer, offset, header);
        subscribe
                .requestId(amount())
                .sequence(amount())
                .check(random.nextLong())
                .creditBytes(amount());
        subscribe.incarnation().high(random.nextLong()).low(random.nextLong());
        subscribe.flags().clear().verified(random.nextBoolean()).excludeOwn(random.nextBoolean());
        final int filters = filters();
        final SubscribeEncoder.FiltersEncoder group = subscribe.filtersCount(filters);
        for (int i = 0; i < filters; i++) {
            final byte[] table = values.name();
            final byte[] prefix = keyPrefix();
            group.next().putTable(table, 0, table.length).putKeyPrefix(prefix, 0, prefix.length);
        }
        return subscribe.encodedLength();
    }

    private int changeSubscription(final MutableDirectBuffer buffer, final int offset) {
        final ChangeSubscriptionEncoder change =
                new ChangeSubscriptionEncoder().wrapAndApplyHeader(buffer, offset, header);
        change.requestId(amount());
        final int filters = filters();
        final ChangeSubscriptionEncoder.FiltersEncoder group = change.filtersCount(filters);
        for (int i = 0; i < filters; i++) {
            final byte[] table = values.name();
            final byte[] prefix = keyPrefix();
            group.next().putTable(table, 0, table.length).putKeyPrefix(prefix, 0, prefix.length);
        }
        return change.encodedLength();
    }

    private int readState(final MutableDirectBuffer buffer, final int offset) {
        final ReadStateEncoder read = new ReadStateEncoder().wrapAndApplyHeader(buffer, offset, header);
        read.requestId(amount()).row(amount()).pageBytesMax(random.nextInt(1 << 20));
        final int filters = filters();
        final ReadStateEncoder.FiltersEncoder group = read.filtersCount(filters);
        for (int i = 0; i < filters; i++) {
            final byte[] table = values.name();
            final byte[] prefix = keyPrefix();
            group.next().putTable(table, 0, table.length).putKeyPrefix(prefix, 0, prefix.length);
        }
        final byte[] within = new byte[random.nextInt(6)];
        read.putWithin(within, 0, within.length);
        return read.encodedLength();
    }

    private int readSnapshot(final MutableDirectBuffer buffer, final int offset) {
        final ReadSnapshotEncoder read = new ReadSnapshotEncoder().wrapAndApplyHeader(buffer, offset, header);
        read.requestId(amount()).pageBytesMax(random.nextInt(1 << 20)).pages(random.nextInt(100));
        final int filters = filters();
        final ReadSnapshotEncoder.FiltersEncoder group = read.filtersCount(filters);
        for (int i = 0; i < filters; i++) {
            final byte[] table = values.name();
            final byte[] prefix = keyPrefix();
            group.next().putTable(table, 0, table.length).putKeyPrefix(prefix, 0, prefix.length);
        }
        final byte[] checkpoint = new byte[random.nextInt(100)];
        random.nextBytes(checkpoint);
        return read.putCheckpoint(checkpoint, 0, checkpoint.length).encodedLength();
    }

    private int filters() {
        return random.nextBoolean() ? 0 : random.nextInt(5);
    }

    private byte[] keyPrefix() {
        return random.nextBoolean() ? new byte[0] : values.key(FrameLimits.DEFAULT.keyPartsMax() / 8);
    }

    private long amount() {
        return random.nextInt(4) == 0 ? Long.MAX_VALUE : random.nextInt(1_000_000);
    }
}
