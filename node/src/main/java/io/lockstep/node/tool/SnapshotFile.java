package io.lockstep.node.tool;

import io.lockstep.client.model.Checkpoint;
import io.lockstep.node.cli.CliException;
import io.lockstep.node.cli.ExitCode;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;

/**
 * A snapshot on its way into a file of the user's, and beside it, until it is whole, how far it is: the length of what counts,
 * and where to go on. One thread.
 */
final class SnapshotFile implements Closeable {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final String SUFFIX = ".checkpoint";
    private static final String NOWHERE = "-";

    private final Path checkpointPath;
    private final FileChannel channel;
    private final OutputStream stream;
    private final Checkpoint start;
    private final long cellsBefore;
    private Checkpoint settled;

    private SnapshotFile(final Path path, final FileChannel channel, final Checkpoint start, final long cellsBefore) {
        this.checkpointPath = checkpointPath(path);
        this.channel = channel;
        this.start = start;
        this.cellsBefore = cellsBefore;
        stream = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES);
    }

    private static Path checkpointPath(final Path path) {
        return Path.of(path + SUFFIX);
    }

    /** A new file, or one that an earlier run did not end, cut to what counts of it. */
    static SnapshotFile open(final Path path) throws IOException {
        final String[] kept = kept(path);
        if (kept == null && Files.exists(path)) {
            throw new CliException(
                    ExitCode.USAGE, "--output: " + path + " is there, and no run of this command that was cut short");
        }
        final FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            final long length = kept == null ? 0 : Long.parseLong(kept[0]);
            if (channel.size() < length) {
                throw new CliException(
                        ExitCode.USAGE,
                        "--output: " + path + " is shorter than what an earlier run wrote: bytes=" + channel.size()
                                + ", written=" + length + "; delete it and " + checkpointPath(path));
            }
            final boolean begins = kept == null || NOWHERE.equals(kept[1]);
            final Checkpoint start =
                    begins ? Checkpoint.START : Checkpoint.of(HexFormat.of().parseHex(kept[1]));
            channel.truncate(length).position(length);
            final SnapshotFile file = new SnapshotFile(path, channel, start, linesOf(path));
            file.keep(start);
            return file;
        } catch (final IllegalArgumentException e) {
            channel.close();
            throw new CliException(
                    ExitCode.USAGE, "--output: " + checkpointPath(path) + " holds no checkpoint: " + e.getMessage(), e);
        } catch (final IOException | CliException e) {
            channel.close();
            throw e;
        }
    }

    private static long linesOf(final Path path) throws IOException {
        long lines = 0;
        final byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = Files.newInputStream(path)) {
            for (int length = in.read(buffer); length > 0; length = in.read(buffer)) {
                for (int i = 0; i < length; i++) {
                    lines += buffer[i] == '\n' ? 1 : 0;
                }
            }
        }
        return lines;
    }

    private static String[] kept(final Path path) throws IOException {
        try {
            final String[] words = Files.readString(checkpointPath(path), StandardCharsets.US_ASCII)
                    .strip()
                    .split(" ", 2);
            if (words.length != 2) {
                throw new CliException(ExitCode.USAGE, "--output: " + checkpointPath(path) + " holds no checkpoint");
            }
            return words;
        } catch (final NoSuchFileException e) {
            return null;
        }
    }

    /** Where to go on in the snapshot. */
    Checkpoint start() {
        return start;
    }

    /** Cells of earlier runs that count, one a line. */
    long cellsBefore() {
        return cellsBefore;
    }

    OutputStream stream() {
        return stream;
    }

    /**
     * What was written and flushed so far counts. Not if the checkpoint is that of the call before: a long value is on its
     * way, and what was written since will be read again.
     */
    void settle(final Checkpoint checkpoint) throws IOException {
        if (!checkpoint.equals(settled)) {
            keep(checkpoint);
        }
    }

    private void keep(final Checkpoint checkpoint) throws IOException {
        final Path part = Path.of(checkpointPath + ".part");
        final String word = checkpoint.equals(Checkpoint.START) ? NOWHERE : checkpoint.toString();
        Files.writeString(part, channel.position() + " " + word + '\n', StandardCharsets.US_ASCII);
        Files.move(part, checkpointPath, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        settled = checkpoint;
    }

    /** The snapshot is another one: nothing of what was written counts. */
    void startOver() throws IOException {
        channel.truncate(0).position(0);
        keep(Checkpoint.START);
    }

    /** It is whole. */
    void end() throws IOException {
        stream.flush();
        channel.force(true);
        Files.deleteIfExists(checkpointPath);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
