package io.lockstep.engine.stage;

import io.lockstep.engine.snapshot.SnapshotMark;

/**
 * How the arbitrate stage learns where the journal stands: it asks and decides nothing more; the journal stage answers
 * when it has appended all that was decided. Positions are handed out behind arbitration, so there is no shorter way.
 */
public final class MarkExchange {
    private boolean pending;
    private volatile boolean asked;
    private volatile SnapshotMark answer;

    /** Asks. Arbitrate stage's thread, which must not decide anything until {@link #poll} gave an answer. */
    void ask() {
        pending = true;
        answer = null;
        asked = true;
    }

    /** Whether the arbitrate stage has to wait. Its own thread. */
    boolean isPending() {
        return pending;
    }

    /** The answer, or null while there is none. Arbitrate stage's thread. */
    SnapshotMark poll() {
        final SnapshotMark mark = answer;
        if (mark != null) {
            pending = false;
        }
        return mark;
    }

    /** Whether an answer is wanted. Journal stage's thread. */
    boolean isAsked() {
        return asked;
    }

    /** Answers, once everything that was decided is appended. Journal stage's thread. */
    void answer(final SnapshotMark mark) {
        asked = false;
        answer = mark;
    }
}
