package io.lockstep.client.model;

/**
 * How far a replica has followed a database. Immutable.
 *
 * @param database its name
 * @param incarnation of the journal; null while unknown
 * @param sequence everything up to it was received; 0 for nothing
 * @param check of the record that holds the sequence; 0 while unknown
 */
public record Cursor(String database, Site incarnation, long sequence, long check) {
    /**
     * The beginning of a database.
     *
     * @param database its name
     * @return a cursor at 0
     */
    public static Cursor start(final String database) {
        return new Cursor(database, null, 0, 0);
    }

    /**
     * A cursor that only knows a sequence; the node cannot verify it.
     *
     * @param database its name
     * @param sequence everything up to it was received
     * @return an unverified cursor
     */
    public static Cursor after(final String database, final long sequence) {
        return new Cursor(database, null, sequence, 0);
    }

    /**
     * Whether a node can verify it: the incarnation is known, and the check unless nothing was received yet.
     *
     * @return true if a subscription from it is verified
     */
    public boolean isVerifiable() {
        return incarnation != null && (sequence == 0 || check != 0);
    }
}
