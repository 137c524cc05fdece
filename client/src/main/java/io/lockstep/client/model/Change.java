package io.lockstep.client.model;

import io.lockstep.codec.ChangeOp;
import java.util.List;

/**
 * One change: a write of one column of one row, or a delete of one row. Immutable.
 *
 * @param opSeq place within the transaction, unsigned 32 bits
 * @param op write or delete
 * @param schema name of the schema
 * @param table name of the table
 * @param key primary key
 * @param column name of the column; null for a delete
 * @param value what is written; null for a delete
 * @param before what it replaced at its origin, or null
 * @param survivors of a delivered delete: the columns that stay; otherwise empty
 */
public record Change(
        int opSeq,
        ChangeOp op,
        String schema,
        String table,
        Key key,
        String column,
        Value value,
        BeforeImage before,
        List<String> survivors) {
    /** Copies the list. */
    public Change {
        survivors = List.copyOf(survivors);
    }

    /**
     * Whether this is a delete.
     *
     * @return false for a write
     */
    public boolean isDelete() {
        return op == ChangeOp.DELETE;
    }
}
