package io.lockstep.codec.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.codec.ChangeSubscriptionEncoder;
import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.ReadStateEncoder;
import io.lockstep.codec.SubscribeEncoder;
import io.lockstep.codec.frame.FrameLimits;
import io.lockstep.codec.frame.FrameValidator;
import io.lockstep.codec.value.ValueWriter;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class ChangeFiltersTest {
    private final ExpandableArrayBuffer message = new ExpandableArrayBuffer();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private int length;

    @Test
    void shouldMatchWhatAnyFilterMatches() {
        final ChangeFilters filters = filters(false, "orders", integers(7), "b*", new byte[0]);
        assertTrue(matches(filters, "orders", integers(7)));
        assertTrue(matches(filters, "orders", integers(7, 1)));
        assertFalse(matches(filters, "orders", integers(8, 7)));
        assertTrue(matches(filters, "bills", integers(8)));
        assertFalse(matches(filters, "other", integers(7)));
        assertTrue(matches(ChangeFilters.ALL, "other", integers(7)));
    }

    @Test
    void shouldFoldPrefixesWhereKeysAre() {
        final UnsafeBuffer real = new UnsafeBuffer(new byte[16]);
        final byte[] prefix = new byte[ValueWriter.putReal(real, 0, 7.0)];
        real.getBytes(0, prefix);
        assertTrue(matches(filters(true, "t", prefix), "t", integers(7)));
        assertFalse(matches(filters(false, "t", prefix), "t", integers(7)));
    }

    @Test
    void shouldBeEqualByContent() {
        final ChangeFilters one = filters(false, "orders", integers(7));
        assertEquals(one, filters(false, "orders", integers(7)));
        assertEquals(one.hashCode(), filters(false, "orders", integers(7)).hashCode());
        assertNotEquals(one, filters(false, "orders", integers(8)));
        assertNotEquals(one, ChangeFilters.ALL);
    }

    @Test
    void shouldTakeAMessageOfVersion0WithoutFilters() {
        final ReadStateEncoder read = new ReadStateEncoder().wrapAndApplyHeader(message, 0, header);
        read.requestId(1).row(0).pageBytesMax(100);
        header.version(0);
        length = MessageHeaderEncoder.ENCODED_LENGTH + read.encodedLength();
        assertTrue(validator().validateClientMessage(message, 0, length));
        assertEquals(-1, ChangeFilters.groupOffset(message, 0));
        header.version(1);
        assertFalse(validator().validateClientMessage(message, 0, length), "version 1 has filters");
    }

    @Test
    void shouldRefuseAMessageThatTheVersionInItsHeaderDoesNotHave() {
        final ChangeSubscriptionEncoder change = new ChangeSubscriptionEncoder().wrapAndApplyHeader(message, 0, header);
        change.requestId(1);
        length = MessageHeaderEncoder.ENCODED_LENGTH + change.encodedLength();
        header.version(0);
        final FrameValidator validator = validator();
        assertFalse(validator.validateClientMessage(message, 0, length));
        assertEquals(ErrorCode.MALFORMED_FRAME, validator.errorCode());
        change.filtersCount(0);
        length = MessageHeaderEncoder.ENCODED_LENGTH + change.encodedLength();
        assertFalse(validator.validateClientMessage(message, 0, length), "with filters");
        header.version(1);
        assertTrue(validator.validateClientMessage(message, 0, length));
    }

    @Test
    void shouldRefuseWhatIsNoFilterWithoutEndingTheConnection() {
        subscribe("", new byte[0]);
        assertRefused("filters[0].table");
        subscribe("t".repeat(2 * FrameLimits.DEFAULT.nameBytesMax() + 2), new byte[0]);
        assertRefused("filters[0].table");
        subscribe("t", new byte[] {2, 1});
        assertRefused("filters[0].keyPrefix");
        subscribe("t", integers(new long[FrameLimits.DEFAULT.keyPartsMax() + 1]));
        assertRefused("filters[0].keyPrefix");
    }

    private void assertRefused(final String field) {
        final FrameValidator validator = validator();
        assertFalse(validator.validateClientMessage(message, 0, length));
        assertEquals(ErrorCode.INVALID_FILTER, validator.errorCode());
        assertFalse(validator.fatal());
        assertTrue(validator.errorText().startsWith(field), validator::errorText);
    }

    private static FrameValidator validator() {
        return new FrameValidator(FrameLimits.DEFAULT);
    }

    private ChangeFilters filters(final boolean fold, final Object... tablesAndPrefixes) {
        subscribe(tablesAndPrefixes);
        final FrameValidator validator = validator();
        assertTrue(validator.validateClientMessage(message, 0, length), validator::errorText);
        final int group = ChangeFilters.groupOffset(message, 0);
        assertEquals(length, group + ChangeFilters.length(message, group));
        return new ChangeFilters().wrap(message, group, fold);
    }

    private void subscribe(final Object... tablesAndPrefixes) {
        final SubscribeEncoder subscribe = new SubscribeEncoder().wrapAndApplyHeader(message, 0, header);
        subscribe.requestId(1).sequence(0).check(0).creditBytes(0);
        subscribe.flags().clear();
        final SubscribeEncoder.FiltersEncoder group = subscribe.filtersCount(tablesAndPrefixes.length / 2);
        for (int i = 0; i < tablesAndPrefixes.length; i += 2) {
            final byte[] table = ((String) tablesAndPrefixes[i]).getBytes(StandardCharsets.UTF_8);
            final byte[] prefix = (byte[]) tablesAndPrefixes[i + 1];
            group.next().putTable(table, 0, table.length).putKeyPrefix(prefix, 0, prefix.length);
        }
        length = MessageHeaderEncoder.ENCODED_LENGTH + subscribe.encodedLength();
    }

    private static byte[] integers(final long... values) {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[9 * values.length]);
        int at = 0;
        for (final long value : values) {
            at += ValueWriter.putInteger(buffer, at, value);
        }
        return Arrays.copyOf(buffer.byteArray(), at);
    }

    private static boolean matches(final ChangeFilters filters, final String table, final byte[] key) {
        final UnsafeBuffer change = new UnsafeBuffer(new byte[256]);
        change.putShort(0, (short) 4, ByteOrder.LITTLE_ENDIAN);
        change.putStringWithoutLengthAscii(2, "main");
        change.putShort(6, (short) table.length(), ByteOrder.LITTLE_ENDIAN);
        change.putStringWithoutLengthAscii(8, table);
        final int keyField = 8 + table.length();
        change.putShort(keyField, (short) key.length, ByteOrder.LITTLE_ENDIAN);
        change.putBytes(keyField + 2, key);
        return filters.matches(change, 0, 6, keyField);
    }
}
