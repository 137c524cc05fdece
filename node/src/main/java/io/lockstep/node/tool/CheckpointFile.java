package io.lockstep.node.tool;

import io.lockstep.client.model.Checkpoint;
import io.lockstep.node.cli.CliException;
import io.lockstep.node.cli.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HexFormat;

/** How far reading a snapshot came, in a file of the user's. One thread. */
final class CheckpointFile {
    private final Path path;

    /** Null keeps nothing. */
    CheckpointFile(final Path path) {
        this.path = path;
    }

    /** The beginning if there is no file. */
    Checkpoint read() throws IOException {
        if (path == null) {
            return Checkpoint.START;
        }
        try {
            return Checkpoint.of(HexFormat.of()
                    .parseHex(Files.readString(path, StandardCharsets.US_ASCII).strip()));
        } catch (final NoSuchFileException e) {
            return Checkpoint.START;
        } catch (final IllegalArgumentException e) {
            throw new CliException(
                    ExitCode.USAGE, "--checkpoint: " + path + " holds no checkpoint: " + e.getMessage(), e);
        }
    }

    void write(final Checkpoint checkpoint) throws IOException {
        if (path != null) {
            final Path part = Path.of(path + ".part");
            Files.writeString(part, checkpoint.toString() + '\n', StandardCharsets.US_ASCII);
            Files.move(part, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    void delete() throws IOException {
        if (path != null) {
            Files.deleteIfExists(path);
        }
    }
}
