package io.lockstep.codec.frame;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.codec.ChangeOp;
import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.MigrationKind;
import io.lockstep.codec.message.ChangeSetWriter;
import io.lockstep.codec.value.HlcDescriptor;
import io.lockstep.codec.value.ValueWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** What a change set may hold, rule by rule; each test starts from a set that is accepted and breaks one thing. */
class FrameValidatorRulesTest {
    private static final FrameLimits LIMITS = new FrameLimits(4_096, 3, 8, 40, 2, 10);
    private static final byte[] NONE = {};
    private static final byte[] MAIN = utf8("main");
    private static final byte[] KEY = hex("020100000000000000");
    private static final byte[] VALUE = hex("00");
    private static final byte[] NOT_UTF8 = hex("61ff");
    private static final long REQUEST_ID = 77;

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[8_192]);
    private final ChangeSetWriter writer = new ChangeSetWriter();
    private final FrameValidator validator = new FrameValidator(LIMITS);

    private long wall = 1;
    private int flags;
    private byte[] schemaName = MAIN;
    private byte[] tableName = MAIN;
    private byte[] key = KEY;
    private byte[] columnName = MAIN;
    private byte[] value = VALUE;
    private byte[] before = NONE;
    private boolean withBefore;

    @Test
    void shouldAcceptWhatEveryTestStartsFrom() {
        assertTrue(validateWrite(), validator::errorText);
        assertEquals(REQUEST_ID, validator.requestId());
        assertEquals("", validator.errorText());
        assertEquals(-1, validator.limitValue());
    }

    @Test
    void shouldRefuseAWallOf48BitsOrMore() {
        wall = HlcDescriptor.WALL_LIMIT - 1;
        assertTrue(validateWrite());
        wall = HlcDescriptor.WALL_LIMIT;
        assertRefused(validateWrite(), "wall is outside its range: limit=281474976710655, actual=281474976710656");
        wall = -1;
        assertRefused(validateWrite(), "wall is outside its range: limit=281474976710655, actual=-1");
    }

    @Test
    void shouldRefuseFlagsThatItDoesNotKnow() {
        flags = 2;
        assertRefused(validateWrite(), "flags has bits that the protocol does not know: limit=1, actual=2");
    }

    @Test
    void shouldRefuseEmptyNames() {
        schemaName = NONE;
        assertRefused(validateWrite(), "changes[0].schemaName must not be empty: limit=1, actual=0");
        schemaName = MAIN;
        tableName = NONE;
        assertRefused(validateWrite(), "changes[0].tableName must not be empty: limit=1, actual=0");
        tableName = MAIN;
        columnName = NONE;
        assertRefused(validateWrite(), "changes[0].columnName must not be empty: limit=1, actual=0");
    }

    @Test
    void shouldRefuseALongName() {
        columnName = utf8("12345678");
        assertTrue(validateWrite());
        columnName = utf8("123456789");
        assertRefused(validateWrite(), "changes[0].columnName is longer than its limit: limit=8, actual=9");
        assertEquals(8, validator.limitValue());
        assertEquals(9, validator.actualValue());
    }

    @Test
    void shouldRefuseNamesThatAreNotUtf8() {
        tableName = NOT_UTF8;
        assertRefused(
                validateWrite(), "changes[0].tableName is not valid UTF-8 from the named byte on: limit=-1, actual=1");
    }

    @Test
    void shouldRefuseAnEmptyKey() {
        key = NONE;
        assertRefused(validateWrite(), "changes[0].key must not be empty: limit=1, actual=0");
    }

    @Test
    void shouldRefuseAKeyOfTooManyParts() {
        key = hex("0000");
        assertTrue(validateWrite());
        key = hex("000000");
        assertRefused(validateWrite(), "changes[0].key has more entries than its limit: limit=2, actual=3");
    }

    @Test
    void shouldRefuseALongKey() {
        key = new byte[41];
        assertRefused(validateWrite(), "changes[0].key is longer than its limit: limit=40, actual=41");
    }

    @Test
    void shouldRefuseNanAndMinusZeroInAKey() {
        key = hex("04000000000000f87f");
        assertRefused(
                validateWrite(),
                "changes[0].key is not a key of the value encoding: it holds NaN or -0.0, which no key may");
        key = hex("040000000000000080");
        assertRefused(
                validateWrite(),
                "changes[0].key is not a key of the value encoding: it holds NaN or -0.0, which no key may");
    }

    @Test
    void shouldRefuseAWriteWithoutExactlyOneValue() {
        value = NONE;
        assertRefused(
                validateWrite(),
                "changes[0].value is not exactly one value of the value encoding: it ends before its value does");
        value = hex("0000");
        assertRefused(validateWrite(), "changes[0].value is not exactly one value of the value encoding");
        value = hex("0102");
        assertRefused(
                validateWrite(),
                "changes[0].value is not exactly one value of the value encoding: it is not in canonical form");
    }

    @Test
    void shouldRefuseADeleteWithColumnOrValue() {
        assertTrue(validateDelete(NONE, NONE));
        assertRefused(validateDelete(MAIN, NONE), "changes[0].columnName must be empty: limit=0, actual=4");
        assertRefused(validateDelete(NONE, VALUE), "changes[0].value must be empty: limit=0, actual=1");
    }

    @Test
    void shouldRefuseABeforeImageThatTheFlagsDoNotTellOf() {
        before = VALUE;
        assertRefused(validateWrite(), "changes[0].before must be empty: limit=0, actual=1");
    }

    @Test
    void shouldTakeAClockAndAValueBeforeAWrite() {
        withBefore = true;
        before = Arrays.copyOf(hex("0000000000000001"), HlcDescriptor.LENGTH + 1);
        assertTrue(validateWrite(), validator::errorText);
        before = Arrays.copyOf(before, HlcDescriptor.LENGTH);
        assertRefused(
                validateWrite(),
                "changes[0].before is not exactly one value of the value encoding: it ends before its value does");
        before = Arrays.copyOf(before, HlcDescriptor.LENGTH + 2);
        assertRefused(validateWrite(), "changes[0].before is not exactly one value of the value encoding");
        before = NONE;
        assertRefused(
                validateWrite(),
                "changes[0].before is not exactly one value of the value encoding: limit=30, actual=0");
    }

    @Test
    void shouldRefuseAWallOf48BitsInABeforeImage() {
        withBefore = true;
        before = Arrays.copyOf(hex("0001000000000000"), HlcDescriptor.LENGTH + 1);
        assertRefused(
                validateWrite(),
                "changes[0].before is outside its range: limit=281474976710655, actual=281474976710656");
    }

    @Test
    void shouldTakeAnyNumberOfValuesBeforeADelete() {
        withBefore = true;
        before = NONE;
        assertTrue(validateDelete(NONE, NONE));
        before = hex("000100");
        assertTrue(validateDelete(NONE, NONE));
        before = hex("0001");
        assertRefused(
                validateDelete(NONE, NONE),
                "changes[0].before is not a list of values of the value encoding: it ends before its value does");
    }

    @Test
    void shouldRefuseAnOpOutsideItsRange() {
        assertTrue(validateWrite());
        // The change's block: opSeq, then op.
        final int op = 8 + 35 + 4 + 4 + 4;
        buffer.putByte(op, (byte) 2);
        assertRefused(
                validator.validateClientMessage(buffer, 0, writer.length()),
                "changes[0].op is outside its range: limit=1, actual=2");
        buffer.putByte(op, (byte) 255);
        assertRefused(
                validator.validateClientMessage(buffer, 0, writer.length()),
                "changes[0].op is outside its range: limit=1, actual=255");
    }

    @Test
    void shouldRefuseTooManyChangesAndMigrationsTogether() {
        header(1, 3).migration(0, MigrationKind.ADD_INDEX, 1, MAIN, MAIN, NONE, NONE);
        for (int i = 0; i < 3; i++) {
            writer.delete(i, MAIN, MAIN, KEY);
        }
        assertFalse(validator.validateClientMessage(buffer, 0, writer.length()));
        assertAll(
                () -> assertEquals(ErrorCode.CHANGE_SET_TOO_LARGE, validator.errorCode()),
                () -> assertEquals("changes has more entries than its limit: limit=3, actual=4", validator.errorText()),
                () -> assertEquals(3, validator.limitValue()),
                () -> assertEquals(4, validator.actualValue()),
                () -> assertEquals(REQUEST_ID, validator.requestId()),
                () -> assertFalse(validator.fatal()));
    }

    @Test
    void shouldRefuseAFormerNameWithoutARename() {
        assertTrue(validateMigration(MigrationKind.RENAME_TABLE, MAIN, NONE));
        assertTrue(validateMigration(MigrationKind.RENAME_TABLE, NONE, NONE));
        assertRefused(
                validateMigration(MigrationKind.ADD_COLUMN, MAIN, NONE),
                "migrations[0].fromObjectName must be empty: limit=0, actual=4");
    }

    @Test
    void shouldRefuseALongStatement() {
        assertTrue(validateMigration(MigrationKind.ADD_COLUMN, NONE, utf8("1234567890")));
        assertRefused(
                validateMigration(MigrationKind.ADD_COLUMN, NONE, utf8("12345678901")),
                "migrations[0].ddl is longer than its limit: limit=10, actual=11");
    }

    @Test
    void shouldRefuseAStatementThatIsNotUtf8() {
        assertRefused(
                validateMigration(MigrationKind.ADD_COLUMN, NONE, NOT_UTF8),
                "migrations[0].ddl is not valid UTF-8 from the named byte on: limit=-1, actual=1");
    }

    @Test
    void shouldNameTheEntryThatIsWrong() {
        header(0, 2);
        writer.delete(0, MAIN, MAIN, KEY).delete(1, MAIN, NONE, KEY);
        assertRefused(
                validator.validateClientMessage(buffer, 0, writer.length()),
                "changes[1].tableName must not be empty: limit=1, actual=0");
    }

    @Test
    void shouldForgetARefusalWithTheNextMessage() {
        columnName = NONE;
        assertFalse(validateWrite());
        columnName = MAIN;
        assertTrue(validateWrite());
        assertEquals(ErrorCode.NULL_VAL, validator.errorCode());
        assertEquals("", validator.errorText());
        assertFalse(validator.fatal());
    }

    @Test
    void shouldLeaveTheOrderOfOpSeqsToArbitration() {
        header(0, 2);
        writer.delete(5, MAIN, MAIN, KEY).delete(5, MAIN, MAIN, KEY);
        assertTrue(validator.validateClientMessage(buffer, 0, writer.length()));
    }

    @Test
    void shouldTakeEveryTypeOfValue() {
        final UnsafeBuffer scratch = new UnsafeBuffer(new byte[64]);
        final int length = ValueWriter.putText(scratch, 0, "\u00e9");
        value = Arrays.copyOf(scratch.byteArray(), length);
        assertTrue(validateWrite());
        value[length - 1] = 0x41;
        assertRefused(
                validateWrite(),
                "changes[0].value is not exactly one value of the value encoding: it holds invalid UTF-8");
    }

    private ChangeSetWriter header(final int migrations, final int changes) {
        writer.wrap(buffer, 0).header(REQUEST_ID, 1, 2, wall, 3, false, migrations, changes);
        buffer.putByte(8 + 8 + 16 + 8 + 2, (byte) flags);
        return writer;
    }

    private boolean validateWrite() {
        return validateChange(ChangeOp.WRITE, columnName, value);
    }

    private boolean validateDelete(final byte[] column, final byte[] content) {
        return validateChange(ChangeOp.DELETE, column, content);
    }

    private boolean validateChange(final ChangeOp op, final byte[] column, final byte[] content) {
        header(0, 1)
                .beginChange(0, op, withBefore)
                .schemaName(schemaName)
                .tableName(tableName)
                .key(key)
                .columnName(column)
                .value(content)
                .before(before);
        return validator.validateClientMessage(buffer, 0, writer.length());
    }

    private boolean validateMigration(final MigrationKind kind, final byte[] from, final byte[] ddl) {
        header(1, 0).migration(0, kind, 1, MAIN, MAIN, from, ddl);
        return validator.validateClientMessage(buffer, 0, writer.length());
    }

    private void assertRefused(final boolean accepted, final String text) {
        assertFalse(accepted);
        assertAll(
                () -> assertEquals(text, validator.errorText()),
                () -> assertEquals(ErrorCode.INVALID_CHANGE_SET, validator.errorCode()),
                () -> assertEquals(REQUEST_ID, validator.requestId()),
                () -> assertFalse(validator.fatal()));
    }

    private static byte[] utf8(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] hex(final String digits) {
        return HexFormat.of().parseHex(digits);
    }
}
