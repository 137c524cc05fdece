package io.lockstep.client.model;

import io.lockstep.codec.ChangeOp;
import io.lockstep.codec.DeliveryDecoder;
import java.util.ArrayList;
import java.util.List;

/** A change of a delivery before its survivors are known: they follow all changes in the message. */
final class DecodedChange {
    final List<String> survivors = new ArrayList<>();
    private final Change change;

    private DecodedChange(final Change change) {
        this.change = change;
    }

    /** Reads the fields in the order of the schema: a decoder only walks forwards. */
    static DecodedChange decode(final DeliveryDecoder.ChangesDecoder decoder) {
        final ChangeOp op = decoder.op();
        final boolean write = op == ChangeOp.WRITE;
        final boolean withBefore = decoder.flags().before();
        final int opSeq = (int) decoder.opSeq();
        final String schema = decoder.schemaName();
        final String table = decoder.tableName();
        final byte[] keyBytes = new byte[decoder.keyLength()];
        decoder.getKey(keyBytes, 0, keyBytes.length);
        final String column = decoder.columnName();
        final byte[] valueBytes = new byte[decoder.valueLength()];
        decoder.getValue(valueBytes, 0, valueBytes.length);
        final byte[] beforeBytes = new byte[decoder.beforeLength()];
        decoder.getBefore(beforeBytes, 0, beforeBytes.length);
        return new DecodedChange(new Change(
                opSeq,
                op,
                schema,
                table,
                Key.decode(keyBytes),
                write ? column : null,
                write ? Value.decode(valueBytes) : null,
                withBefore ? BeforeImage.decode(write, beforeBytes) : null,
                List.of()));
    }

    Change finish() {
        return survivors.isEmpty()
                ? change
                : new Change(
                        change.opSeq(),
                        change.op(),
                        change.schema(),
                        change.table(),
                        change.key(),
                        change.column(),
                        change.value(),
                        change.before(),
                        survivors);
    }
}
