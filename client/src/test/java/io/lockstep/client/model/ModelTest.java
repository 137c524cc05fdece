package io.lockstep.client.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.codec.MigrationKind;
import io.lockstep.codec.SubmitChangeSetDecoder;
import io.lockstep.codec.frame.FrameLimits;
import io.lockstep.codec.frame.FrameValidator;
import io.lockstep.codec.value.HlcDescriptor;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelTest {
    private static final Site SITE = Site.parse("63777fb86b172ad9a90e2412fcbd59d6");
    private static final Key KEY = Key.ofInteger(1);

    private static Value randomValue(final Random random) {
        final byte[] bytes = new byte[random.nextInt(20)];
        random.nextBytes(bytes);
        return switch (random.nextInt(8)) {
            case 0 -> Value.NULL;
            case 1 -> Value.ofBoolean(random.nextBoolean());
            case 2 -> Value.ofInteger(random.nextLong());
            case 3 ->
                Value.ofDecimal(BigInteger.ONE
                        .shiftLeft(64 + random.nextInt(100))
                        .multiply(BigInteger.valueOf(random.nextBoolean() ? 1 : -1)));
            case 4 -> Value.ofReal(Double.longBitsToDouble(random.nextLong()));
            case 5 -> Value.ofText("text é 😀 " + random.nextInt());
            case 6 -> Value.ofBlob(bytes);
            default -> Value.ofJson("{\"a\":" + random.nextInt() + "}");
        };
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldReadBackEveryValueThatItWrites(final long seed) {
        final Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            final Value value = randomValue(random);
            final UnsafeBuffer buffer = new UnsafeBuffer(new byte[value.encodedLength() + 3]);
            value.encode(buffer, 3);
            assertEquals(value, Value.decode(buffer, 3, value.encodedLength()), "seed=" + seed + ", i=" + i);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {4, 5, 6})
    void shouldReadBackEveryKeyThatItWrites(final long seed) {
        final Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            final List<Value> parts = new ArrayList<>();
            for (int part = 0; part <= random.nextInt(5); part++) {
                final Value value = randomValue(random);
                if (value.isAllowedInKey()) {
                    parts.add(value);
                }
            }
            if (!parts.isEmpty()) {
                final Key key = Key.of(parts);
                final Key read = Key.decode(new UnsafeBuffer(key.toBytes()), 0, key.encodedLength());
                assertEquals(parts, read.parts(), "seed=" + seed + ", i=" + i);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {7, 8})
    void shouldRefuseRandomBytesOrReadThemBackAsTheyAre(final long seed) {
        final Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            final byte[] bytes = new byte[1 + random.nextInt(12)];
            random.nextBytes(bytes);
            bytes[0] = (byte) random.nextInt(9);
            try {
                assertEquals(
                        new UnsafeBuffer(bytes),
                        new UnsafeBuffer(Value.decode(bytes).toBytes()),
                        "seed=" + seed + ", i=" + i);
            } catch (final IllegalArgumentException refused) {
                assertTrue(refused.getMessage() != null);
            }
        }
    }

    @Test
    void shouldOrderValuesByTypeThenContent() {
        final List<Value> ordered = List.of(
                Value.NULL,
                Value.ofBoolean(false),
                Value.ofBoolean(true),
                Value.ofInteger(Long.MIN_VALUE),
                Value.ofInteger(-1),
                Value.ofInteger(1),
                Value.ofDecimal(BigInteger.ONE.shiftLeft(100).negate()),
                Value.ofDecimal(BigInteger.ONE.shiftLeft(64)),
                Value.ofDecimal(BigInteger.ONE.shiftLeft(100)),
                Value.ofReal(1.0),
                Value.ofReal(2.0),
                Value.ofReal(-1.0),
                Value.ofText("a"),
                Value.ofText("ab"),
                Value.ofText("b"),
                Value.ofBlob(new byte[] {1}),
                Value.ofBlob(new byte[] {(byte) 0xFF}),
                Value.ofJson("1"));
        final List<Value> shuffled = new ArrayList<>(ordered);
        Collections.shuffle(shuffled, new Random(1));
        Collections.sort(shuffled);
        assertEquals(ordered, shuffled);
    }

    @Test
    void shouldTakeEveryNanForTheOneNan() {
        assertEquals(Value.ofReal(Double.NaN), Value.ofReal(Double.longBitsToDouble(0xFFF8_0000_0000_0001L)));
    }

    @Test
    void shouldRefuseADecimalThatALongCouldHold() {
        assertThrows(IllegalArgumentException.class, () -> Value.ofDecimal(BigInteger.valueOf(Long.MAX_VALUE)));
    }

    @Test
    void shouldRefuseTextThatIsNoUnicode() {
        assertThrows(IllegalArgumentException.class, () -> Value.ofText("\uD800"));
    }

    @Test
    void shouldRefuseNegativeZeroInAKey() {
        assertThrows(IllegalArgumentException.class, () -> Key.of(Value.ofReal(-0.0)));
    }

    @Test
    void shouldFoldBooleansAndIntegralRealsInAKey() {
        assertEquals(
                Key.of(Value.ofInteger(1), Value.ofInteger(2), Value.ofReal(0.5)),
                Key.of(Value.ofBoolean(true), Value.ofReal(2.0), Value.ofReal(0.5))
                        .folded());
    }

    @Test
    void shouldReadBackTheSiteThatItWrites() {
        assertEquals(SITE, Site.parse(SITE.toString()));
    }

    @Test
    void shouldCompareClocksAsTheirBytes() {
        final Random random = new Random(9);
        for (int i = 0; i < 2_000; i++) {
            final Hlc a = randomClock(random);
            final Hlc b = randomClock(random);
            assertEquals(Integer.signum(bytes(a).compareTo(bytes(b))), Integer.signum(a.compareTo(b)), "i=" + i);
        }
    }

    private static BigInteger bytes(final Hlc hlc) {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[HlcDescriptor.LENGTH]);
        hlc.encode(buffer, 0);
        return new BigInteger(1, buffer.byteArray());
    }

    private static Hlc randomClock(final Random random) {
        return new Hlc(
                random.nextInt(2),
                random.nextInt(2) * 0xFFFF,
                new Site(random.nextInt(2) * -1L, random.nextInt(2) * -1L),
                random.nextInt(2) * -1);
    }

    @Test
    void shouldSortChangesByTheirPlaceAsUnsignedNumbers() {
        final ChangeSet set = ChangeSet.builder(SITE, 1, 1)
                .write(0xFFFF_FFFFL, "s", "t", KEY, "b", Value.NULL, null)
                .write(3, "s", "t", KEY, "a", Value.NULL, null)
                .build();
        assertEquals(
                List.of("a", "b"), set.changes().stream().map(Change::column).toList());
    }

    @Test
    void shouldRefuseAPlaceThatIsTakenByAMigration() {
        final ChangeSet.Builder builder =
                ChangeSet.builder(SITE, 1, 1).migration(0, MigrationKind.ADD_INDEX, "s", "i", "", 1, "create");
        assertThrows(IllegalArgumentException.class, () -> builder.delete(0, "s", "t", KEY, null));
    }

    @Test
    void shouldNameTheLimitOfANameThatIsTooLong() {
        final ChangeSet.Builder builder =
                ChangeSet.builder(SITE, 1, 1).write("s", "t".repeat(256), KEY, "c", Value.NULL);
        final IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, builder::build);
        assertTrue(refused.getMessage().contains("tableName needs 1 to 255 bytes of UTF-8: bytes=256"));
    }

    @Test
    void shouldEncodeWhatANodeAcceptsWithEveryPartOfAChange() {
        final Hlc earlier = new Hlc(1, 2, SITE, 3);
        final ChangeSet set = ChangeSet.builder(SITE, 5, 6)
                .migration(MigrationKind.CREATE_TABLE, "s", "t", 1, "create table t")
                .write(7, "s", "t", KEY, "c", Value.ofText("x"), BeforeImage.ofWrite(earlier, Value.ofInteger(1)))
                .delete(8, "s", "t", KEY, BeforeImage.ofDelete(List.of(Value.NULL, Value.ofInteger(2))))
                .delete(9, "s", "t", KEY, BeforeImage.ofDelete(List.of()))
                .build();
        final FrameValidator validator = new FrameValidator(FrameLimits.DEFAULT);
        assertTrue(validator.validateClientMessage(set.message(), 0, set.encodedLength()), () -> validator.errorText());
        final SubmitChangeSetDecoder decoder = new SubmitChangeSetDecoder();
        decoder.wrapAndApplyHeader(set.message(), 0, new io.lockstep.codec.MessageHeaderDecoder());
        assertEquals(List.of(5L, 6), List.of(decoder.wall(), decoder.counter()));
    }

    @Test
    void shouldKeepClocksRisingWhenTheWallStandsStill() {
        final HybridClock clock = new HybridClock(SITE, () -> 1_000, 0);
        Hlc last = clock.tick();
        for (int i = 0; i < 70_000; i++) {
            final Hlc next = clock.tick();
            assertTrue(next.compareTo(last) > 0);
            last = next;
        }
    }

    @Test
    void shouldStampLaterThanAClockThatItFollowed() {
        final HybridClock clock = new HybridClock(SITE, () -> 1_000, 500);
        clock.receive(1_400, 9);
        assertEquals(new Hlc(1_400, 10, SITE, 0), clock.tick());
    }

    @Test
    void shouldNotFollowAClockBeyondTheDrift() {
        final HybridClock clock = new HybridClock(SITE, () -> 1_000, 500);
        clock.receive(1_501, 0);
        assertEquals(new Hlc(1_000, 0, SITE, 0), clock.tick());
    }
}
