package io.lockstep.engine.port;

/** Told once that the engine stopped for good; whoever assembled the node ends the process with a named exit code. */
@FunctionalInterface
public interface FatalHandler {
    /**
     * A component failed; no stage does anything any more, nothing is acknowledged. Called on the thread of the
     * component, at most once. Must not throw.
     *
     * @param component which one
     * @param cause why; a {@link JournalFailedException} says of what kind
     */
    void onFatal(String component, Throwable cause);
}
