package io.lockstep.node.server;

import io.lockstep.node.cli.CliException;
import io.lockstep.node.cli.ExitCode;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** The data folder of a stopped node, as a command is given it. Stateless. */
public final class StoppedFolder {
    private static final String RIGHT = "; give the one that serve was started with";

    private StoppedFolder() {}

    /**
     * Checks that there is a journal that this user can read.
     *
     * @param data as given with --data
     * @throws CliException with {@link ExitCode#USAGE}, saying what is wrong
     */
    public static void check(final Path data) {
        final Path journal = data.resolve("journal");
        try {
            if (!isFolder(data)) {
                throw wrong(data, " is no folder" + RIGHT, null);
            }
            if (!isFolder(journal)) {
                throw wrong(data, " holds no journal" + RIGHT, null);
            }
            if (!Files.isReadable(journal) || !Files.isExecutable(journal)) {
                throw new AccessDeniedException(journal.toString());
            }
        } catch (final IOException e) {
            throw unreadable(data, e);
        }
    }

    private static boolean isFolder(final Path path) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).isDirectory();
        } catch (final NoSuchFileException e) {
            return false;
        }
    }

    static CliException unreadable(final Path data, final IOException cause) {
        if (!(cause instanceof AccessDeniedException denied)) {
            return wrong(data, " cannot be read: " + cause, cause);
        }
        return wrong(
                data,
                ": permission denied: the user " + System.getProperty("user.name") + " may not read " + denied.getFile()
                        + owner(data) + "; run this as the user that serve ran as",
                cause);
    }

    private static String owner(final Path data) {
        try {
            return ", and " + data + " belongs to " + Files.getOwner(data).getName();
        } catch (final IOException e) {
            return "";
        }
    }

    private static CliException wrong(final Path data, final String what, final Throwable cause) {
        return new CliException(ExitCode.USAGE, "--data=" + data + what, cause);
    }
}
