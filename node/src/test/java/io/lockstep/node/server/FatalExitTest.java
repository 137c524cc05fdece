package io.lockstep.node.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.engine.port.JournalFailedException;
import io.lockstep.node.cli.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FatalExitTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<Integer> codes = new ArrayList<>();
    private final FatalExit exit = new FatalExit(new PrintStream(err, true, StandardCharsets.UTF_8), codes::add);

    private static JournalFailedException journal(final JournalFailedException.Kind kind) {
        return new JournalFailedException(kind, "force failed: EIO", new IOException("EIO"));
    }

    @Test
    void shouldNameTheKindOfAJournalFailure() {
        exit.onFatal("journal", journal(JournalFailedException.Kind.IO));
        assertEquals(List.of(ExitCode.JOURNAL_IO.code()), codes);
        assertTrue(err.toString(StandardCharsets.UTF_8).contains("JOURNAL_IO (exit code 10): force failed: EIO"));
    }

    @Test
    void shouldSayWhyOnlyOnce() {
        exit.onFatal("journal", journal(JournalFailedException.Kind.DAMAGE));
        exit.onFatal("commit", journal(JournalFailedException.Kind.IO));
        assertEquals(List.of(ExitCode.JOURNAL_DAMAGE.code()), codes);
        assertEquals(1, err.toString(StandardCharsets.UTF_8).lines().count());
    }

    @Test
    void shouldTellArbitrationFromOtherStages() {
        assertEquals(ExitCode.ARBITRATION_FAILED, FatalExit.exitCodeOf("arbitrate", new IllegalStateException()));
        assertEquals(ExitCode.STAGE_FAILED, FatalExit.exitCodeOf("egress", new IllegalStateException()));
    }

    @Test
    void shouldNotTakeALostMappedFileForABug() {
        exit.onFatal("arbitrate", new InternalError("a fault occurred in an unsafe memory access operation"));
        assertEquals(List.of(ExitCode.JOURNAL_IO.code()), codes);
        final String line = err.toString(StandardCharsets.UTF_8).strip();
        assertTrue(line.contains("a file that is mapped was cut short"), line);
        assertEquals(1, line.lines().count());
    }

    @Test
    void shouldTellAnAddressThatCannotBeBoundFromALaterFailure() {
        final Throwable cause = new UncheckedIOException(new IOException("cannot listen", new IOException("in use")));
        exit.onFatal("gateway", cause);
        assertEquals(List.of(ExitCode.BIND_FAILED.code()), codes);
        final FatalExit running = new FatalExit(new PrintStream(err, true, StandardCharsets.UTF_8), codes::add);
        running.started();
        running.onFatal("gateway", cause);
        assertEquals(List.of(ExitCode.BIND_FAILED.code(), ExitCode.STAGE_FAILED.code()), codes);
        assertEquals(ExitCode.BIND_FAILED, FatalExit.exitCodeOf("gateway", new BindException("taken")));
    }

    @Test
    void shouldSayWhichAddressIsInUseAndWhatToDo() {
        exit.listeningOn("127.0.0.1:7440");
        exit.onFatal(
                "gateway",
                new UncheckedIOException(
                        new IOException("cannot listen", new IOException("bind(..) failed: Address already in use"))));
        assertEquals(
                "lockstep: stopped: BIND_FAILED (exit code 17): cannot listen on 127.0.0.1:7440: address already in use;"
                        + " choose another --tcp or stop the other process",
                err.toString(StandardCharsets.UTF_8).strip());
    }

    @Test
    void shouldNotLetAMessageFakeALine() {
        exit.onFatal(
                "journal",
                new JournalFailedException(JournalFailedException.Kind.IO, "a\nlockstep ready\u001b[2J", null));
        assertEquals(
                "lockstep: stopped: JOURNAL_IO (exit code 10): a?lockstep ready?[2J",
                err.toString(StandardCharsets.UTF_8).strip());
    }
}
