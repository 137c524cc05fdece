package io.lockstep.client.model;

import io.lockstep.codec.MigrationKind;

/**
 * A DDL step. Immutable.
 *
 * @param opSeq place within the transaction, unsigned 32 bits
 * @param kind its kind; index kinds name an index, the others a table
 * @param version version of the object, unsigned 32 bits
 * @param schema name of the schema
 * @param object table or index, by kind
 * @param fromObject for renames the former name, otherwise empty
 * @param ddl the statement
 */
public record Migration(
        int opSeq, MigrationKind kind, int version, String schema, String object, String fromObject, String ddl) {
    /**
     * Whether it names an index.
     *
     * @return false if it names a table
     */
    public boolean isOfIndex() {
        return kind == MigrationKind.ADD_INDEX || kind == MigrationKind.DROP_INDEX;
    }
}
