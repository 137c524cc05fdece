package io.lockstep.engine.arbitration;

import io.lockstep.codec.MigrationKind;
import io.lockstep.engine.arbitration.ModelSet.Change;
import io.lockstep.engine.arbitration.ModelSet.Migration;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;

/** Random change sets that meet one another often: few rows, few sites, close clocks, clocks used twice, sets sent again. */
public final class ModelSets {
    /** Wall of the first sets. */
    public static final long START_MS = 1_700_000_000_000L;

    private static final String[] SITES = {
        "00000000000000000000000000000001",
        "7fffffffffffffffffffffffffffffff",
        "80000000000000000000000000000000",
        "ffffffffffffffff0000000000000000",
        "ffffffffffffffffffffffffffffffff"
    };
    private static final String[] COLUMNS = {"b", "a", "name", "ä", "longer-name-of-a-column", "z"};
    private static final String[][] TABLES = {{"main", "t"}, {"main", "t.u"}, {"ma", "int"}, {"m", "aint"}};

    private final Random random;
    private final List<ModelSet> made = new ArrayList<>();

    private final boolean longValues;

    /** Of the set that is being made: a frame has no room for more. */
    private int longValuesLeft;

    /** A generator. */
    public ModelSets(final long seed) {
        this(seed, false);
    }

    private ModelSets(final long seed, final boolean longValues) {
        random = new Random(seed);
        this.longValues = longValues;
    }

    /** A generator of sets some of whose values are of 30,000 to 200,000 bytes. */
    public static ModelSets withLongValues(final long seed) {
        return new ModelSets(seed, true);
    }

    /** The source of chance, for what a test decides beside. */
    public Random random() {
        return random;
    }

    /** The next set; {@code nowMs} is about when its wall is. */
    public ModelSet next(final long nowMs) {
        if (!made.isEmpty() && random.nextInt(8) == 0) {
            return made.get(random.nextInt(made.size()));
        }
        longValuesLeft = longValues ? 4 : 0;
        final List<Migration> migrations = new ArrayList<>();
        final List<Change> changes = new ArrayList<>();
        final TreeSet<Long> opSeqs = new TreeSet<>(Long::compareUnsigned);
        final int count = 1 + random.nextInt(random.nextInt(10) == 0 ? 40 : 6);
        while (opSeqs.size() < count) {
            opSeqs.add(random.nextInt(20) == 0 ? 0xFFFF_FF00L + random.nextInt(255) : random.nextInt(60));
        }
        for (final long opSeq : opSeqs) {
            if (random.nextInt(12) == 0) {
                migrations.add(migration(opSeq));
            } else {
                changes.add(change(opSeq));
            }
        }
        final ModelSet set = new ModelSet(
                SITES[random.nextInt(SITES.length)],
                nowMs - 500 + random.nextInt(1_000),
                random.nextInt(20) == 0 ? 65_535 : random.nextInt(2),
                migrations,
                changes);
        made.add(set);
        return set;
    }

    /** A value of any type, most often short. */
    public ModelValue value() {
        if (longValuesLeft > 0 && random.nextInt(3) == 0) {
            longValuesLeft--;
            return longValue();
        }
        return switch (random.nextInt(10)) {
            case 0 -> ModelValue.ofNull();
            case 1 -> ModelValue.of(random.nextBoolean());
            case 2 -> ModelValue.of(random.nextLong() >> random.nextInt(64));
            case 3 ->
                ModelValue.of(new BigInteger(70 + random.nextInt(60), random)
                        .setBit(70)
                        .multiply(random.nextBoolean() ? BigInteger.ONE : BigInteger.ONE.negate()));
            case 4 -> ModelValue.real(random.nextInt(4) == 0 ? Double.NaN : random.nextGaussian() * 3);
            case 5 -> ModelValue.blob("00ff".repeat(random.nextInt(200)));
            case 6 -> ModelValue.json("{\"a\":" + random.nextInt(3) + "}");
            default -> ModelValue.text("x".repeat(random.nextInt(24)) + random.nextInt(3));
        };
    }

    /** Often of the same length as others, and around the ends of chunks. */
    private ModelValue longValue() {
        final int length =
                switch (random.nextInt(4)) {
                    case 0 -> 32_768 - 8 + random.nextInt(16);
                    case 1 -> 98_304 - 8 + random.nextInt(16);
                    case 2 -> 150_000;
                    default -> 30_000 + random.nextInt(170_000);
                };
        return ModelValue.text(String.valueOf((char) ('a' + random.nextInt(3))).repeat(length) + random.nextInt(2));
    }

    private Change change(final long opSeq) {
        final String[] table = TABLES[random.nextInt(3) == 0 ? random.nextInt(TABLES.length) : 0];
        final boolean delete = random.nextInt(4) == 0;
        return new Change(
                opSeq,
                table[0],
                table[1],
                key(),
                delete ? null : COLUMNS[random.nextInt(COLUMNS.length)],
                delete ? null : value());
    }

    private List<ModelValue> key() {
        return switch (random.nextInt(14)) {
            case 0 -> List.of(ModelValue.real(1.0));
            case 1 -> List.of(ModelValue.of(true));
            case 2 -> List.of(ModelValue.of(1));
            case 3 -> List.of(ModelValue.text("1"));
            case 4 -> List.of(ModelValue.text(""), ModelValue.text("1"));
            case 5 -> List.of(ModelValue.real(1e300), ModelValue.real(0.5));
            case 6 -> List.of(ModelValue.real(-0x1p63));
            case 7 -> List.of(ModelValue.of(Long.MIN_VALUE));
            case 8 -> List.of(ModelValue.real(0x1p63));
            case 9 -> List.of(ModelValue.of(BigInteger.ONE.shiftLeft(63)));
            case 10 -> List.of(ModelValue.ofNull());
            case 11 -> List.of(ModelValue.blob("31"));
            default -> List.of(ModelValue.text("row-" + random.nextInt(4)));
        };
    }

    private Migration migration(final long opSeq) {
        final MigrationKind kind = MigrationKind.values()[random.nextInt(8)];
        return new Migration(
                opSeq,
                kind,
                random.nextBoolean() ? "main" : "mai",
                random.nextBoolean() ? "t" : "nt",
                kind == MigrationKind.RENAME_TABLE ? "former" : "",
                random.nextInt(3),
                "-- ddl".repeat(1 + random.nextInt(4)));
    }
}
