package io.lockstep.journal;

import io.lockstep.engine.port.JournalReader;
import java.io.IOException;
import java.nio.file.Path;

/** The index of a journal that nobody appends to, as a start makes it, with few sidecars mapped at a time. */
final class RecoveredIndex implements AutoCloseable {
    private final JournalIndex index;
    private final ScanResult result;

    RecoveredIndex(final Path dataFolder, final long fromPosition, final int sidecarsMapped) throws IOException {
        final ForceOperation force = channel -> channel.force(false);
        index = new JournalIndex(new FileTable(), new Sidecars(force, sidecarsMapped));
        result = new Recovery(new JournalFolder(dataFolder.resolve("journal")), force, index, fromPosition).run();
    }

    ScanResult result() {
        return result;
    }

    FileTable files() {
        return index.files();
    }

    JournalReader openReader() {
        return new ChronicleJournalReader(index, new JournalPositions(result.lastPosition(), result.lastPosition()));
    }

    @Override
    public void close() {
        index.sidecars().close();
    }
}
