package io.lockstep.gateway.limits;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** What is known of the addresses that clients come from: connections, and failures to show a token. One thread. */
public final class AddressBook {
    private static final long NS_PER_MS = 1_000_000L;
    private static final int DOUBLINGS_MAX = 20;
    private static final int PREFIX_LENGTH = 8;

    /** Failures older than this many longest delays are forgotten. */
    private static final int FORGET_AFTER_DELAYS = 15;

    private final long delayNsMin;
    private final long delayNsMax;
    private final int addressesMax;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    /** One address. */
    public static final class Entry {
        private final String key;
        private int connections;
        private int unauthenticated;
        private int failures;
        private long notBeforeNs;

        private Entry(final String key) {
            this.key = key;
        }

        /**
         * Connections open now.
         *
         * @return a count
         */
        public int connections() {
            return connections;
        }

        /**
         * Connections without a valid token now.
         *
         * @return a count
         */
        public int unauthenticated() {
            return unauthenticated;
        }
    }

    /**
     * An empty book.
     *
     * @param limits the values, concluded
     */
    public AddressBook(final SessionLimits limits) {
        delayNsMin = limits.value(SessionLimit.AUTH_DELAY_MS_MIN) * NS_PER_MS;
        delayNsMax = limits.value(SessionLimit.AUTH_DELAY_MS_MAX) * NS_PER_MS;
        addressesMax = limits.intValue(SessionLimit.ADDRESSES_MAX);
    }

    /**
     * What an address is known by: an IPv6 client has its whole network of 64 bits to choose from.
     *
     * @param address of a client
     * @return a key
     */
    public static String key(final InetAddress address) {
        final byte[] bytes = address.getAddress();
        return address instanceof Inet6Address
                ? Arrays.toString(Arrays.copyOf(bytes, PREFIX_LENGTH))
                : address.getHostAddress();
    }

    /**
     * A connection came.
     *
     * @param key of its address
     * @return the address, for the other calls
     */
    public Entry connected(final String key) {
        final Entry entry = entries.computeIfAbsent(key, Entry::new);
        entry.connections++;
        entry.unauthenticated++;
        return entry;
    }

    /**
     * It showed a valid token.
     *
     * @param entry its address
     */
    public void authenticated(final Entry entry) {
        entry.unauthenticated--;
    }

    /**
     * It ended.
     *
     * @param entry its address
     * @param wasAuthenticated whether it had shown a valid token
     */
    public void disconnected(final Entry entry, final boolean wasAuthenticated) {
        entry.connections--;
        if (!wasAuthenticated) {
            entry.unauthenticated--;
        }
        if (entry.connections == 0 && entry.failures == 0) {
            entries.remove(entry.key);
        }
    }

    /**
     * It showed no valid token.
     *
     * @param entry its address
     * @param nowNs monotonic time
     */
    public void failed(final Entry entry, final long nowNs) {
        final long delayNs = Math.min(delayNsMin << Math.min(entry.failures, DOUBLINGS_MAX), delayNsMax);
        entry.failures++;
        entry.notBeforeNs = nowNs + delayNs;
    }

    /**
     * When its next token may be looked at.
     *
     * @param entry its address
     * @param nowNs monotonic time
     * @return 0 if now, otherwise nanoseconds to wait
     */
    public long waitNs(final Entry entry, final long nowNs) {
        return entry.failures == 0 ? 0 : Math.max(0, entry.notBeforeNs - nowNs);
    }

    /**
     * Forgets old failures, and the oldest entries when there are too many. Every second or so.
     *
     * @param nowNs monotonic time
     */
    public void tidy(final long nowNs) {
        final Iterator<Entry> iterator = entries.values().iterator();
        int surplus = entries.size() - addressesMax;
        while (iterator.hasNext()) {
            final Entry entry = iterator.next();
            final boolean old = entry.failures > 0
                    && nowNs - entry.notBeforeNs > FORGET_AFTER_DELAYS * Math.max(delayNsMax, NS_PER_MS);
            if (old) {
                entry.failures = 0;
            }
            if (entry.connections == 0 && (entry.failures == 0 || surplus > 0)) {
                iterator.remove();
                surplus--;
            }
        }
    }

    /**
     * Addresses known.
     *
     * @return a count
     */
    public int size() {
        return entries.size();
    }
}
