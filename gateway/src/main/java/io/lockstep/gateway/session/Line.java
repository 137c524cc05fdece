package io.lockstep.gateway.session;

/**
 * Sessions that wait for one thing, each with the frame that it could not hand on; they are not read meanwhile. First come,
 * first served. The links are in those who wait, so that waiting takes no memory. One thread.
 */
abstract class Line {
    private Waiter first;
    private Waiter last;
    private int size;
    private boolean listed;

    /** Somebody who can stand in one line at a time. */
    abstract static class Waiter {
        private Line line;
        private Waiter before;
        private Waiter behind;

        /** It has left its line: what it waited for may be there. It may stand in line again at once. */
        abstract void onTurn();

        /** Null when it stands in none. */
        final Line line() {
            return line;
        }
    }

    /**
     * Whether the first one may go on now.
     *
     * @param head who is first
     * @param nowNs monotonic time
     */
    abstract boolean mayGoOn(Waiter head, long nowNs);

    final void addLast(final Waiter waiter) {
        enter(waiter);
        waiter.before = last;
        if (last == null) {
            first = waiter;
        } else {
            last.behind = waiter;
        }
        last = waiter;
    }

    final void addFirst(final Waiter waiter) {
        enter(waiter);
        waiter.behind = first;
        if (first == null) {
            last = waiter;
        } else {
            first.before = waiter;
        }
        first = waiter;
    }

    private void enter(final Waiter waiter) {
        if (waiter.line != null) {
            throw new IllegalStateException("stands in a line already");
        }
        waiter.line = this;
        size++;
    }

    /** Null if nobody waits. */
    final Waiter pollFirst() {
        final Waiter waiter = first;
        if (waiter != null) {
            remove(waiter);
        }
        return waiter;
    }

    /** Takes one out that stands in this line. */
    final void remove(final Waiter waiter) {
        if (waiter.before == null) {
            first = waiter.behind;
        } else {
            waiter.before.behind = waiter.behind;
        }
        if (waiter.behind == null) {
            last = waiter.before;
        } else {
            waiter.behind.before = waiter.before;
        }
        waiter.before = null;
        waiter.behind = null;
        waiter.line = null;
        size--;
    }

    /** Null if nobody waits. */
    final Waiter first() {
        return first;
    }

    final int size() {
        return size;
    }

    final boolean isEmpty() {
        return first == null;
    }

    /** Whether {@link Turns} knows that somebody waits. */
    final boolean isListed() {
        return listed;
    }

    final void listed(final boolean nowListed) {
        listed = nowListed;
    }
}
