package io.lockstep.client;

import io.lockstep.codec.DatabaseOpenedDecoder;
import io.lockstep.codec.KeyForm;
import io.lockstep.codec.RowPolicy;

/**
 * What the node said of the database when it was opened. Immutable.
 *
 * @param name as asked for
 * @param databaseId the node's number for it
 * @param rowPolicy its row policy
 * @param keyForm its key form
 * @param maxDriftMs its maximal drift
 * @param sequence its sequence then
 * @param created whether this opening made it
 */
public record DatabaseInfo(
        String name,
        int databaseId,
        RowPolicy rowPolicy,
        KeyForm keyForm,
        long maxDriftMs,
        long sequence,
        boolean created) {
    static DatabaseInfo decode(final String name, final DatabaseOpenedDecoder decoder) {
        return new DatabaseInfo(
                name,
                decoder.databaseId(),
                decoder.rowPolicy(),
                decoder.keyForm(),
                decoder.maxDriftMs(),
                decoder.sequence(),
                decoder.created() != 0);
    }
}
