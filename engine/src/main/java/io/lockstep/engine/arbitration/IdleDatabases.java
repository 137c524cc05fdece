package io.lockstep.engine.arbitration;

/** The databases in memory that nobody has open, those that were closed first in front; with a place from which to go on. */
final class IdleDatabases {
    private Database first;
    private Database last;
    private Database cursor;
    private int count;

    int count() {
        return count;
    }

    void add(final Database database, final long nowNs) {
        final Stay stay = database.stay();
        stay.idle(true, nowNs);
        stay.before(last);
        stay.after(null);
        if (last == null) {
            first = database;
        } else {
            last.stay().after(database);
        }
        last = database;
        count++;
    }

    void remove(final Database database) {
        final Stay stay = database.stay();
        if (cursor == database) {
            cursor = stay.after();
        }
        if (stay.before() == null) {
            first = stay.after();
        } else {
            stay.before().stay().after(stay.after());
        }
        if (stay.after() == null) {
            last = stay.before();
        } else {
            stay.after().stay().before(stay.before());
        }
        stay.before(null);
        stay.after(null);
        stay.idle(false, 0);
        count--;
    }

    /** The next {@link #next()} begins in front. */
    void rewind() {
        cursor = first;
    }

    /** Null at the end. */
    Database next() {
        final Database found = cursor;
        if (found != null) {
            cursor = found.stay().after();
        }
        return found;
    }
}
