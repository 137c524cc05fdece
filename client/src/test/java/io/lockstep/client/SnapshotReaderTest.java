package io.lockstep.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lockstep.client.model.Cell;
import io.lockstep.client.model.CellPart;
import io.lockstep.client.model.Checkpoint;
import io.lockstep.client.model.Hlc;
import io.lockstep.client.model.Key;
import io.lockstep.client.model.Site;
import io.lockstep.client.model.SnapshotPage;
import io.lockstep.client.model.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SnapshotReaderTest {
    private static final Hlc CLOCK = new Hlc(1_000, 0, new Site(1, 2), 3);
    private static final Value LARGE = Value.ofText("0123456789");

    private final List<SnapshotPage> pages = new ArrayList<>();
    private final List<SnapshotPage> seen = new ArrayList<>();

    private void page(final List<Cell> cells, final List<CellPart> parts, final boolean last) {
        final Checkpoint next = last ? Checkpoint.START : checkpoint(pages.size() + 1);
        pages.add(new SnapshotPage(5, 0, last, last ? 5 : -1, 0, 0, 0, 0, cells, parts, List.of(), next));
    }

    private static Checkpoint checkpoint(final int page) {
        return Checkpoint.of(new byte[] {(byte) page});
    }

    private static Cell cell(final String column, final Value value) {
        return new Cell("main", "t", Key.ofInteger(7), column, CLOCK, value);
    }

    private static CellPart part(final int from, final int to) {
        final byte[] bytes = LARGE.toBytes();
        return new CellPart(
                "main", "t", Key.ofInteger(7), "b", CLOCK, from, bytes.length, Arrays.copyOfRange(bytes, from, to));
    }

    private void read() {
        new SnapshotReader(
                        after -> CompletableFuture.completedFuture(pages.get(number(after))),
                        CompletableFuture::join,
                        1)
                .read(Checkpoint.START, seen::add);
    }

    private static int number(final Checkpoint checkpoint) {
        return checkpoint.equals(Checkpoint.START) ? 0 : checkpoint.toBytes()[0];
    }

    @Test
    void shouldHandOnALargeValueWhenItIsWhole() {
        page(List.of(cell("a", Value.ofInteger(1))), List.of(part(0, 3)), false);
        page(List.of(), List.of(part(3, 9)), false);
        page(List.of(cell("c", Value.ofInteger(2))), List.of(part(9, LARGE.encodedLength())), true);
        read();
        assertEquals(
                List.of(
                        List.of(cell("a", Value.ofInteger(1))),
                        List.of(),
                        List.of(cell("c", Value.ofInteger(2)), cell("b", LARGE))),
                seen.stream().map(SnapshotPage::cells).toList());
    }

    @Test
    void shouldGoOnLaterWhereNoValueHadBegun() {
        page(List.of(cell("a", Value.ofInteger(1))), List.of(), false);
        page(List.of(), List.of(part(0, 3)), false);
        page(List.of(), List.of(part(3, 9)), false);
        page(List.of(), List.of(part(9, LARGE.encodedLength())), false);
        page(List.of(), List.of(), true);
        read();
        assertEquals(
                List.of(checkpoint(1), checkpoint(1), checkpoint(1), checkpoint(4), Checkpoint.START),
                seen.stream().map(SnapshotPage::checkpoint).toList());
    }
}
