package io.lockstep.codec.value;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class ValueOrderTest {
    private final List<byte[]> ascending = new ArrayList<>();
    private final UnsafeBuffer scratch = new UnsafeBuffer(new byte[512]);

    @Test
    void shouldOrderByTypeThenContent() {
        add(ValueWriter.putNull(scratch, 0));
        add(ValueWriter.putBoolean(scratch, 0, false));
        add(ValueWriter.putBoolean(scratch, 0, true));
        for (final long value : new long[] {Long.MIN_VALUE, -256, -1, 0, 1, 255, 256, Long.MAX_VALUE}) {
            add(ValueWriter.putInteger(scratch, 0, value));
        }
        final BigInteger huge = BigInteger.TEN.pow(30);
        add(ValueWriter.putNumber(scratch, 0, huge.add(BigInteger.ONE).negate()));
        add(ValueWriter.putNumber(scratch, 0, huge.negate()));
        add(ValueWriter.putNumber(scratch, 0, new BigInteger("-9223372036854775809")));
        add(ValueWriter.putNumber(scratch, 0, new BigInteger("9223372036854775808")));
        add(ValueWriter.putNumber(scratch, 0, new BigInteger("9223372036854775809")));
        add(ValueWriter.putNumber(scratch, 0, huge));
        // By unsigned bits, so every negative real is above every positive one and above NaN.
        for (final double value :
                new double[] {0.0, 1.0, 1e300, Double.POSITIVE_INFINITY, Double.NaN, -0.0, -1.0, -2.0}) {
            add(ValueWriter.putReal(scratch, 0, value));
        }
        for (final String text : List.of("", "a", "aa", "ab", "b", "bbbbbbbbb", "bbbbbbbbc", "\u00e9")) {
            add(ValueWriter.putText(scratch, 0, text));
        }
        add(ValueWriter.putBlob(scratch, 0, new byte[] {}));
        add(ValueWriter.putBlob(scratch, 0, new byte[] {127}));
        add(ValueWriter.putBlob(scratch, 0, new byte[] {-128}));
        add(ValueWriter.putJson(scratch, 0, "1"));
        for (int i = 0; i < ascending.size(); i++) {
            for (int j = 0; j < ascending.size(); j++) {
                assertEquals(Integer.signum(Integer.compare(i, j)), compare(i, j), "i=" + i + ", j=" + j);
            }
        }
    }

    private int compare(final int i, final int j) {
        final byte[] a = ascending.get(i);
        final byte[] b = ascending.get(j);
        return Integer.signum(ValueOrder.compare(new UnsafeBuffer(a), 0, a.length, new UnsafeBuffer(b), 0, b.length));
    }

    private void add(final int length) {
        final byte[] bytes = new byte[length];
        scratch.getBytes(0, bytes);
        ascending.add(bytes);
    }
}
