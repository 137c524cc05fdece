package io.lockstep.client.wire;

import java.io.IOException;

/** The node sent something that is not of the protocol: the connection cannot be trusted any more. */
public final class ProtocolException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int code;

    /**
     * A violation.
     *
     * @param code an ErrorCode of the protocol
     * @param text names the field, the limit and the value
     */
    public ProtocolException(final int code, final String text) {
        super(text);
        this.code = code;
    }

    /**
     * What kind of violation.
     *
     * @return an ErrorCode of the protocol
     */
    public int code() {
        return code;
    }
}
