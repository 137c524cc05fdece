package io.lockstep.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lockstep.node.cli.ExitCode;
import io.lockstep.node.cli.NamedOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/** Output that cannot be written. */
class OutputTest {
    private final StringWriter err = new StringWriter();

    @Test
    void shouldNotCallASuccessWhatCouldNotBePrinted() {
        assertEquals(ExitCode.OUTPUT_FAILED.code(), conclude(ExitCode.OK, "No space left on device"));
        assertEquals(
                "lockstep: cannot write standard output: No space left on device",
                err.toString().strip());
    }

    @Test
    void shouldBeQuietWhenTheReaderHasGone() {
        assertEquals(ExitCode.OUTPUT_FAILED.code(), conclude(ExitCode.OK, "Broken pipe"));
        assertEquals("", err.toString());
    }

    @Test
    void shouldKeepTheCodeOfWhatWasFound() {
        assertEquals(ExitCode.JOURNAL_DAMAGE.code(), conclude(ExitCode.JOURNAL_DAMAGE, "Broken pipe"));
    }

    @Test
    void shouldEndWithTheCodeOfTheCommandWhenAllWasWritten() {
        final NamedOutput output = new NamedOutput(OutputStream.nullOutputStream(), "standard output");
        new PrintStream(output, true).println("x");
        assertEquals(0, LockstepCommand.concluded(0, output.failure(), new PrintWriter(err, true)));
    }

    private int conclude(final ExitCode code, final String reason) {
        final NamedOutput output = new NamedOutput(new Failing(reason), "standard output");
        new PrintStream(output, true).println("x");
        return LockstepCommand.concluded(code.code(), output.failure(), new PrintWriter(err, true));
    }

    /** Takes nothing. */
    private static final class Failing extends OutputStream {
        private final String reason;

        Failing(final String reason) {
            this.reason = reason;
        }

        @Override
        public void write(final int value) throws IOException {
            throw new IOException(reason);
        }
    }
}
