package io.lockstep.journal.snapshot;

import io.lockstep.engine.port.OpenSnapshot;
import io.lockstep.engine.port.SnapshotLibrary;
import io.lockstep.engine.snapshot.SnapshotException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.SystemNanoClock;

/**
 * The snapshots of a data folder, to be read from while others are written and deleted. Keeps as many open as are kept, so
 * that a deleted one gives its room on the disk back once nobody reads it.
 */
public final class SnapshotShelf implements SnapshotLibrary {
    private static final int OPEN_MAX = 2;

    private final SnapshotFolder folder;
    private final List<ShelvedSnapshot> open = new ArrayList<>();
    private final SnapshotPins pins = new SnapshotPins(SystemNanoClock.INSTANCE);

    /**
     * The shelf of a data folder.
     *
     * @param dataFolder of the node
     */
    public SnapshotShelf(final Path dataFolder) {
        folder = new SnapshotFolder(dataFolder);
    }

    @Override
    public OpenSnapshot newest() {
        try {
            final List<SnapshotFile> files = folder.newestFirst();
            return files.isEmpty() ? null : at(files.get(0).position());
        } catch (final IOException e) {
            throw new SnapshotException("the folder of snapshots cannot be read: cause=" + e, e);
        }
    }

    /**
     * The history that clients who read a snapshot will want when they have it: held for a minute after their last page,
     * and for an hour at most. Any thread.
     *
     * @return the first position of it; Long.MAX_VALUE if there is none
     */
    public long keptFrom() {
        return pins.keptFrom();
    }

    @Override
    public OpenSnapshot at(final long position) {
        final OpenSnapshot found = find(position);
        if (found != null) {
            pins.used(position);
        }
        return found;
    }

    private OpenSnapshot find(final long position) {
        for (int i = 0; i < open.size(); i++) {
            if (open.get(i).position() == position) {
                open.add(0, open.remove(i));
                return open.get(0);
            }
        }
        final Path path = folder.published(position);
        if (position < 0 || !Files.exists(path)) {
            return null;
        }
        try {
            final ShelvedSnapshot opened = ShelvedSnapshot.open(path, position);
            open.add(0, opened);
            trim(OPEN_MAX);
            return opened;
        } catch (final NoSuchFileException e) {
            return null;
        } catch (final IOException e) {
            throw new SnapshotException("the snapshot cannot be read: file=" + path + ", cause=" + e, e);
        }
    }

    @Override
    public void release() {
        trim(0);
    }

    private void trim(final int most) {
        while (open.size() > most) {
            open.remove(open.size() - 1).close();
        }
    }

    @Override
    public void close() {
        trim(0);
    }
}
