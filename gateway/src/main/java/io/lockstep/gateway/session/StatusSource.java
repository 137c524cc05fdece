package io.lockstep.gateway.session;

/** Tells how the node is. Implemented by the node; called on the thread of the transports, so it must not block. */
@FunctionalInterface
public interface StatusSource {
    /**
     * Adds every value there is; entries beyond what fits into a frame are left out.
     *
     * @param report takes them
     */
    void fill(StatusReport report);
}
