package io.lockstep.node.server;

import static io.lockstep.node.server.CrumbDescriptor.COUNTER_OFFSET;
import static io.lockstep.node.server.CrumbDescriptor.CURRENT;
import static io.lockstep.node.server.CrumbDescriptor.DATABASE_OFFSET;
import static io.lockstep.node.server.CrumbDescriptor.ENTRIES;
import static io.lockstep.node.server.CrumbDescriptor.FILE_LENGTH;
import static io.lockstep.node.server.CrumbDescriptor.FIRST_REFUSED;
import static io.lockstep.node.server.CrumbDescriptor.MAGIC;
import static io.lockstep.node.server.CrumbDescriptor.MAGIC_OFFSET;
import static io.lockstep.node.server.CrumbDescriptor.SITE_HIGH_OFFSET;
import static io.lockstep.node.server.CrumbDescriptor.SITE_LOW_OFFSET;
import static io.lockstep.node.server.CrumbDescriptor.STATE_IN_HAND;
import static io.lockstep.node.server.CrumbDescriptor.STATE_NONE;
import static io.lockstep.node.server.CrumbDescriptor.STATE_OFFSET;
import static io.lockstep.node.server.CrumbDescriptor.STATE_RAISED;
import static io.lockstep.node.server.CrumbDescriptor.STATE_REFUSED;
import static io.lockstep.node.server.CrumbDescriptor.SUSPECT;
import static io.lockstep.node.server.CrumbDescriptor.WALL_OFFSET;
import static io.lockstep.node.server.CrumbDescriptor.offset;

import io.lockstep.engine.port.CrumbPort;
import io.lockstep.engine.port.JournalFailedException;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.agrona.BufferUtil;
import org.agrona.CloseHelper;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The crumb in a mapped file, so that it outlives the process.
 *
 * <p>A set over which arbitration threw is refused from the next start on. A set that was merely in hand when the process
 * died is a suspect only, because a kill or a loss of power under load always meets some innocent set; it is refused when
 * it was in hand at two deaths running, which is what a set that crashes the virtual machine does.
 *
 * <p>Opened and closed by the starting thread, otherwise used by the arbitrate stage's thread alone.
 */
public final class MappedCrumb implements CrumbPort, AutoCloseable {
    /** Name of the file in the data folder. */
    public static final String FILE_NAME = "crumb";

    private final FileChannel channel;
    private final FileLock lock;
    private final MappedByteBuffer mapped;
    private final UnsafeBuffer buffer;
    private int refusedCount;
    private boolean suspected;
    private String startNote = "";

    private MappedCrumb(final FileChannel channel, final FileLock lock) throws IOException {
        this.channel = channel;
        this.lock = lock;
        mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, FILE_LENGTH);
        buffer = new UnsafeBuffer(mapped);
    }

    /**
     * Opens the file, and judges what the last process left in it.
     *
     * @param dataFolder exists
     * @return the crumb
     * @throws JournalFailedException LOCKED if another process has it, DAMAGE if it is no whole crumb file, FORMAT if it
     *     is one of another version, IO otherwise
     */
    public static MappedCrumb open(final Path dataFolder) {
        final MappedCrumb crumb = openUnjudged(dataFolder);
        crumb.judge();
        return crumb;
    }

    /**
     * Forgets every refusal. The node on the folder must have stopped.
     *
     * @param dataFolder exists
     * @return what was refused until now, for people
     * @throws JournalFailedException as {@link #open}
     */
    public static List<String> clearAll(final Path dataFolder) {
        try (MappedCrumb crumb = openUnjudged(dataFolder)) {
            final List<String> cleared = new ArrayList<>();
            for (int entry = CURRENT; entry < ENTRIES; entry++) {
                final int state = crumb.buffer.getInt(offset(entry) + STATE_OFFSET);
                if (state == STATE_RAISED || state == STATE_REFUSED) {
                    cleared.add(crumb.describe(entry));
                }
                crumb.buffer.putInt(offset(entry) + STATE_OFFSET, STATE_NONE);
            }
            crumb.mapped.force();
            return cleared;
        }
    }

    private static MappedCrumb openUnjudged(final Path dataFolder) {
        final Path file = dataFolder.resolve(FILE_NAME);
        FileChannel channel = null;
        try {
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            final FileLock lock = tryLock(channel);
            if (lock == null) {
                throw new JournalFailedException(
                        JournalFailedException.Kind.LOCKED, "a node runs on the data folder " + dataFolder, null);
            }
            final boolean fresh = CrumbCheck.isFresh(channel, file);
            final MappedCrumb crumb = new MappedCrumb(channel, lock);
            if (fresh) {
                crumb.buffer.putLong(MAGIC_OFFSET, MAGIC, ByteOrder.LITTLE_ENDIAN);
            }
            return crumb;
        } catch (final IOException e) {
            CloseHelper.quietClose(channel);
            throw new JournalFailedException(
                    JournalFailedException.Kind.IO, "cannot open " + file + ": " + e.getMessage(), e);
        } catch (final JournalFailedException e) {
            CloseHelper.quietClose(channel);
            throw e;
        }
    }

    private static FileLock tryLock(final FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (final OverlappingFileLockException e) {
            return null;
        }
    }

    private void judge() {
        final int state = buffer.getInt(offset(CURRENT) + STATE_OFFSET);
        final boolean again = state == STATE_IN_HAND
                && buffer.getInt(offset(SUSPECT) + STATE_OFFSET) == STATE_IN_HAND
                && sameSet(CURRENT, SUSPECT);
        if (state == STATE_RAISED || again) {
            startNote = "refuses from now on the change set over which the node died: " + describe(CURRENT);
            refuse();
        } else if (state == STATE_IN_HAND) {
            startNote = "the process died with this change set in hand, refused if that happens again: "
                    + describe(CURRENT);
            copy(CURRENT, SUSPECT, STATE_IN_HAND);
        }
        buffer.putInt(offset(CURRENT) + STATE_OFFSET, STATE_NONE);
        suspected = buffer.getInt(offset(SUSPECT) + STATE_OFFSET) == STATE_IN_HAND;
        for (int entry = FIRST_REFUSED; entry < ENTRIES; entry++) {
            refusedCount += buffer.getInt(offset(entry) + STATE_OFFSET) == STATE_REFUSED ? 1 : 0;
        }
        mapped.force();
    }

    private void refuse() {
        int entry = FIRST_REFUSED;
        // When all are taken the last is overwritten: that many distinct poisons mean that the build itself is broken.
        while (entry < ENTRIES - 1 && buffer.getInt(offset(entry) + STATE_OFFSET) == STATE_REFUSED) {
            entry++;
        }
        copy(CURRENT, entry, STATE_REFUSED);
        buffer.putInt(offset(SUSPECT) + STATE_OFFSET, STATE_NONE);
    }

    private void copy(final int from, final int to, final int state) {
        buffer.putBytes(
                offset(to) + DATABASE_OFFSET, buffer, offset(from) + DATABASE_OFFSET, MAGIC_OFFSET - DATABASE_OFFSET);
        buffer.putInt(offset(to) + STATE_OFFSET, state);
    }

    private boolean sameSet(final int left, final int right) {
        for (int i = DATABASE_OFFSET; i < MAGIC_OFFSET; i++) {
            if (buffer.getByte(offset(left) + i) != buffer.getByte(offset(right) + i)) {
                return false;
            }
        }
        return true;
    }

    private String describe(final int entry) {
        final int at = offset(entry);
        return String.format(
                "databaseId=%d, site=%016x%016x, wall=%d, counter=%d",
                buffer.getInt(at + DATABASE_OFFSET),
                buffer.getLong(at + SITE_HIGH_OFFSET),
                buffer.getLong(at + SITE_LOW_OFFSET),
                buffer.getLong(at + WALL_OFFSET),
                buffer.getLong(at + COUNTER_OFFSET));
    }

    /**
     * What the last process left.
     *
     * @return for the log; empty if nothing
     */
    public String startNote() {
        return startNote;
    }

    /**
     * How many change sets are refused.
     *
     * @return 0 or more
     */
    public int refusedCount() {
        return refusedCount;
    }

    @Override
    public boolean refuses(
            final int databaseId, final long siteHigh, final long siteLow, final long wall, final int counter) {
        return refusedCount != 0 && refusesSlowly(databaseId, siteHigh, siteLow, wall, counter);
    }

    private boolean refusesSlowly(
            final int databaseId, final long siteHigh, final long siteLow, final long wall, final int counter) {
        for (int entry = FIRST_REFUSED; entry < ENTRIES; entry++) {
            if (buffer.getInt(offset(entry) + STATE_OFFSET) == STATE_REFUSED
                    && holds(entry, databaseId, siteHigh, siteLow, wall, counter)) {
                return true;
            }
        }
        return false;
    }

    private boolean holds(
            final int entry,
            final int databaseId,
            final long siteHigh,
            final long siteLow,
            final long wall,
            final int counter) {
        final int at = offset(entry);
        return buffer.getLong(at + WALL_OFFSET) == wall
                && buffer.getLong(at + COUNTER_OFFSET) == counter
                && buffer.getInt(at + DATABASE_OFFSET) == databaseId
                && buffer.getLong(at + SITE_HIGH_OFFSET) == siteHigh
                && buffer.getLong(at + SITE_LOW_OFFSET) == siteLow;
    }

    @Override
    public void note(
            final int databaseId, final long siteHigh, final long siteLow, final long wall, final int counter) {
        buffer.putInt(DATABASE_OFFSET, databaseId);
        buffer.putLong(SITE_HIGH_OFFSET, siteHigh);
        buffer.putLong(SITE_LOW_OFFSET, siteLow);
        buffer.putLong(WALL_OFFSET, wall);
        buffer.putLong(COUNTER_OFFSET, counter);
        buffer.putIntOrdered(STATE_OFFSET, STATE_IN_HAND);
    }

    @Override
    public void clear() {
        buffer.putIntOrdered(STATE_OFFSET, STATE_NONE);
        if (suspected && sameSet(CURRENT, SUSPECT)) {
            buffer.putInt(offset(SUSPECT) + STATE_OFFSET, STATE_NONE);
            suspected = false;
        }
    }

    @Override
    public void raised() {
        buffer.putIntOrdered(STATE_OFFSET, STATE_RAISED);
        mapped.force();
    }

    @Override
    public void close() {
        try {
            lock.release();
            channel.close();
        } catch (final IOException e) {
            // The operating system gives both back at the end of the process.
            startNote = e.toString();
        }
        BufferUtil.free(mapped);
    }
}
