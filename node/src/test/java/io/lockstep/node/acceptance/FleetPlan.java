package io.lockstep.node.acceptance;

import io.lockstep.client.ClientContext;
import io.lockstep.client.DatabaseOptions;
import io.lockstep.client.ErrorCodes;
import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.model.Key;
import io.lockstep.client.model.Site;
import io.lockstep.client.model.TableFilter;
import io.lockstep.client.model.Value;
import io.lockstep.codec.KeyForm;
import io.lockstep.codec.MigrationKind;
import io.lockstep.codec.RowPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;

/** What one seed makes of a fleet: its database, what is written, and who asks for what. One thread. */
final class FleetPlan {
    private static final long WALL = 1_700_000_000_000L;
    private static final int WALL_SPREAD = 200;
    private static final int TENANTS = 4;
    private static final int ROWS = 5;
    private static final int CLIENT_FRAME_BYTES = 64 << 10;
    private static final String[] SCHEMAS = {"main", "aux"};
    private static final String[] TABLES = {"orders", "order_items", "bills", "log_1", "log_2", "log_10"};
    private static final String[] COLUMNS = {"a", "b", "c"};
    private static final String[] GLOBS = {
        "*",
        "orders",
        "main.orders",
        "main.*",
        "aux.*",
        "order*",
        "*s",
        "log_?",
        "log_*",
        "*.bills",
        "?ain.log_1?",
        "nothing",
        "*_items",
        "m*n.*_1*",
        "bill?",
        "aux.log_2"
    };
    private static final String PADDING = "padding ".repeat(40);

    private final long seed;
    private final Random random;
    private final RowPolicy rowPolicy;
    private final KeyForm keyForm;

    FleetPlan(final long seed) {
        this.seed = seed;
        random = new Random(seed * 0x9E3779B97F4A7C15L);
        rowPolicy = random.nextInt(3) == 0 ? RowPolicy.DELETE_WINS : RowPolicy.LAST_WRITER_WINS;
        keyForm = random.nextInt(3) == 0 ? KeyForm.QUEREUS : KeyForm.TYPED;
    }

    Random random() {
        return random;
    }

    String database() {
        return "fleet-" + Long.toUnsignedString(seed);
    }

    DatabaseOptions options() {
        return DatabaseOptions.createIfMissing(database(), rowPolicy, keyForm);
    }

    boolean keysFolded() {
        return keyForm == KeyForm.QUEREUS;
    }

    Site site(final int writer) {
        return new Site(seed, 1 + writer);
    }

    ClientContext context(final String address) {
        return new ClientContext()
                .addresses(address)
                .backoffMs(5, 100)
                .seed(random.nextLong())
                .suspectLosses(0)
                .lingerMs(0)
                .frameBytesMax(CLIENT_FRAME_BYTES)
                .pendingBytesMax(CLIENT_FRAME_BYTES);
    }

    /** The next set of a writer; its number makes its clock unlike any other of this writer. */
    ChangeSet changeSet(final Site site, final int number, final long sequence) {
        final long wall = WALL + sequence + (random.nextInt(4) == 0 ? -random.nextInt(WALL_SPREAD) : 0);
        final ChangeSet.Builder builder = ChangeSet.builder(site, wall + (number >> 16), number & 0xFFFF);
        final int changes = 1 + random.nextInt(4);
        if (random.nextInt(60) == 0) {
            migration(builder);
        }
        for (int i = 0; i < changes; i++) {
            final String schema = pick(SCHEMAS);
            final String table = pick(TABLES);
            if (random.nextInt(8) == 0) {
                builder.delete(schema, table, key());
            } else {
                builder.write(schema, table, key(), pick(COLUMNS), value(sequence));
            }
        }
        return builder.build();
    }

    private void migration(final ChangeSet.Builder builder) {
        final MigrationKind[] kinds = {
            MigrationKind.CREATE_TABLE,
            MigrationKind.ADD_COLUMN,
            MigrationKind.RENAME_TABLE,
            MigrationKind.ADD_INDEX,
            MigrationKind.DROP_INDEX
        };
        final MigrationKind kind = kinds[random.nextInt(kinds.length)];
        final String from = kind == MigrationKind.RENAME_TABLE ? pick(TABLES) : "";
        builder.migration(random.nextInt(1000), kind, pick(SCHEMAS), pick(TABLES), from, random.nextInt(1000), "ddl");
    }

    private Value value(final long sequence) {
        return switch (random.nextInt(8)) {
            case 0 -> Value.NULL;
            case 1 -> Value.ofReal(random.nextDouble());
            case 2 -> Value.ofBlob(new byte[random.nextInt(600)]);
            case 3, 4 -> Value.ofInteger(sequence);
            default -> Value.ofText(sequence + PADDING.substring(random.nextInt(PADDING.length())));
        };
    }

    private Key key() {
        final Value tenant = tenant();
        return random.nextInt(4) == 0 ? Key.of(tenant) : Key.of(tenant, Value.ofInteger(random.nextInt(ROWS)));
    }

    /** In the quereus form, several of these are one. */
    private Value tenant() {
        final int tenant = random.nextInt(TENANTS);
        return switch (random.nextInt(8)) {
            case 0 -> Value.ofText("t" + tenant);
            case 1 -> Value.ofReal(tenant);
            case 2 -> Value.ofBoolean(tenant % 2 == 0);
            default -> Value.ofInteger(tenant);
        };
    }

    /** One filter, several, or none. */
    FleetShape shape() {
        final List<TableFilter> filters = new ArrayList<>();
        final int count = random.nextInt(5) == 0 ? 0 : 1 + random.nextInt(3);
        final IntFunction<Key> prefix = kind -> kind < 5 ? null : kind < 8 ? Key.of(tenant()) : key();
        for (int i = 0; i < count; i++) {
            filters.add(TableFilter.of(pick(GLOBS), prefix.apply(random.nextInt(9))));
        }
        return new FleetShape(filters, keysFolded());
    }

    private String pick(final String[] of) {
        return of[random.nextInt(of.length)];
    }

    /** What a client may meet while nodes die and connections are cut: what passes. */
    void checkError(final long requestId, final int code, final String text) {
        if (!ErrorCodes.isRetryable(code) && code != ErrorCodes.CONNECTION_LOST && code != ErrorCodes.CLIENT_CLOSED) {
            throw failure("error: requestId=" + requestId + ", code=" + ErrorCodes.name(code) + ", text=" + text);
        }
    }

    /** The library ends a connection on which something came out of order; that must not pass for a loss. */
    void checkLoss(final String reason) {
        if (reason.contains("protocol violation")) {
            throw failure(reason);
        }
    }

    AssertionError failure(final String what) {
        return new AssertionError(
                this + " (again: -Dlockstep.acceptance.fleetSeeds=1 -Dlockstep.seed=" + seed + "): " + what);
    }

    @Override
    public String toString() {
        return "seed=" + seed;
    }
}
