package io.lockstep.client.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Bytes to a node and back, without blocking. One thread. */
public interface Transport {
    /**
     * Goes on with connecting and with a handshake, if there is one.
     *
     * @return how much was done, 0 if nothing
     * @throws IOException if it failed; close it then
     */
    int progress() throws IOException;

    /**
     * Whether bytes may be read and written.
     *
     * @return true once connected, and shaken hands
     */
    boolean isReady();

    /**
     * Reads what is there.
     *
     * @param target gets it
     * @return bytes, 0 if nothing is there, -1 at the end of the stream
     * @throws IOException if it failed; close it then
     */
    int read(ByteBuffer target) throws IOException;

    /**
     * Writes what can be written.
     *
     * @param source its position moves
     * @return bytes taken
     * @throws IOException if it failed; close it then
     */
    int write(ByteBuffer source) throws IOException;

    /**
     * Whether bytes that were taken wait for the socket.
     *
     * @return true to be called when the socket is writable
     */
    boolean hasPendingOutput();

    /**
     * Whether bytes can be read that the socket does not know of any more.
     *
     * @return true to be called again without waiting
     */
    boolean hasPendingInput();

    /**
     * The socket, to wait for.
     *
     * @return in non-blocking mode
     */
    SocketChannel socket();

    /** Closes it; never throws. */
    void close();
}
