package io.lockstep.gateway.session;

/** What a session did with a frame. */
public enum Intake {
    /** It is done with. */
    TAKEN,
    /** It must be handed in again after {@link Wire#resume()}, and no other before it. */
    WAIT,
    /** The session is over; nothing more is taken. */
    ENDED
}
