package io.lockstep.journal.snapshot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What lies where in the folder of snapshots. Any thread, but only one writes.
 *
 * <pre>
 *   snapshots/00000000000f4240.snapshot            begun at position 0xf4240; whole, or it would not have the name
 *   snapshots/00000000001e8480.snapshot.part       being written, or left by a process that died
 *   snapshots/00000000000a0000.snapshot.refused    could not be used at a start; for the post-mortem, may be deleted
 * </pre>
 */
public final class SnapshotFolder {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotFolder.class);
    private static final String SUFFIX = ".snapshot";
    private static final String PART = ".part";
    private static final String REFUSED = ".refused";
    private static final Pattern NAME = Pattern.compile("([0-7][0-9a-f]{15})\\.snapshot");

    private final Path path;

    /**
     * The folder of a data folder.
     *
     * @param dataFolder of the node
     */
    public SnapshotFolder(final Path dataFolder) {
        path = dataFolder.resolve("snapshots");
    }

    Path path() {
        return path;
    }

    /**
     * Makes the folder, for its owner alone, and deletes what a process that died left half-made.
     *
     * @throws IOException if the operating system refuses
     */
    public void prepare() throws IOException {
        if (!Files.isDirectory(path)) {
            Files.createDirectory(path);
            if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
            }
            force(path.toAbsolutePath().getParent());
        }
        for (final Path file : children()) {
            if (file.getFileName().toString().endsWith(SUFFIX + PART)) {
                Files.delete(file);
            }
        }
    }

    /**
     * The snapshots that are whole, by name.
     *
     * @return the newest first; empty if there is no folder
     * @throws IOException if the folder cannot be read
     */
    public List<SnapshotFile> newestFirst() throws IOException {
        final List<SnapshotFile> found = new ArrayList<>();
        if (Files.isDirectory(path)) {
            for (final Path file : children()) {
                final Matcher matcher = NAME.matcher(file.getFileName().toString());
                if (matcher.matches()) {
                    found.add(new SnapshotFile(file, Long.parseLong(matcher.group(1), 16)));
                }
            }
        }
        found.sort(Comparator.comparingLong(SnapshotFile::position).reversed());
        return found;
    }

    /**
     * Puts snapshots aside that could not be used, so that no other start tries them. Those of earlier starts go.
     *
     * @param files of this folder
     * @throws IOException if the operating system refuses
     */
    public void refuse(final List<SnapshotFile> files) throws IOException {
        for (final Path earlier : refused()) {
            Files.delete(earlier);
        }
        for (final SnapshotFile file : files) {
            final Path path = file.path();
            Files.move(path, path.resolveSibling(path.getFileName() + REFUSED), StandardCopyOption.REPLACE_EXISTING);
        }
        force(path);
    }

    /**
     * What was put aside.
     *
     * @return in no order; empty if there is no folder
     * @throws IOException if the folder cannot be read
     */
    public List<Path> refused() throws IOException {
        return endingWith(SUFFIX + REFUSED);
    }

    /**
     * What was being written when a process died.
     *
     * @return in no order; empty if there is no folder
     * @throws IOException if the folder cannot be read
     */
    public List<Path> unfinished() throws IOException {
        return endingWith(SUFFIX + PART);
    }

    private List<Path> endingWith(final String end) throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of();
        }
        return children().stream()
                .filter(file -> file.getFileName().toString().endsWith(end))
                .toList();
    }

    Path part(final long position) {
        return path.resolve(name(position) + PART);
    }

    Path published(final long position) {
        return path.resolve(name(position));
    }

    /** Gives a file that is whole and on stable storage its name. */
    Path publish(final Path part, final long position) throws IOException {
        final Path published = published(position);
        Files.move(part, published, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        force(path);
        return published;
    }

    /** Deletes all but the newest few; others do no harm but for the room that they take. */
    void keep(final int newest) {
        try {
            final List<SnapshotFile> all = newestFirst();
            for (final SnapshotFile file : all.subList(Math.min(newest, all.size()), all.size())) {
                Files.deleteIfExists(file.path());
            }
        } catch (final IOException ex) {
            LOG.warn("older snapshots cannot be deleted: folder={}, cause={}", path, ex.toString());
        }
    }

    private static String name(final long position) {
        return String.format(Locale.ROOT, "%016x", position) + SUFFIX;
    }

    private List<Path> children() throws IOException {
        try (Stream<Path> found = Files.list(path)) {
            return found.toList();
        } catch (final UncheckedIOException ex) {
            throw ex.getCause();
        }
    }

    private static void force(final Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
