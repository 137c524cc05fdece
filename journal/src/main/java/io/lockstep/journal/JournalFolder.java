package io.lockstep.journal;

import io.lockstep.engine.port.JournalFailedException;
import io.lockstep.engine.port.JournalFailedException.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What lies where in a journal's folder.
 *
 * <pre>
 *   journal/lock                            held by the running node, names its process
 *   journal/durable                         the durable mark
 *   journal/retained                        where the journal begins, once old files were given up
 *   journal/retained-heads                  the newest record of each database of which that was given up
 *   journal/reserve                         room for a start on a full disk
 *   journal/g00000001/19700101-000000.cq4   generation 1, its first file; file n of a generation is named for second n
 *   journal/g00000001/19700101-000000.index its index, once it is full (SidecarDescriptor)
 *   journal/g00000001/19700101-000001.cq4
 *   journal/g00000002/...
 * </pre>
 *
 * Each start that writes begins a generation, a folder with a queue of its own: so the queue library never opens a file
 * that a crash or a disk has had its hands on.
 */
final class JournalFolder {
    static final String SUFFIX = ".cq4";

    private static final Pattern GENERATION = Pattern.compile("g[0-9]{8}");

    private final Path path;

    JournalFolder(final Path path) {
        this.path = path;
    }

    /** The journal of a stopped node, which must be there. */
    static JournalFolder existing(final Path dataFolder) {
        final JournalFolder folder = new JournalFolder(dataFolder.resolve("journal"));
        if (!Files.isDirectory(folder.path)) {
            throw new JournalFailedException(
                    Kind.IO, "no journal here: dataFolder=" + dataFolder + ", expected folder=" + folder.path, null);
        }
        return folder;
    }

    /**
     * A journal file.
     *
     * @param generation which start wrote it, 1 or more
     * @param path of the file
     */
    record Entry(int generation, Path path) {}

    Path path() {
        return path;
    }

    Path lockFile() {
        return path.resolve("lock");
    }

    Path markFile() {
        return path.resolve("durable");
    }

    Path retainedFile() {
        return path.resolve("retained");
    }

    Path retainedHeadsFile() {
        return path.resolve("retained-heads");
    }

    Path reserveFile() {
        return path.resolve("reserve");
    }

    Path generationFolder(final int generation) {
        return path.resolve(String.format(Locale.ROOT, "g%08d", generation));
    }

    /** Makes the folder, for its owner alone. */
    void create(final ForceOperation force) throws IOException {
        if (!Files.isDirectory(path)) {
            Files.createDirectories(path.toAbsolutePath().getParent());
            createPrivate(path);
            forceFolder(path.toAbsolutePath().getParent(), force);
        }
        restrict(path);
    }

    void createGeneration(final int generation, final ForceOperation force) throws IOException {
        if (!Files.isDirectory(generationFolder(generation))) {
            createPrivate(generationFolder(generation));
        }
        forceFolder(path, force);
    }

    /** All journal files in the order in which they were written. */
    List<Entry> files() throws IOException {
        final List<Entry> entries = new ArrayList<>();
        for (final int generation : generations()) {
            for (final Path file : list(generationFolder(generation))) {
                if (file.getFileName().toString().endsWith(SUFFIX)) {
                    entries.add(new Entry(generation, file));
                }
            }
        }
        return entries;
    }

    List<Integer> generations() throws IOException {
        final List<Integer> generations = new ArrayList<>();
        for (final Path folder : list(path)) {
            final String name = folder.getFileName().toString();
            if (GENERATION.matcher(name).matches() && Files.isDirectory(folder)) {
                generations.add(Integer.valueOf(name.substring(1)));
            }
        }
        return generations;
    }

    /** Deletes what an earlier process left beside its journal files: the queue's table, files allocated and not used. Sidecars stay. */
    void deleteLeftovers() throws IOException {
        for (final int generation : generations()) {
            for (final Path file : list(generationFolder(generation))) {
                if (!file.getFileName().toString().endsWith(SUFFIX) && !SidecarDescriptor.isSidecar(file)) {
                    Files.delete(file);
                }
            }
        }
    }

    /** Deletes a generation's files and its folder. */
    void deleteGeneration(final int generation) throws IOException {
        final Path folder = generationFolder(generation);
        for (final Path file : list(folder)) {
            Files.delete(file);
        }
        Files.delete(folder);
    }

    /** Deletes the folder of a generation whose files were all given up. */
    static void deleteIfEmpty(final Path folder) throws IOException {
        if (list(folder).isEmpty()) {
            Files.delete(folder);
        }
    }

    static void forceFolder(final Path folder, final ForceOperation force) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            force.force(channel);
        }
    }

    static JournalFailedException ioFailure(final String what, final Path where, final Throwable cause) {
        return new JournalFailedException(Kind.IO, what + ": path=" + where + ", cause=" + cause, cause);
    }

    private static List<Path> list(final Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.sorted().toList();
        } catch (final UncheckedIOException ex) {
            throw ex.getCause();
        }
    }

    private static void createPrivate(final Path folder) throws IOException {
        Files.createDirectory(folder);
        restrict(folder);
    }

    private static void restrict(final Path folder) throws IOException {
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
    }
}
