package io.lockstep.node.server;

import io.lockstep.node.cli.CliException;
import io.lockstep.node.cli.ExitCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Set;
import org.slf4j.Logger;

/**
 * The key that signs where clients go on in a snapshot: 32 random bytes in {@code checkpoint.key}, for the owner alone. When
 * it is lost, clients that were in the middle start over, and nothing else.
 */
final class CheckpointKey {
    private static final String FILE = "checkpoint.key";
    private static final int BYTES = 32;

    private CheckpointKey() {}

    /** The key of a data folder; makes one if there is none. */
    static byte[] of(final Path folder, final Logger log) {
        final Path file = folder.resolve(FILE);
        try {
            if (Files.exists(file)) {
                final byte[] key = Files.readAllBytes(file);
                if (key.length == BYTES) {
                    return key;
                }
                log.warn("{} is no key, and is made anew: bytes={}, expected={}", file, key.length, BYTES);
            }
            return make(file);
        } catch (final IOException e) {
            throw new CliException(ExitCode.CONFIG, "the key of checkpoints cannot be read or made: " + e, e);
        }
    }

    private static byte[] make(final Path file) throws IOException {
        final byte[] key = new byte[BYTES];
        new SecureRandom().nextBytes(key);
        final Path part = file.resolveSibling(FILE + ".part");
        Files.deleteIfExists(part);
        final Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(part, options, ownerOnly())) {
            channel.write(ByteBuffer.wrap(key));
            channel.force(true);
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return key;
    }

    private static FileAttribute<?>[] ownerOnly() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }
}
