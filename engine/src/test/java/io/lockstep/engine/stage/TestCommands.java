package io.lockstep.engine.stage;

import io.lockstep.codec.EpochCommandEncoder;
import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.ReadStateEncoder;
import io.lockstep.codec.message.ChangeSetWriter;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;

/** Command bodies for tests: one change each, told apart by wall. */
public final class TestCommands {
    private static final byte[] SCHEMA = ascii("main");
    private static final byte[] TABLE = ascii("items");
    private static final byte[] COLUMN = ascii("name");

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[8_192]);
    private final ChangeSetWriter writer = new ChangeSetWriter();
    private int length;

    /** A change set of one write of an integer of one row. */
    public TestCommands changeSet(final long requestId, final long site, final long wall, final int row) {
        return changeSet(requestId, site, wall, row, 0);
    }

    /** The same with a text value of some length. */
    public TestCommands changeSet(
            final long requestId, final long site, final long wall, final int row, final int padding) {
        writer.wrap(buffer, 0)
                .header(requestId, 0, site, wall, 0, false, 0, 1)
                .write(0, SCHEMA, TABLE, integer(row), COLUMN, padding == 0 ? integer(row) : text(padding));
        length = writer.length();
        return this;
    }

    /** A page of state, which leaves no record. */
    public TestCommands readState(final long requestId) {
        final ReadStateEncoder encoder = new ReadStateEncoder();
        encoder.wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
                .requestId(requestId)
                .row(0)
                .pageBytesMax(1_000)
                .filtersCount(0);
        encoder.putWithin(new byte[0], 0, 0);
        length = MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
        return this;
    }

    /** A new epoch. */
    public TestCommands epoch(final long epoch) {
        final EpochCommandEncoder encoder = new EpochCommandEncoder();
        encoder.wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder()).epoch(epoch);
        encoder.nodeId().high(0).low(1);
        length = MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
        return this;
    }

    public UnsafeBuffer buffer() {
        return buffer;
    }

    public int length() {
        return length;
    }

    private static byte[] integer(final long value) {
        final byte[] bytes = new byte[9];
        bytes[0] = 2;
        new UnsafeBuffer(bytes).putLong(1, value, java.nio.ByteOrder.LITTLE_ENDIAN);
        return bytes;
    }

    private static byte[] text(final int length) {
        final byte[] bytes = new byte[5 + length];
        final UnsafeBuffer view = new UnsafeBuffer(bytes);
        view.setMemory(5, length, (byte) 'x');
        view.putByte(0, (byte) 5);
        view.putInt(1, length, java.nio.ByteOrder.LITTLE_ENDIAN);
        return bytes;
    }

    private static byte[] ascii(final String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
