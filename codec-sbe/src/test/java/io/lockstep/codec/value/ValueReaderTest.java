package io.lockstep.codec.value;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.math.BigInteger;
import java.util.HexFormat;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValueReaderTest {
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[512]);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00",
                "0100",
                "0101",
                "02ffffffffffffffff",
                "04000000000000f87f",
                "040000000000000080",
                "0500000000",
                "0502000000c3a9",
                "0602000000ffff",
                "07020000007b7d"
            })
    void shouldWalkAWholeValue(final String hex) {
        assertEquals(hex.length() / 2, walk(hex));
    }

    @ParameterizedTest
    @CsvSource({
        "'', -1",
        "01, -1",
        "0102, -3",
        "01ff, -3",
        "02ffffffffffffff, -1",
        "04000000000000f8, -1",
        "04010000000000f87f, -3",
        "04000000000000f8ff, -3",
        "05000000, -1",
        "050200000061, -1",
        "05ffffffff61, -1",
        "05000000806161, -1",
        "0501000000ff, -4",
        "0701000000c3, -4",
        "08, -2",
        "ff, -2",
    })
    void shouldSayWhatIsWrongWithAValue(final String hex, final int reason) {
        assertEquals(reason, walk(hex));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "9223372036854775808",
                "-9223372036854775809",
                "10000000000000000000",
                "-10000000000000000000",
                "99999999999999999999999999999999"
            })
    void shouldWriteAndWalkADecimal(final String digits) {
        final int length = ValueWriter.putNumber(buffer, 0, new BigInteger(digits));
        assertEquals(ValueType.DECIMAL, ValueReader.type(buffer, 0));
        assertEquals(length, ValueReader.valueLength(buffer, 0, 512));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "9223372036854775807",
                "-9223372036854775808",
                "0",
                "",
                "-",
                "-0",
                "1",
                "09223372036854775808",
                "-09223372036854775809",
                "+9223372036854775808",
                "9223372036854775808 ",
                "9223372036854775808.0",
                "--9223372036854775809",
                "922337203685477580a",
            })
    void shouldRefuseADecimalThatIsNotCanonical(final String digits) {
        ValueWriter.putPrefixed(buffer, 0, ValueType.DECIMAL, digits.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertEquals(ValueReader.NOT_CANONICAL, ValueReader.valueLength(buffer, 0, 512));
    }

    @Test
    void shouldWriteASmallNumberAsAnInteger() {
        assertEquals(9, ValueWriter.putNumber(buffer, 0, BigInteger.valueOf(Long.MIN_VALUE)));
        assertEquals(ValueType.INTEGER, ValueReader.type(buffer, 0));
        assertEquals(Long.MIN_VALUE, ValueReader.longValue(buffer, 0));
    }

    @Test
    void shouldMakeOneNanOfAll() {
        ValueWriter.putReal(buffer, 0, Double.longBitsToDouble(0xFFF0_0000_0000_0001L));
        assertEquals(ValueType.CANONICAL_NAN_BITS, ValueReader.realBits(buffer, 0));
    }

    @Test
    void shouldReadBackWhatWasWritten() {
        int end = ValueWriter.putNull(buffer, 0);
        end += ValueWriter.putBoolean(buffer, end, true);
        assertEquals(true, ValueReader.booleanValue(buffer, 1));
        end += ValueWriter.putInteger(buffer, end, -5);
        end += ValueWriter.putReal(buffer, end, 0.5);
        final int text = end;
        end += ValueWriter.putText(buffer, end, "caf\u00e9");
        end += ValueWriter.putBlob(buffer, end, new byte[] {-1, 0});
        end += ValueWriter.putJson(buffer, end, "{}");
        assertEquals(7, ValueReader.keyParts(buffer, 0, end));
        assertEquals(5, ValueReader.contentLength(buffer, text));
        assertEquals("caf\u00e9", buffer.getStringWithoutLengthUtf8(ValueReader.contentOffset(text), 5));
    }

    @Test
    void shouldRefuseNanAndMinusZeroInKeys() {
        ValueWriter.putReal(buffer, 0, Double.NaN);
        assertEquals(ValueReader.NOT_A_KEY_PART, ValueReader.keyParts(buffer, 0, 9));
        ValueWriter.putReal(buffer, 0, -0.0);
        assertEquals(ValueReader.NOT_A_KEY_PART, ValueReader.keyParts(buffer, 0, 9));
        ValueWriter.putReal(buffer, 0, 0.0);
        assertEquals(1, ValueReader.keyParts(buffer, 0, 9));
    }

    @Test
    void shouldDescribeEveryReason() {
        for (int reason = ValueReader.NOT_A_KEY_PART; reason < 0; reason++) {
            assertNotEquals(ValueReader.describe(1), ValueReader.describe(reason));
        }
    }

    private int walk(final String hex) {
        final byte[] bytes = HexFormat.of().parseHex(hex);
        final UnsafeBuffer exact = new UnsafeBuffer(bytes);
        return ValueReader.valueLength(exact, 0, bytes.length);
    }
}
