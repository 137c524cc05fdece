package io.lockstep.journal;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import net.openhft.chronicle.core.analytics.AnalyticsFacade;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The queue library reports usage over the network where its analytics library is at hand; here it is not. */
class NoAnalyticsTest {
    @TempDir
    private Path folder;

    @Test
    void shouldHaveNoAnalyticsOnTheClassPath() {
        assertThrows(ClassNotFoundException.class, () -> Class.forName("net.openhft.chronicle.analytics.Analytics"));
    }

    @Test
    void shouldHaveAnalyticsSwitchedOff() {
        JournalFixture.write(folder, 1, 0);
        assertFalse(AnalyticsFacade.isEnabled());
    }
}
