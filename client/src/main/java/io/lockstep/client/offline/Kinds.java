package io.lockstep.client.offline;

/** Kinds of the records of the local file; the numbers are in files, never change one. */
final class Kinds {
    /** {@link FileHeader}: the first record of a checkpoint. */
    static final int HEADER = 1;
    /** A StatePage: whole rows, or migrations. */
    static final int STATE = 2;
    /** Id, SubmitChangeSet. */
    static final int WRITTEN = 3;
    /** Id, SubmitResult. */
    static final int ANSWERED = 4;
    /** Id, code, text: refused without being judged. */
    static final int REFUSED = 5;
    /** Id: the application was told of the answer. */
    static final int TOLD = 6;
    /** Id: the application dropped it. */
    static final int DROPPED = 7;
    /** Old id, new id, SubmitChangeSet. */
    static final int RESTAMPED = 8;
    /** Id: to be sent again as it is. */
    static final int RESENT = 9;
    /** A Delivery. */
    static final int DELIVERED = 10;
    /** After which sequence, up to which, check. */
    static final int PROGRESSED = 11;
    /** Row policy, key form: the node told them. */
    static final int SETTINGS = 12;
    /** Incarnation: the node told it. */
    static final int INCARNATION = 13;

    private Kinds() {}
}
