package io.lockstep.client.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PendingWindowTest {
    private static byte[] message(final Random random, final int length) {
        final byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void shouldKeepTheBytesOfWhatIsNotAnsweredInWhateverOrderAnswersCome(final long seed) {
        final Random random = new Random(seed);
        final PendingWindow window = new PendingWindow(64, 256 * 1024);
        final Map<Long, byte[]> model = new LinkedHashMap<>();
        for (int i = 0; i < 20_000; i++) {
            if (random.nextInt(2) == 0) {
                final byte[] bytes = message(random, 1 + random.nextInt(random.nextInt(20) == 0 ? 60_000 : 300));
                final long id = window.append(new UnsafeBuffer(bytes), 0, bytes.length);
                if (id >= 0) {
                    model.put(id, bytes);
                }
            } else if (!model.isEmpty()) {
                final List<Long> ids = new ArrayList<>(model.keySet());
                final long id = ids.get(random.nextInt(Math.min(ids.size(), 5)));
                window.release(id);
                model.remove(id);
            }
            assertEquals(model.size(), window.count());
        }
        for (final Map.Entry<Long, byte[]> entry : model.entrySet()) {
            final byte[] kept = new byte[window.length(entry.getKey())];
            window.buffer().getBytes(window.offset(entry.getKey()), kept);
            assertEquals(Arrays.toString(entry.getValue()), Arrays.toString(kept), "seed=" + seed);
        }
    }

    @Test
    void shouldTakeAsManyMessagesAsItSays() {
        final PendingWindow window = new PendingWindow(4, 4_096);
        final UnsafeBuffer bytes = new UnsafeBuffer(new byte[8]);
        for (int i = 0; i < 4; i++) {
            window.append(bytes, 0, 8);
        }
        assertEquals(PendingWindow.WINDOW_FULL, window.append(bytes, 0, 8));
    }

    @Test
    void shouldTakeAMessageOfItsWholeSizeWhenEmpty() {
        final PendingWindow window = new PendingWindow(4, 4_096);
        assertEquals(0, window.append(new UnsafeBuffer(new byte[4_096]), 0, 4_096));
    }

    @Test
    void shouldNotTakeMoreBytesThanItSays() {
        final PendingWindow window = new PendingWindow(4, 4_096);
        window.append(new UnsafeBuffer(new byte[4_000]), 0, 4_000);
        assertEquals(PendingWindow.BUFFER_FULL, window.append(new UnsafeBuffer(new byte[4_000]), 0, 200));
    }
}
