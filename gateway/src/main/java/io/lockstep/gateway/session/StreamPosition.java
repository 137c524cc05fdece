package io.lockstep.gateway.session;

/** Where a stream of deliveries stands. Sequences only rise. Thread of the transports. */
final class StreamPosition {
    private long passed;
    private long passedCheck;
    private long shown;
    private long acknowledged;
    private long watched = -1;
    private long watchedNs;

    StreamPosition(final long sequence) {
        passed = sequence;
        shown = sequence;
        acknowledged = sequence;
    }

    /** Everything up to a sequence was sent or left out. */
    void passed(final long sequence, final long check) {
        if (sequence > passed) {
            passed = sequence;
            passedCheck = check;
        }
    }

    /** The client was told of everything up to here. */
    void shown() {
        shown = passed;
    }

    /** Sequences that were left out since the client was told anything. */
    long hidden() {
        return passed - shown;
    }

    long sequence() {
        return passed;
    }

    /** Check of {@link #sequence()}; undefined while that is where the stream began. */
    long check() {
        return passedCheck;
    }

    long shownSequence() {
        return shown;
    }

    /** For how long it has not moved although there is more; 0 if there is no more, or it moved since the last call. */
    long stalledNs(final long committed, final long nowNs) {
        if (passed >= committed || passed != watched) {
            watched = passed;
            watchedNs = nowNs;
        }
        return nowNs - watchedNs;
    }

    void acknowledge(final long sequence) {
        acknowledged = Math.max(acknowledged, sequence);
    }

    long acknowledged() {
        return acknowledged;
    }
}
