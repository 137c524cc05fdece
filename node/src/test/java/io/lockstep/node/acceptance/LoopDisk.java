package io.lockstep.node.acceptance;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** An ext4 file system in a file, mounted through a loop device: a disk that can be small, and can be copied as it is. */
final class LoopDisk implements AutoCloseable {
    private final Path image;
    private final Path mount;
    private final Path log;

    private LoopDisk(final Path image, final Path mount) {
        this.image = image;
        this.mount = mount;
        this.log = image.resolveSibling(image.getFileName() + ".log");
    }

    /** Makes and mounts a new one, or skips the test where that is not allowed. */
    static LoopDisk make(final Path folder, final String name, final long bytes) {
        Launcher.assumeRoot();
        Launcher.assumeTool("mkfs.ext4");
        final LoopDisk disk = new LoopDisk(folder.resolve(name + ".img"), folder.resolve(name));
        try (RandomAccessFile file = new RandomAccessFile(disk.image.toFile(), "rw")) {
            file.setLength(bytes);
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
        disk.must("mkfs.ext4", "-q", "-F", "-m", "0", disk.image.toString());
        Assumptions.assumeTrue(disk.mounted(), () -> "skipped: cannot mount a loop device: " + Launcher.text(disk.log));
        return disk;
    }

    /** What the device got so far, mounted as another disk: the machine lost power now. */
    LoopDisk copy(final Path folder, final String name) {
        final LoopDisk copied = new LoopDisk(folder.resolve(name + ".img"), folder.resolve(name));
        copied.must("cp", "--sparse=always", image.toString(), copied.image.toString());
        if (!copied.mounted()) {
            throw new AssertionError("cannot mount the copy: " + Launcher.text(copied.log));
        }
        return copied;
    }

    Path data() {
        return mount.resolve("data");
    }

    Path mount() {
        return mount;
    }

    private boolean mounted() {
        try {
            Files.createDirectories(mount);
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
        return Launcher.tool(log, "mount", "-o", "loop", image.toString(), mount.toString()) == 0;
    }

    private void must(final String... command) {
        if (Launcher.tool(log, command) != 0) {
            throw new AssertionError(String.join(" ", command) + ": " + Launcher.text(log));
        }
    }

    @Override
    public void close() {
        must("umount", mount.toString());
        try {
            Files.deleteIfExists(image);
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }
}
