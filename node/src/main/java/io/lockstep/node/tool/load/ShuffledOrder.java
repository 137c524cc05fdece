package io.lockstep.node.tool.load;

import io.lockstep.node.json.LineReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** All lines in an order that a seed decides; every line is in memory. */
public final class ShuffledOrder implements SetSource {
    private final List<byte[]> lines = new ArrayList<>();
    private final List<String> places = new ArrayList<>();
    private int next;

    /**
     * Reads everything and shuffles it (Fisher-Yates).
     *
     * @param reader at the first line; closed before this returns
     * @param seed any; the same seed gives the same order
     * @throws IOException from below
     */
    public ShuffledOrder(final LineReader reader, final long seed) throws IOException {
        try (reader) {
            for (byte[] line = reader.next(); line != null; line = reader.next()) {
                lines.add(line);
                places.add(reader.where());
            }
        }
        final SplittableRandom random = new SplittableRandom(seed);
        for (int i = lines.size() - 1; i > 0; i--) {
            final int other = random.nextInt(i + 1);
            swap(lines, i, other);
            swap(places, i, other);
        }
    }

    @Override
    public byte[] next() {
        return next == lines.size() ? null : lines.get(next++);
    }

    @Override
    public String where() {
        return places.get(next - 1);
    }

    @Override
    public long total() {
        return lines.size();
    }

    @Override
    public void close() {}

    private static <T> void swap(final List<T> list, final int first, final int second) {
        final T kept = list.get(first);
        list.set(first, list.get(second));
        list.set(second, kept);
    }
}
