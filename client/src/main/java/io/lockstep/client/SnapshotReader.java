package io.lockstep.client;

import io.lockstep.client.model.Cell;
import io.lockstep.client.model.CellParts;
import io.lockstep.client.model.Checkpoint;
import io.lockstep.client.model.SnapshotPage;
import io.lockstep.codec.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Reads all pages of a snapshot, through reconnects. While one page is handed on, the next is on its way.
 */
final class SnapshotReader {
    /** Asks for a page after a checkpoint. */
    interface Source extends Function<Checkpoint, CompletableFuture<SnapshotPage>> {}

    private static final int STARTS_MAX = 3;

    private final Source source;
    private final Function<CompletableFuture<SnapshotPage>, SnapshotPage> await;
    private final int attemptsMax;

    /** Waits for answers as told; a connection that is lost is tried so often without a page in between. */
    SnapshotReader(
            final Source source,
            final Function<CompletableFuture<SnapshotPage>, SnapshotPage> await,
            final int attemptsMax) {
        this.source = source;
        this.await = await;
        this.attemptsMax = attemptsMax;
    }

    /** Tells the last page; null where no snapshot holds the database. */
    SnapshotPage read(final Checkpoint from, final SnapshotListener listener) {
        Checkpoint at = from;
        for (int starts = 1; ; starts++) {
            try {
                return readFrom(at, listener);
            } catch (final ClientException e) {
                if (e.code() == ErrorCode.NO_SNAPSHOT.value()) {
                    return null;
                }
                if (e.code() != ErrorCode.CHECKPOINT_REFUSED.value() || starts == STARTS_MAX) {
                    throw e;
                }
                listener.onStartOver(e.text());
                at = Checkpoint.START;
            }
        }
    }

    private SnapshotPage readFrom(final Checkpoint from, final SnapshotListener listener) {
        CompletableFuture<SnapshotPage> asked = source.apply(from);
        final CellParts parts = new CellParts();
        Checkpoint at = from;
        Checkpoint settled = from;
        int attempts = 1;
        while (true) {
            SnapshotPage page = null;
            try {
                page = await.apply(asked);
            } catch (final ClientException e) {
                if (e.code() != ErrorCodes.CONNECTION_LOST || attempts == attemptsMax) {
                    throw e;
                }
                attempts++;
                asked = source.apply(at);
            }
            if (page != null) {
                attempts = 1;
                at = page.checkpoint();
                asked = page.last() ? null : source.apply(at);
                final SnapshotPage whole = whole(page, parts, settled);
                settled = whole.checkpoint();
                listener.onPage(whole);
                if (page.last()) {
                    return page;
                }
            }
        }
    }

    /** A page with the values that are whole with it; goes on, after a restart, where no value had begun. */
    private static SnapshotPage whole(final SnapshotPage page, final CellParts parts, final Checkpoint settled) {
        if (page.parts().isEmpty() && !parts.isOpen()) {
            return page;
        }
        final List<Cell> cells = new ArrayList<>(page.cells());
        cells.addAll(parts.addAll(page.parts()));
        return new SnapshotPage(
                page.sequence(),
                page.check(),
                page.last(),
                page.exactSequence(),
                page.digestHigh(),
                page.digestLow(),
                page.bytesRead(),
                page.bytesTotal(),
                cells,
                List.of(),
                page.migrations(),
                parts.isOpen() && !page.last() ? settled : page.checkpoint());
    }
}
