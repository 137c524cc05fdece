package io.lockstep.journal;

import io.lockstep.engine.port.JournalContract;
import io.lockstep.engine.port.JournalPort;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class ChronicleJournalTest extends JournalContract {
    private static final int RECORD_BYTES_MAX = 1 << 20;

    @TempDir
    private Path folder;

    @Override
    protected JournalPort open() {
        return ChronicleJournal.open(new JournalContext()
                .dataFolder(folder)
                .fileBytes(8L * RECORD_BYTES_MAX)
                .recordBytesMax(RECORD_BYTES_MAX)
                .inFlightBytesMax(RECORD_BYTES_MAX)
                .softFreeBytes(0)
                .hardFreeBytes(0)
                .reserveBytes(0)
                .conclude());
    }

    @Override
    protected JournalPort reopen(final JournalPort closed) {
        return open();
    }
}
