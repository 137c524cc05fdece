package io.lockstep.node.server;

import io.lockstep.node.cli.CliException;
import io.lockstep.node.cli.ExitCode;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import org.slf4j.Logger;

/** The folder that holds everything a node knows. */
final class DataFolder {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    private DataFolder() {}

    /**
     * Makes the folder with mode 0700 if it is not there.
     *
     * @param folder where
     * @param log gets a warning when others may look into an existing one
     * @return the folder, absolute
     * @throws CliException with CONFIG when it is no folder or cannot be written
     */
    static Path prepare(final Path folder, final Logger log) {
        final Path absolute = folder.toAbsolutePath().normalize();
        try {
            if (!Files.exists(absolute)) {
                create(absolute);
            }
            if (!Files.isDirectory(absolute)) {
                throw new CliException(ExitCode.CONFIG, "the data folder " + absolute + " is a file, not a folder");
            }
            if (!Files.isWritable(absolute)) {
                throw new CliException(ExitCode.CONFIG, "the data folder " + absolute + " cannot be written");
            }
            if (isPosix()) {
                final Set<PosixFilePermission> open = EnumSet.copyOf(Files.getPosixFilePermissions(absolute));
                open.removeAll(OWNER_ONLY);
                if (!open.isEmpty()) {
                    log.warn("others may enter the data folder {}: better is chmod 700", absolute);
                }
            }
            return absolute;
        } catch (final IOException e) {
            throw new CliException(ExitCode.CONFIG, "cannot make the data folder " + absolute + ": " + e, e);
        }
    }

    private static void create(final Path folder) throws IOException {
        if (isPosix()) {
            Files.createDirectories(folder.getParent());
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        } else {
            Files.createDirectories(folder);
        }
    }

    private static boolean isPosix() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    }
}
