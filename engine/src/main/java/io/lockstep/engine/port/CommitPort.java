package io.lockstep.engine.port;

/** How far readers of the journal may go. Any thread. */
@FunctionalInterface
public interface CommitPort {
    /**
     * Highest position that is committed, as the node's durability says. Nothing above it may leave the node.
     *
     * @return a position, never backwards
     */
    long committedPosition();
}
