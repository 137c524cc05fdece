package io.lockstep.gateway.session;

/** Where the gateway says what an operator should know. Called by any of its threads; must not block for long. */
@FunctionalInterface
public interface GatewayLog {
    /**
     * One line.
     *
     * @param category a stable word for the class of event; lines of one category are rate-limited by the gateway
     * @param message what happened, with values as name=value; holds no token and no payload
     */
    void event(String category, String message);
}
