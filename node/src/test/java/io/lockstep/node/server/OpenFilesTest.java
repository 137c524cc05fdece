package io.lockstep.node.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.node.cli.CliException;
import io.lockstep.node.cli.ExitCode;
import org.junit.jupiter.api.Test;
import org.slf4j.helpers.NOPLogger;

class OpenFilesTest {
    private static long connections(final long wanted, final long filesMax) {
        return OpenFiles.connections(wanted, filesMax, NOPLogger.NOP_LOGGER);
    }

    @Test
    void shouldTakeWhatWasConfiguredWhenItFits() {
        assertEquals(10_000, connections(10_000, 10_000 + OpenFiles.RESERVED));
    }

    @Test
    void shouldTakeFewerRatherThanTheJournalsDescriptors() {
        assertEquals(1_024 - OpenFiles.RESERVED, connections(10_000, 1_024));
    }

    @Test
    void shouldNotStartWhenHardlyAnyFits() {
        final CliException refused = assertThrows(CliException.class, () -> connections(10_000, OpenFiles.RESERVED));
        assertEquals(ExitCode.CONFIG, refused.exitCode());
        assertTrue(refused.getMessage().contains("openFilesMax=" + OpenFiles.RESERVED), refused.getMessage());
    }

    @Test
    void shouldKnowTheLimitOfThisProcess() {
        assertTrue(OpenFiles.max() > 0);
    }
}
