package io.lockstep.node.tool;

import io.lockstep.node.cli.CliException;
import io.lockstep.node.cli.ExitCode;
import io.lockstep.node.cli.HostPort;
import java.util.function.Supplier;

/** Checks what was given on the command line, and names the option when it is wrong. Stateless. */
final class Arguments {
    private Arguments() {}

    /**
     * Makes something of an option.
     *
     * @param option its name
     * @param make throws IllegalArgumentException saying what is wrong
     * @param <T> what it makes
     * @return what was made
     * @throws CliException with {@link ExitCode#USAGE}
     */
    static <T> T of(final String option, final Supplier<T> make) {
        try {
            return make.get();
        } catch (final IllegalArgumentException e) {
            throw new CliException(ExitCode.USAGE, option + ": " + e.getMessage(), e);
        }
    }

    /**
     * The address of a node.
     *
     * @param option its name
     * @param text HOST:PORT
     * @return the address
     * @throws CliException with {@link ExitCode#USAGE}
     */
    static HostPort address(final String option, final String text) {
        final HostPort address = of(option, () -> HostPort.parse(text));
        require(address.port() > 0, option + "=" + text + ": the port is not a number from 1 to 65535");
        return address;
    }

    /**
     * Looks up a name.
     *
     * @param option its name
     * @param text what was given
     * @param found what it names, or null
     * @param known the names there are
     * @param <T> what is named
     * @return found
     * @throws CliException with {@link ExitCode#USAGE}
     */
    static <T> T known(final String option, final String text, final T found, final String known) {
        require(found != null, option + "=" + text + " is not one of " + known);
        return found;
    }

    /**
     * A number in its range.
     *
     * @param option its name
     * @param value what was given
     * @param min lowest allowed
     * @param max highest allowed
     * @throws CliException with {@link ExitCode#USAGE}
     */
    static void range(final String option, final long value, final long min, final long max) {
        require(value >= min && value <= max, option + "=" + value + " is outside " + min + " to " + max);
    }

    /**
     * Something that must hold.
     *
     * @param holds whether it does
     * @param otherwise says what is wrong
     * @throws CliException with {@link ExitCode#USAGE}
     */
    static void require(final boolean holds, final String otherwise) {
        if (!holds) {
            throw new CliException(ExitCode.USAGE, otherwise);
        }
    }
}
