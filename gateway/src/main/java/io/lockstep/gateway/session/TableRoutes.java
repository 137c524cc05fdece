package io.lockstep.gateway.session;

import io.lockstep.codec.value.ValueReader;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.DirectBuffer;

/**
 * Who is live for the tables of one glob: for all of their rows, or for those whose key starts with a prefix. A key is
 * looked up once for each number of parts that some prefix has. One thread.
 */
final class TableRoutes {
    private final RouteKey glob;
    private final boolean wild;
    private final Route whole = new Route();
    private Map<RouteKey, Route> byPrefix;
    private int[] prefixesOfParts;
    private int partsMost;
    private int users;

    TableRoutes(final RouteKey glob, final boolean wild) {
        this.glob = glob;
        this.wild = wild;
    }

    RouteKey glob() {
        return glob;
    }

    boolean isWild() {
        return wild;
    }

    /** Counts subscriptions that name the glob, live or not. */
    int users(final int change) {
        users += change;
        return users;
    }

    Route.Member add(final RoutedEntry entry, final int filter, final RouteKey probe, final RouteKey.Seed seed) {
        final DirectBuffer buffer = entry.filters().buffer();
        final int length = entry.filters().prefixLength(filter);
        if (length == 0) {
            return whole.add(entry);
        }
        final int offset = entry.filters().prefixOffset(filter);
        probe.set(buffer, offset, length, seed);
        if (byPrefix == null) {
            byPrefix = new HashMap<>();
            prefixesOfParts = new int[1];
        }
        Route route = byPrefix.get(probe);
        if (route == null) {
            route = new Route();
            byPrefix.put(probe.copy(), route);
            count(ValueReader.keyParts(buffer, offset, length), 1);
        }
        return route.add(entry);
    }

    void remove(final RoutedEntry entry, final int filter, final RouteKey probe, final RouteKey.Seed seed) {
        final Route.Member member = entry.members()[filter];
        member.leave();
        final int length = entry.filters().prefixLength(filter);
        if (length > 0 && member.route().isEmpty()) {
            final DirectBuffer buffer = entry.filters().buffer();
            final int offset = entry.filters().prefixOffset(filter);
            byPrefix.remove(probe.set(buffer, offset, length, seed));
            count(ValueReader.keyParts(buffer, offset, length), -1);
        }
    }

    private void count(final int parts, final int change) {
        if (parts >= prefixesOfParts.length) {
            prefixesOfParts = Arrays.copyOf(prefixesOfParts, parts + 1);
        }
        prefixesOfParts[parts] += change;
        partsMost = prefixesOfParts.length - 1;
        while (partsMost > 0 && prefixesOfParts[partsMost] == 0) {
            partsMost--;
        }
    }

    /** Collects whom a key of these tables is for; tells how many routes were looked up. */
    int collect(
            final long sequence,
            final DirectBuffer buffer,
            final int key,
            final int keyLength,
            final RouteKey probe,
            final RouteKey.Seed seed,
            final List<RoutedEntry> matched) {
        whole.collect(sequence, matched);
        int lookups = 1;
        final int end = key + keyLength;
        int next = key;
        for (int parts = 1; parts <= partsMost && next < end; parts++) {
            next += ValueReader.valueLength(buffer, next, end);
            if (prefixesOfParts[parts] > 0) {
                lookups++;
                final Route route = byPrefix.get(probe.set(buffer, key, next - key, seed));
                if (route != null) {
                    route.collect(sequence, matched);
                }
            }
        }
        return lookups;
    }
}
