package io.lockstep.engine.recovery;

import io.lockstep.engine.port.JournalFailedException;

/** Says why a journal cannot be replayed. Stateless. */
final class ReplayFailure {
    private ReplayFailure() {}

    static JournalFailedException unknown(final long position, final String name, final long value) {
        return new JournalFailedException(
                JournalFailedException.Kind.FORMAT,
                "this version of the node does not know it: position=" + position + ", " + name + "=" + value,
                null);
    }

    static JournalFailedException damage(final String what, final long position, final String values) {
        return new JournalFailedException(
                JournalFailedException.Kind.DAMAGE, what + ": position=" + position + ", " + values, null);
    }
}
