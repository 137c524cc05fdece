package io.lockstep.client.wire;

import io.lockstep.codec.ErrorDecoder;
import io.lockstep.codec.GoAwayDecoder;
import io.lockstep.codec.HeartbeatDecoder;
import io.lockstep.codec.WelcomeDecoder;

/** What a node says of the session; decoders are reused and valid until the call returns. */
public interface SessionListener {
    /**
     * The session is authenticated.
     *
     * @param welcome limits and identity
     * @throws ProtocolException if it may not come now
     */
    void onWelcome(WelcomeDecoder welcome) throws ProtocolException;

    /**
     * A refusal.
     *
     * @param error of a request or of the connection
     */
    void onError(ErrorDecoder error);

    /**
     * The node is there.
     *
     * @param heartbeat to be echoed unless it is the echo
     */
    void onHeartbeat(HeartbeatDecoder heartbeat);

    /** The last message of an orderly session. */
    void onClosed();

    /**
     * Reconnect.
     *
     * @param goAway where and when
     */
    void onGoAway(GoAwayDecoder goAway);
}
