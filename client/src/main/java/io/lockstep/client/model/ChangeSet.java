package io.lockstep.client.model;

import io.lockstep.codec.ChangeOp;
import io.lockstep.codec.MigrationKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One transaction of one site, encoded once when it is built. Immutable; may be submitted by any number of clients, any
 * number of times.
 *
 * <p>Build it with {@link #builder}. A change or a migration that is given no opSeq takes the next one.
 */
public final class ChangeSet {
    /** Most changes and migrations; more than a session's limit go to the node in parts. */
    public static final int CHANGES_MAX = 65_534;

    private final Site site;
    private final long wall;
    private final int counter;
    private final List<Migration> migrations;
    private final List<Change> changes;
    private final UnsafeBuffer message;

    private ChangeSet(final Builder builder) {
        site = builder.site;
        wall = builder.wall;
        counter = builder.counter;
        migrations = builder.sortedMigrations();
        changes = builder.sortedChanges();
        message = new UnsafeBuffer(ChangeSetEncoding.encode(this));
    }

    /**
     * Starts a change set.
     *
     * @param site its author
     * @param wall milliseconds since 1970, 0 to 2^48 - 1
     * @param counter 0 to 65,535
     * @return a builder
     * @throws IllegalArgumentException if a value is out of range
     */
    public static Builder builder(final Site site, final long wall, final int counter) {
        return new Builder(new Hlc(wall, counter, site, 0));
    }

    /**
     * Starts a change set.
     *
     * @param clock gives site, wall and counter; its opSeq is not used
     * @return a builder
     */
    public static Builder builder(final Hlc clock) {
        return new Builder(clock);
    }

    /**
     * Reads the bytes of {@link #message}.
     *
     * @param buffer holds a whole, valid SubmitChangeSet
     * @param offset of its message header
     * @return an equal change set
     */
    public static ChangeSet decode(final DirectBuffer buffer, final int offset) {
        return ChangeSetDecoding.decode(buffer, offset);
    }

    /**
     * The author.
     *
     * @return the site
     */
    public Site site() {
        return site;
    }

    /**
     * The wall of its clock.
     *
     * @return milliseconds since 1970
     */
    public long wall() {
        return wall;
    }

    /**
     * The counter of its clock.
     *
     * @return 0 to 65,535
     */
    public int counter() {
        return counter;
    }

    /**
     * The migrations.
     *
     * @return in ascending opSeq, immutable
     */
    public List<Migration> migrations() {
        return migrations;
    }

    /**
     * The changes.
     *
     * @return in ascending opSeq, immutable
     */
    public List<Change> changes() {
        return changes;
    }

    /**
     * The full clock of one of its changes or migrations.
     *
     * @param opSeq of the change
     * @return the clock
     */
    public Hlc hlc(final int opSeq) {
        return new Hlc(wall, counter, site, opSeq);
    }

    /**
     * The SubmitChangeSet message with request id 0 and no flags.
     *
     * @return read it, never write to it
     */
    public DirectBuffer message() {
        return message;
    }

    /**
     * Bytes of {@link #message}, its message header included.
     *
     * @return more than 0
     */
    public int encodedLength() {
        return message.capacity();
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof ChangeSet set && message.equals(set.message);
    }

    @Override
    public int hashCode() {
        return message.hashCode();
    }

    @Override
    public String toString() {
        return "change set of site=" + site + ", wall=" + wall + ", counter=" + counter + ", migrations="
                + migrations.size() + ", changes=" + changes.size();
    }

    /** Collects changes and migrations. Not thread-safe; may be used for one set only. */
    public static final class Builder {
        private static final long OP_SEQ_MAX = 0xFFFF_FFFFL;

        private final Site site;
        private final long wall;
        private final int counter;
        private final List<Migration> migrations = new ArrayList<>();
        private final List<Change> changes = new ArrayList<>();
        private final Set<Integer> opSeqs = new HashSet<>();
        private long nextOpSeq;
        private boolean equalOpSeqsKept;

        private Builder(final Hlc clock) {
            site = clock.site();
            wall = clock.wall();
            counter = clock.counter();
        }

        /**
         * Adds a write with the next opSeq.
         *
         * @param schema name of the schema
         * @param table name of the table
         * @param key primary key
         * @param column name of the column
         * @param value what is written
         * @return this
         */
        public Builder write(
                final String schema, final String table, final Key key, final String column, final Value value) {
            return write(nextOpSeq, schema, table, key, column, value, null);
        }

        /**
         * Adds a write.
         *
         * @param opSeq place within the transaction, 0 to 2^32 - 1, distinct
         * @param schema name of the schema
         * @param table name of the table
         * @param key primary key
         * @param column name of the column
         * @param value what is written
         * @param before what it replaces at its origin, or null
         * @return this
         */
        public Builder write(
                final long opSeq,
                final String schema,
                final String table,
                final Key key,
                final String column,
                final Value value,
                final BeforeImage before) {
            require(key != null && value != null, "a write needs key and value");
            require(before == null || before.hlc() != null, "the before-image of a write has a clock");
            changes.add(new Change(take(opSeq), ChangeOp.WRITE, schema, table, key, column, value, before, List.of()));
            return this;
        }

        /**
         * Adds a delete with the next opSeq.
         *
         * @param schema name of the schema
         * @param table name of the table
         * @param key primary key
         * @return this
         */
        public Builder delete(final String schema, final String table, final Key key) {
            return delete(nextOpSeq, schema, table, key, null);
        }

        /**
         * Adds a delete.
         *
         * @param opSeq place within the transaction, 0 to 2^32 - 1, distinct
         * @param schema name of the schema
         * @param table name of the table
         * @param key primary key
         * @param before the row that it removes at its origin, or null
         * @return this
         */
        public Builder delete(
                final long opSeq, final String schema, final String table, final Key key, final BeforeImage before) {
            require(key != null, "a delete needs a key");
            require(before == null || before.hlc() == null, "the before-image of a delete has no clock");
            changes.add(new Change(take(opSeq), ChangeOp.DELETE, schema, table, key, null, null, before, List.of()));
            return this;
        }

        /**
         * Adds a migration with the next opSeq.
         *
         * @param kind its kind
         * @param schema name of the schema
         * @param object table or index, by kind
         * @param version version of the object, 0 to 2^32 - 1
         * @param ddl the statement
         * @return this
         */
        public Builder migration(
                final MigrationKind kind,
                final String schema,
                final String object,
                final long version,
                final String ddl) {
            return migration(nextOpSeq, kind, schema, object, "", version, ddl);
        }

        /**
         * Adds a migration.
         *
         * @param opSeq place within the transaction, 0 to 2^32 - 1, distinct
         * @param kind its kind
         * @param schema name of the schema
         * @param object table or index, by kind
         * @param fromObject for renames the former name, otherwise empty
         * @param version version of the object, 0 to 2^32 - 1
         * @param ddl the statement
         * @return this
         */
        public Builder migration(
                final long opSeq,
                final MigrationKind kind,
                final String schema,
                final String object,
                final String fromObject,
                final long version,
                final String ddl) {
            require(version >= 0 && version <= OP_SEQ_MAX, "version out of range: version=" + version);
            migrations.add(new Migration(take(opSeq), kind, (int) version, schema, object, fromObject, ddl));
            return this;
        }

        /**
         * Leaves it to the node to refuse equal opSeqs, for tools that pass on what they were given.
         *
         * @return this
         */
        public Builder keepEqualOpSeqs() {
            equalOpSeqsKept = true;
            return this;
        }

        /**
         * How much was added.
         *
         * @return changes and migrations together
         */
        public int size() {
            return changes.size() + migrations.size();
        }

        /**
         * Ends it: sorts by opSeq, checks names and encodes.
         *
         * @return the change set
         * @throws IllegalArgumentException if a name or a size is out of its limits, naming limit and value
         */
        public ChangeSet build() {
            require(size() <= CHANGES_MAX, "too many: changesMax=" + CHANGES_MAX + ", changes=" + size());
            return new ChangeSet(this);
        }

        private int take(final long opSeq) {
            require(opSeq >= 0 && opSeq <= OP_SEQ_MAX, "opSeq out of range: opSeq=" + opSeq);
            require(opSeqs.add((int) opSeq) || equalOpSeqsKept, "opSeq used twice: opSeq=" + opSeq);
            nextOpSeq = Math.max(nextOpSeq, opSeq + 1);
            return (int) opSeq;
        }

        private List<Migration> sortedMigrations() {
            migrations.sort(Comparator.comparingLong(migration -> Integer.toUnsignedLong(migration.opSeq())));
            return List.copyOf(migrations);
        }

        private List<Change> sortedChanges() {
            changes.sort(Comparator.comparingLong(change -> Integer.toUnsignedLong(change.opSeq())));
            return List.copyOf(changes);
        }

        private static void require(final boolean holds, final String otherwise) {
            if (!holds) {
                throw new IllegalArgumentException(otherwise);
            }
        }
    }
}
