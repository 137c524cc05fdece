package io.lockstep.client;

import io.lockstep.codec.ErrorCode;

/**
 * Codes of {@link ClientListener#onError}: those of the protocol ({@link ErrorCode}), and from 1,000 on those that the
 * client itself gives.
 */
public final class ErrorCodes {
    /** The connection ended before the answer; of requests that are not sent again. */
    public static final int CONNECTION_LOST = 1_000;

    /**
     * The connection was lost again and again while this change set was in flight, at last with nothing else in flight.
     * It may be what breaks the node, so it is not sent again; its fate is unknown.
     */
    public static final int SUSPECT = 1_001;

    /** The client was closed, or failed for good, before the answer; the fate of a change set is unknown. */
    public static final int CLIENT_CLOSED = 1_002;

    /** The message is larger than the frames of the node that it would have been sent to. */
    public static final int LARGER_THAN_FRAME = 1_003;

    /** State and digest differ: what was read is not what the node holds. */
    public static final int DIGEST_DIFFERS = 1_004;

    /** The cursor cannot be served; the state must be read anew. */
    public static final int RESET_REQUIRED = 1_005;

    /** No node could be reached. */
    public static final int CONNECT_FAILED = 1_006;

    /** No answer came in time; the fate of the request is unknown. */
    public static final int TIMED_OUT = 1_007;

    /** Not possible in this state of the client. */
    public static final int NOT_ALLOWED = 1_008;

    /** The application's own listener threw; its subscription is over. */
    public static final int LISTENER_FAILED = 1_009;

    private static final int PERMANENT_FOR_CONNECTION_MAX = 99;
    private static final int RETRYABLE_MIN = 200;
    private static final int RETRYABLE_MAX = 299;
    private static final int OWN_MIN = 1_000;

    private ErrorCodes() {}

    /**
     * Whether the protocol calls it retryable.
     *
     * @param code of an error
     * @return true from 200 to 299
     */
    public static boolean isRetryable(final int code) {
        return code >= RETRYABLE_MIN && code <= RETRYABLE_MAX;
    }

    /**
     * Whether another attempt with the same token and version is pointless.
     *
     * @param code of a connection's error
     * @return true for a version or a token that the node does not take
     */
    public static boolean isFatal(final int code) {
        return code == ErrorCode.VERSION_UNSUPPORTED.value() || code == ErrorCode.AUTHENTICATION_FAILED.value();
    }

    /**
     * Whether the protocol calls it permanent for the connection.
     *
     * @param code of an error
     * @return true from 1 to 99
     */
    public static boolean endsConnection(final int code) {
        return code <= PERMANENT_FOR_CONNECTION_MAX;
    }

    /** Says nothing about the request that it names: what is in flight is sent again on the next connection. */
    static boolean isOfConnectionAlone(final int code) {
        return endsConnection(code) && code > ErrorCode.UNEXPECTED_MESSAGE.value();
    }

    /** Whether a node that says so of the connection itself lets nobody in for now. */
    static boolean turnsAway(final int code) {
        return code == ErrorCode.TOO_MANY_CONNECTIONS.value() || code == ErrorCode.SHUTTING_DOWN.value();
    }

    /**
     * For people.
     *
     * @param code of an error
     * @return its name, or the number where this version has no name for it
     */
    public static String name(final int code) {
        if (code >= OWN_MIN) {
            return switch (code) {
                case CONNECTION_LOST -> "CONNECTION_LOST";
                case SUSPECT -> "SUSPECT";
                case CLIENT_CLOSED -> "CLIENT_CLOSED";
                case LARGER_THAN_FRAME -> "LARGER_THAN_FRAME";
                case DIGEST_DIFFERS -> "DIGEST_DIFFERS";
                case RESET_REQUIRED -> "RESET_REQUIRED";
                case CONNECT_FAILED -> "CONNECT_FAILED";
                case TIMED_OUT -> "TIMED_OUT";
                case NOT_ALLOWED -> "NOT_ALLOWED";
                case LISTENER_FAILED -> "LISTENER_FAILED";
                default -> "code " + code;
            };
        }
        for (final ErrorCode known : ErrorCode.values()) {
            if (known.value() == code && known != ErrorCode.NULL_VAL) {
                return known.name();
            }
        }
        return "code " + code;
    }
}
