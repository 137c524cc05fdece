package io.lockstep.node.json;

import io.lockstep.client.model.BeforeImage;
import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.model.Hlc;
import io.lockstep.client.model.Key;
import io.lockstep.client.model.Site;
import io.lockstep.client.model.Value;
import io.lockstep.codec.MigrationKind;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Change sets of every shape, from a seed. */
final class RandomSets {
    private static final String[] TEXTS = {
        "", "a", "quote\"'\\", "a\u0000b", "\u00e9\u4e2d\ud83d\ude00", "\u2028\u2029\u007f", "line\nend\ttab", "\uffff"
    };
    private static final double[] REALS = {0.0, -0.0, 0.5, 1e300, Double.MIN_VALUE, Double.NaN, Double.NEGATIVE_INFINITY
    };

    private final SplittableRandom random;

    RandomSets(final long seed) {
        random = new SplittableRandom(seed);
    }

    ChangeSet next() {
        final ChangeSet.Builder builder = ChangeSet.builder(site(), random.nextLong(1L << 48), random.nextInt(1 << 16));
        for (int i = random.nextInt(3); i > 0; i--) {
            builder.migration(
                    opSeq(builder),
                    MigrationKind.get((short) random.nextInt(8)),
                    name(),
                    name(),
                    random.nextBoolean() ? name() : "",
                    random.nextLong(1L << 32),
                    text());
        }
        for (int i = random.nextInt(5); i > 0; i--) {
            change(builder);
        }
        return builder.build();
    }

    Value value() {
        return switch (random.nextInt(8)) {
            case 0 -> Value.NULL;
            case 1 -> Value.ofBoolean(random.nextBoolean());
            case 2 -> Value.ofInteger(random.nextBoolean() ? random.nextLong() : random.nextInt(-3, 3));
            case 3 -> Value.ofDecimal(decimal());
            case 4 ->
                Value.ofReal(
                        random.nextBoolean()
                                ? REALS[random.nextInt(REALS.length)]
                                : Double.longBitsToDouble(random.nextLong()));
            case 5 -> Value.ofText(text());
            case 6 -> Value.ofBlob(blob());
            default -> Value.ofJson("{\"a\": [" + random.nextInt() + ", null]}");
        };
    }

    private void change(final ChangeSet.Builder builder) {
        final boolean before = random.nextInt(3) == 0;
        if (random.nextInt(3) == 0) {
            builder.delete(opSeq(builder), name(), name(), key(), before ? BeforeImage.ofDelete(values()) : null);
        } else {
            final BeforeImage image = before ? BeforeImage.ofWrite(hlc(), value()) : null;
            builder.write(opSeq(builder), name(), name(), key(), name(), value(), image);
        }
    }

    private long opSeq(final ChangeSet.Builder builder) {
        return builder.size() * 100_000_000L + random.nextLong(100_000_000L);
    }

    private Hlc hlc() {
        return new Hlc(random.nextLong(1L << 48), random.nextInt(1 << 16), site(), random.nextInt());
    }

    private Site site() {
        return new Site(random.nextLong(), random.nextInt(2) == 0 ? 1 : random.nextLong());
    }

    private Key key() {
        final List<Value> parts = new ArrayList<>();
        while (parts.isEmpty() || random.nextInt(3) == 0) {
            final Value part = value();
            final boolean real = part.toString().startsWith("real");
            parts.add(real ? Value.ofReal(random.nextInt(1, 100) / 4.0) : part);
        }
        return Key.of(parts);
    }

    private List<Value> values() {
        final List<Value> values = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            values.add(value());
        }
        return values;
    }

    private BigInteger decimal() {
        final BigInteger size =
                BigInteger.ONE.shiftLeft(64 + random.nextInt(100)).add(BigInteger.valueOf(random.nextInt()));
        return random.nextBoolean() ? size : size.negate();
    }

    private String name() {
        return random.nextInt(4) == 0 ? "n\u00e4me \"" + random.nextInt(9) : "t" + random.nextInt(9);
    }

    private String text() {
        return TEXTS[random.nextInt(TEXTS.length)] + random.nextInt(100);
    }

    private byte[] blob() {
        final byte[] bytes = new byte[random.nextInt(40)];
        random.nextBytes(bytes);
        return bytes;
    }
}
