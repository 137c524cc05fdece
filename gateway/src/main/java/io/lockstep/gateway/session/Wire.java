package io.lockstep.gateway.session;

import org.agrona.DirectBuffer;

/** What a session needs of its connection. Implemented by a transport; one thread, that of the transports. */
public interface Wire {
    /**
     * Takes one message to send, at the end of the duty cycle at the latest. Never blocks; the session itself minds
     * {@link #pendingBytes()}. Ignored once closed.
     *
     * @param buffer holds an SBE message with its header; copied
     * @param offset of its first byte
     * @param length bytes
     */
    void send(DirectBuffer buffer, int offset, int length);

    /**
     * Bytes taken here that the operating system has not taken yet.
     *
     * @return 0 when idle
     */
    long pendingBytes();

    /** Hands the frame that the session left, and those after it, to the session again. */
    void resume();

    /**
     * Sends what was taken, then ends. No frame is handed on any more.
     *
     * @param reason for the log
     */
    void close(String reason);
}
