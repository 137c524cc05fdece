package io.lockstep.gateway.session;

import java.util.Arrays;
import java.util.List;

/** Who is live for one table and key prefix. Joining and leaving cost the same whatever their number. One thread. */
final class Route {
    private Member[] members = new Member[1];
    private int count;

    /** One subscriber's place on one route. */
    static final class Member {
        private final Route route;
        private final RoutedEntry entry;
        private int index;

        Member(final Route route, final RoutedEntry entry, final int index) {
            this.route = route;
            this.entry = entry;
            this.index = index;
        }

        void leave() {
            route.remove(this);
        }

        Route route() {
            return route;
        }
    }

    Member add(final RoutedEntry entry) {
        if (count == members.length) {
            members = Arrays.copyOf(members, 2 * count);
        }
        final Member member = new Member(this, entry, count);
        members[count++] = member;
        return member;
    }

    private void remove(final Member member) {
        count--;
        final Member last = members[count];
        members[member.index] = last;
        last.index = member.index;
        members[count] = null;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** Adds whoever was not collected for this sequence yet. */
    void collect(final long sequence, final List<RoutedEntry> matched) {
        for (int i = 0; i < count; i++) {
            final RoutedEntry entry = members[i].entry;
            if (entry.collect(sequence)) {
                matched.add(entry);
            }
        }
    }
}
