package io.lockstep.gateway.tcp;

import java.util.ArrayList;
import java.util.concurrent.TimeUnit;

/**
 * Connections whose bytes the network did not take at once. It takes them later without telling; so they are counted anew
 * now and then, until nothing is left. One thread.
 */
final class UnsentConnections {
    private static final long COUNT_NS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long REPORT_NS = TimeUnit.SECONDS.toNanos(1);

    private final ArrayList<TcpConnection> connections = new ArrayList<>();
    private long countedNs;
    private long reportedNs;

    void add(final TcpConnection connection) {
        connections.add(connection);
    }

    /** True once a second: what all of them take may be told. */
    boolean count(final long nowNs) {
        if (nowNs - countedNs < COUNT_NS) {
            return false;
        }
        countedNs = nowNs;
        for (int i = connections.size() - 1; i >= 0; i--) {
            if (connections.get(i).isSent()) {
                connections.set(i, connections.get(connections.size() - 1));
                connections.remove(connections.size() - 1);
            }
        }
        final boolean due = nowNs - reportedNs >= REPORT_NS;
        reportedNs = due ? nowNs : reportedNs;
        return due;
    }
}
