package io.lockstep.codec.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.codec.CreditGrantEncoder;
import io.lockstep.codec.DeliveryDecoder;
import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.HelloEncoder;
import io.lockstep.codec.JournalRecordEncoder;
import io.lockstep.codec.KeyForm;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.OpenDatabaseEncoder;
import io.lockstep.codec.PruneEncoder;
import io.lockstep.codec.RowPolicy;
import io.lockstep.codec.StatePageDecoder;
import io.lockstep.codec.StatusReportEncoder;
import io.lockstep.codec.SubmitChangeSetDecoder;
import io.lockstep.codec.SubmitChangeSetEncoder;
import io.lockstep.codec.WelcomeEncoder;
import io.lockstep.codec.testing.GeneratedReader;
import io.lockstep.codec.testing.RandomFrames;
import io.lockstep.codec.testing.RandomServerFrames;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers, directions, versions, sizes, and the rules of messages other than change sets. */
class FrameValidatorFramingTest {
    private static final int HEADER = MessageHeaderEncoder.ENCODED_LENGTH;

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[RandomFrames.MESSAGE_BYTES_MAX]);
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final FrameValidator validator = new FrameValidator(FrameLimits.DEFAULT);

    @Test
    void shouldRefuseWhatIsShorterThanAHeader() {
        for (int length = 0; length < HEADER; length++) {
            assertFatal(validator.validateClientMessage(buffer, 0, length), ErrorCode.MALFORMED_FRAME);
            assertFatal(validator.validateServerMessage(buffer, 0, length), ErrorCode.MALFORMED_FRAME);
            assertFatal(validator.validateJournalRecord(buffer, 0, length), ErrorCode.MALFORMED_FRAME);
        }
    }

    @Test
    void shouldRefuseAnotherSchema() {
        final int length = creditGrant(5);
        header.wrap(buffer, 0).schemaId(19_540);
        assertFatal(validator.validateClientMessage(buffer, 0, length), ErrorCode.MALFORMED_FRAME);
        assertEquals("schemaId is another schema: limit=19539, actual=19540", validator.errorText());
    }

    @Test
    void shouldRefuseAnUnknownTemplate() {
        final int length = creditGrant(5);
        header.wrap(buffer, 0).templateId(199);
        assertFatal(validator.validateClientMessage(buffer, 0, length), ErrorCode.MALFORMED_FRAME);
        assertFatal(validator.validateServerMessage(buffer, 0, length), ErrorCode.MALFORMED_FRAME);
    }

    @ParameterizedTest
    @ValueSource(ints = {WelcomeEncoder.TEMPLATE_ID, JournalRecordEncoder.TEMPLATE_ID, 201, 206})
    void shouldNotTakeFromAClientWhatOnlyNodesWrite(final int template) {
        final int length = creditGrant(5);
        header.wrap(buffer, 0).templateId(template);
        assertFatal(validator.validateClientMessage(buffer, 0, length), ErrorCode.UNEXPECTED_MESSAGE);
    }

    /** Without what version 1 has at the end of its block, as version 0 was. */
    private boolean validateShortWelcome(final int version) {
        final WelcomeEncoder welcome = new WelcomeEncoder();
        welcome.wrapAndApplyHeader(buffer, 0, header);
        final int blockLength = WelcomeEncoder.uploadBytesMaxEncodingOffset();
        header.wrap(buffer, 0).blockLength(blockLength).version(version);
        buffer.putShort(HEADER + blockLength, (short) 0, ByteOrder.LITTLE_ENDIAN);
        return validator.validateServerMessage(buffer, 0, HEADER + blockLength + Short.BYTES);
    }

    @Test
    void shouldTakeAShortWelcomeFromANodeOfVersionZeroAlone() {
        assertTrue(validateShortWelcome(0), validator::errorText);
        assertFatal(validateShortWelcome(1), ErrorCode.MALFORMED_FRAME);
        assertFatal(validateShortWelcome(2), ErrorCode.MALFORMED_FRAME);
    }

    @Test
    void shouldNotTakeFromANodeWhatOnlyClientsSend() {
        assertFatal(validator.validateServerMessage(buffer, 0, creditGrant(5)), ErrorCode.UNEXPECTED_MESSAGE);
    }

    @Test
    void shouldRefuseAFrameOverItsLimit() {
        final RandomFrames frames = new RandomFrames(1);
        final int length = frames.changeSet(buffer, 0, 0, 5);
        final int frame = length + FrameDescriptor.HEADER_LENGTH;
        assertTrue(limitedTo(frame).validateClientMessage(buffer, 0, length));
        final FrameValidator strict = limitedTo(frame - 1);
        assertFalse(strict.validateClientMessage(buffer, 0, length));
        assertEquals(ErrorCode.FRAME_TOO_LARGE, strict.errorCode());
        assertTrue(strict.fatal());
        assertEquals(frame - 1, strict.limitValue());
        assertEquals(frame, strict.actualValue());
    }

    @Test
    void shouldRefuseAShortBlockInEveryMessage() {
        final RandomFrames frames = new RandomFrames(2);
        for (final int template : RandomFrames.clientTemplates()) {
            final int length = frames.clientMessage(template, buffer, 0);
            header.wrap(buffer, 0)
                    .blockLength(new MessageHeaderDecoder().wrap(buffer, 0).blockLength() - 1);
            assertFatal(validator.validateClientMessage(buffer, 0, length), ErrorCode.MALFORMED_FRAME);
        }
    }

    @Test
    void shouldReadLongerBlocksOfALaterVersion() {
        final GeneratedReader reader = new GeneratedReader();
        final RandomFrames frames = new RandomFrames(3);
        for (final int template : RandomFrames.clientTemplates()) {
            final int length = frames.clientMessage(template, buffer, 0);
            final int blockLength = new MessageHeaderDecoder().wrap(buffer, 0).blockLength();
            final int grown = grow(HEADER + blockLength, length, 3);
            header.wrap(buffer, 0).blockLength(blockLength + 3).version(MessageHeaderDecoder.SCHEMA_VERSION + 1);
            assertTrue(validator.validateClientMessage(buffer, 0, grown), validator::errorText);
            reader.read(buffer, 0, grown);
        }
    }

    @Test
    void shouldReadLongerGroupBlocksOfALaterVersion() {
        int length = new RandomFrames(4).changeSet(buffer, 0, 0, 1);
        final int changes = HEADER + SubmitChangeSetEncoder.BLOCK_LENGTH + 4;
        final int blockLength = SubmitChangeSetDecoder.ChangesDecoder.sbeBlockLength();
        length = grow(changes + 4 + blockLength, length, 5);
        buffer.putShort(changes, (short) (blockLength + 5), ByteOrder.LITTLE_ENDIAN);
        header.wrap(buffer, 0).version(9);
        assertTrue(validator.validateClientMessage(buffer, 0, length), validator::errorText);
        new GeneratedReader().read(buffer, 0, length);
    }

    @Test
    void shouldRefuseLongerBlocksOfItsOwnVersion() {
        final RandomFrames frames = new RandomFrames(9);
        for (final int template : RandomFrames.clientTemplates()) {
            final int length = frames.clientMessage(template, buffer, 0);
            final int blockLength = new MessageHeaderDecoder().wrap(buffer, 0).blockLength();
            final int grown = grow(HEADER + blockLength, length, 1);
            header.wrap(buffer, 0).blockLength(blockLength + 1);
            assertFatal(validator.validateClientMessage(buffer, 0, grown), ErrorCode.MALFORMED_FRAME);
        }
    }

    @Test
    void shouldTakeFromANodeTheLongerGroupBlocksThatItPassesOn() {
        final StatusReportEncoder report = new StatusReportEncoder().wrapAndApplyHeader(buffer, 0, header);
        report.requestId(1).entriesCount(1).next().value(2).name("name").text("text");
        final int entries = HEADER + StatusReportEncoder.BLOCK_LENGTH;
        final int blockLength = StatusReportEncoder.EntriesEncoder.sbeBlockLength();
        final int grown = grow(entries + 4 + blockLength, HEADER + report.encodedLength(), 2);
        buffer.putShort(entries, (short) (blockLength + 2), ByteOrder.LITTLE_ENDIAN);
        assertTrue(validator.validateServerMessage(buffer, 0, grown), validator::errorText);
        new GeneratedReader().read(buffer, 0, grown);
    }

    @Test
    void shouldRefuseAShortGroupBlock() {
        final int length = new RandomFrames(5).changeSet(buffer, 0, 0, 1);
        final int changes = HEADER + SubmitChangeSetEncoder.BLOCK_LENGTH + 4;
        buffer.putShort(changes, (short) 5, ByteOrder.LITTLE_ENDIAN);
        assertFatal(validator.validateClientMessage(buffer, 0, length), ErrorCode.MALFORMED_FRAME);
        assertEquals("changes has a block shorter than the schema's: limit=6, actual=5", validator.errorText());
    }

    @Test
    void shouldRefuseACountThatTheBytesCannotHold() {
        final int length = new RandomFrames(6).changeSet(buffer, 0, 0, 1);
        final int changes = HEADER + SubmitChangeSetEncoder.BLOCK_LENGTH + 4;
        buffer.putShort(changes + 2, (short) 0xFFFF, ByteOrder.LITTLE_ENDIAN);
        assertFatal(validator.validateClientMessage(buffer, 0, length), ErrorCode.MALFORMED_FRAME);
    }

    @Test
    void shouldRefuseAnEmptyBlockThatRepeatsForNothing() {
        // 65,535 sites in a block of no bytes: a group that would cost work and no bytes.
        final int length = hello();
        buffer.putShort(HEADER + HelloEncoder.BLOCK_LENGTH, (short) 0, ByteOrder.LITTLE_ENDIAN);
        buffer.putShort(HEADER + HelloEncoder.BLOCK_LENGTH + 2, (short) 0xFFFF, ByteOrder.LITTLE_ENDIAN);
        assertFatal(validator.validateClientMessage(buffer, 0, length), ErrorCode.MALFORMED_FRAME);
    }

    @Test
    void shouldRefuseALengthThatWouldOverflow() {
        final int length = new RandomFrames(7).changeSet(buffer, 0, 0, 1);
        // The last field is the before-image with its 32-bit length.
        for (final int hostile : new int[] {-1, Integer.MAX_VALUE, Integer.MIN_VALUE, length}) {
            final UnsafeBuffer message = new UnsafeBuffer(new byte[length]);
            message.putBytes(0, buffer, 0, length);
            message.putInt(lastLengthOffset(length), hostile, ByteOrder.LITTLE_ENDIAN);
            assertFalse(validator.validateClientMessage(message, 0, length));
            assertEquals(ErrorCode.MALFORMED_FRAME, validator.errorCode());
        }
    }

    @Test
    void shouldRefuseNegativeAmounts() {
        assertFatal(validator.validateClientMessage(buffer, 0, creditGrant(-1)), ErrorCode.MALFORMED_FRAME);
        assertEquals("bytes is outside its range: limit=0, actual=-1", validator.errorText());
        final PruneEncoder prune = new PruneEncoder().wrapAndApplyHeader(buffer, 0, header);
        prune.requestId(4).horizonMs(-1);
        assertFatal(
                validator.validateClientMessage(buffer, 0, HEADER + prune.encodedLength()), ErrorCode.MALFORMED_FRAME);
        assertEquals(4, validator.requestId());
    }

    @Test
    void shouldRefuseANegativeRequestId() {
        final PruneEncoder prune = new PruneEncoder().wrapAndApplyHeader(buffer, 0, header);
        prune.requestId(-5).horizonMs(0);
        assertFatal(
                validator.validateClientMessage(buffer, 0, HEADER + prune.encodedLength()), ErrorCode.MALFORMED_FRAME);
        assertEquals(-1, validator.requestId());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "Z9._:-", "tenant:orders-2024.eu_west"})
    void shouldAcceptANameOfADatabase(final String name) {
        assertTrue(validator.validateClientMessage(buffer, 0, openDatabase(name)), validator::errorText);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a/b", "caf\u00e9", "a\u0000", "~"})
    void shouldRefuseWhatIsNoNameOfADatabase(final String name) {
        assertFalse(validator.validateClientMessage(buffer, 0, openDatabase(name)));
        assertEquals(ErrorCode.INVALID_NAME, validator.errorCode());
        assertFalse(validator.fatal());
        assertEquals(9, validator.requestId());
    }

    @Test
    void shouldRefuseALongNameOfADatabase() {
        assertTrue(validator.validateClientMessage(buffer, 0, openDatabase("x".repeat(128))));
        assertFalse(validator.validateClientMessage(buffer, 0, openDatabase("x".repeat(129))));
        assertEquals(ErrorCode.INVALID_NAME, validator.errorCode());
        assertEquals("name is longer than its limit: limit=128, actual=129", validator.errorText());
    }

    @Test
    void shouldThrowOnlyForARangeOutsideTheBuffer() {
        assertThrows(
                IndexOutOfBoundsException.class,
                () -> validator.validateClientMessage(buffer, buffer.capacity() - 4, 8));
    }

    @Test
    void shouldShareTheLayoutOfChangesWithDeliveries() {
        assertEquals(
                SubmitChangeSetDecoder.ChangesDecoder.sbeBlockLength(),
                DeliveryDecoder.ChangesDecoder.sbeBlockLength());
        assertEquals(
                SubmitChangeSetDecoder.ChangesDecoder.opEncodingOffset(),
                DeliveryDecoder.ChangesDecoder.opEncodingOffset());
        assertEquals(
                SubmitChangeSetDecoder.ChangesDecoder.flagsEncodingOffset(),
                DeliveryDecoder.ChangesDecoder.flagsEncodingOffset());
        assertEquals(
                SubmitChangeSetDecoder.MigrationsDecoder.sbeBlockLength(),
                DeliveryDecoder.MigrationsDecoder.sbeBlockLength());
        assertEquals(
                SubmitChangeSetDecoder.MigrationsDecoder.kindEncodingOffset(),
                DeliveryDecoder.MigrationsDecoder.kindEncodingOffset());
    }

    @Test
    void shouldTakeFromANodeWhatIsOverTheLimitsOfClients() {
        final FrameValidator strict = new FrameValidator(new FrameLimits(1 << 20, 0, 1, 1, 1, 1));
        final int length = new RandomServerFrames(8).serverMessage(StatePageDecoder.TEMPLATE_ID, buffer, 0);
        assertTrue(strict.validateServerMessage(buffer, 0, length), strict::errorText);
    }

    private static FrameValidator limitedTo(final int frameBytesMax) {
        return new FrameValidator(new FrameLimits(frameBytesMax, 16_384, 255, 4_096, 32, 64 * 1024));
    }

    private int creditGrant(final long bytes) {
        return HEADER
                + new CreditGrantEncoder()
                        .wrapAndApplyHeader(buffer, 0, header)
                        .bytes(bytes)
                        .encodedLength();
    }

    private int hello() {
        final HelloEncoder hello = new HelloEncoder().wrapAndApplyHeader(buffer, 0, header);
        hello.versionMin(0).versionMax(0).heartbeatMs(0).features().clear();
        hello.sitesCount(0);
        return HEADER + hello.client("c").token("t").encodedLength();
    }

    private int openDatabase(final String name) {
        final byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        final OpenDatabaseEncoder open = new OpenDatabaseEncoder().wrapAndApplyHeader(buffer, 0, header);
        open.requestId(9)
                .rowPolicy(RowPolicy.LAST_WRITER_WINS)
                .keyForm(KeyForm.TYPED)
                .maxDriftMs(0)
                .flags()
                .clear();
        return HEADER + open.putName(bytes, 0, bytes.length).encodedLength();
    }

    /** Makes room for new fields at the end of a block. */
    private int grow(final int at, final int length, final int bytes) {
        final byte[] tail = new byte[length - at];
        buffer.getBytes(at, tail);
        buffer.setMemory(at, bytes, (byte) 0x5A);
        buffer.putBytes(at + bytes, tail);
        return length + bytes;
    }

    private int lastLengthOffset(final int length) {
        final SubmitChangeSetDecoder set = new SubmitChangeSetDecoder();
        set.wrapAndApplyHeader(buffer, 0, new MessageHeaderDecoder());
        set.migrations();
        final SubmitChangeSetDecoder.ChangesDecoder change = set.changes().next();
        change.skipSchemaName();
        change.skipTableName();
        change.skipKey();
        change.skipColumnName();
        change.skipValue();
        assertTrue(set.limit() < length);
        return set.limit();
    }

    private void assertFatal(final boolean accepted, final ErrorCode code) {
        assertFalse(accepted);
        assertEquals(code, validator.errorCode(), validator.errorText());
        assertTrue(validator.fatal());
    }
}
