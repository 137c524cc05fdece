package io.lockstep.gateway.testing;

import io.lockstep.codec.frame.FrameDescriptor;
import io.lockstep.gateway.session.Intake;
import io.lockstep.gateway.session.Session;
import io.lockstep.gateway.session.SessionHub;
import io.lockstep.gateway.session.Wire;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** A client without a socket: its wire takes what the node sends, at once or only when told to. */
public final class TestClient implements Wire {
    private final Session session;
    private final List<Received> received = new ArrayList<>();
    private final Deque<byte[]> unread = new ArrayDeque<>();
    private boolean waiting;
    private boolean slow;
    private long pendingBytes;
    private long pendingBytesMost;
    private String closed;

    public TestClient(final SessionHub hub, final String address) {
        session = hub.connect(this, address, 1);
    }

    /** The next message from the client; kept while the session waits. */
    public TestClient says(final byte[]... messages) {
        for (final byte[] message : messages) {
            unread.add(message.clone());
        }
        if (!waiting) {
            read();
        }
        return this;
    }

    private void read() {
        while (!unread.isEmpty() && closed == null) {
            final byte[] message = unread.peek();
            // Not at 0, as in a received buffer, and with other bytes around.
            final UnsafeBuffer buffer = new UnsafeBuffer(new byte[message.length + 16]);
            buffer.setMemory(0, buffer.capacity(), (byte) 0x55);
            buffer.putBytes(8, message);
            final Intake intake = session.onFrame(buffer, 8, message.length);
            if (intake == Intake.WAIT) {
                waiting = true;
                return;
            }
            unread.remove();
        }
    }

    @Override
    public void send(final DirectBuffer buffer, final int offset, final int length) {
        if (closed != null) {
            return;
        }
        final byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        received.add(new Received(bytes));
        if (slow) {
            pendingBytes += length + FrameDescriptor.HEADER_LENGTH;
            pendingBytesMost = Math.max(pendingBytesMost, pendingBytes);
        }
    }

    @Override
    public long pendingBytes() {
        return pendingBytes;
    }

    @Override
    public void resume() {
        if (waiting) {
            waiting = false;
            read();
        }
    }

    @Override
    public void close(final String reason) {
        closed = reason;
    }

    /** From now on takes nothing, until {@link #takes}. */
    public void stops() {
        slow = true;
    }

    public void takes(final long bytes) {
        pendingBytes = Math.max(0, pendingBytes - bytes);
        session.onWritable();
    }

    public void takesAll() {
        slow = false;
        pendingBytes = 0;
        session.onWritable();
    }

    public void hangsUp() {
        session.onDisconnected();
        closed = "by the client";
    }

    public Session session() {
        return session;
    }

    public boolean isWaiting() {
        return waiting;
    }

    public int unread() {
        return unread.size();
    }

    public String closed() {
        return closed;
    }

    public long pendingBytesMost() {
        return pendingBytesMost;
    }

    public List<Received> received() {
        return received;
    }

    public List<Received> received(final Predicate<Received> which) {
        return received.stream().filter(which).toList();
    }

    public Received last() {
        return received.get(received.size() - 1);
    }

    public List<Received> errors() {
        return received(Received::isError);
    }

    public List<Received> deliveries() {
        return received(Received::isDelivery);
    }

    public List<Long> sequences() {
        return deliveries().stream()
                .map(delivery -> delivery.delivery().sequence())
                .toList();
    }
}
