package io.lockstep.engine.stage;

import io.lockstep.engine.port.CrumbPort;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.agrona.concurrent.AtomicBuffer;

/**
 * The crumb in memory that outlives the process; whoever assembles the node maps a file of {@value #LENGTH} bytes for it.
 *
 * <pre>
 *   entry 0: what arbitration has in hand        entries 1 to 63: sets over which a node died
 *   0       4            8          16        24     32        36        40        64
 *  +-------+------------+----------+---------+------+---------+---------+---------+
 *  | state | databaseId | siteHigh | siteLow | wall | counter | strikes | 0       |
 *  +-------+------------+----------+---------+------+---------+---------+---------+
 *   state: 0 nothing, 1 in hand or suspected, 2 raised an exception
 * </pre>
 *
 * <p>Constructing it is the start of a node: a crumb that is found then is a strike against its set, an exception counts
 * {@value #STRIKES_TO_REFUSE}, and from {@value #STRIKES_TO_REFUSE} strikes on the set is refused. A suspect that
 * arbitration gets through is acquitted. One thread; nothing is allocated after construction.
 */
public final class CrumbBuffer implements CrumbPort {
    /** Bytes of the mapped file. */
    public static final int LENGTH = 4_096;

    /** Strikes from which on a set is refused. One kill in the middle of arbitration is no proof; two are. */
    public static final int STRIKES_TO_REFUSE = 2;

    private static final int ENTRY_LENGTH = 64;
    private static final int ENTRIES = LENGTH / ENTRY_LENGTH;
    private static final int STATE = 0;
    private static final int DATABASE_ID = 4;
    private static final int SITE_HIGH = 8;
    private static final int SITE_LOW = 16;
    private static final int WALL = 24;
    private static final int COUNTER = 32;
    private static final int STRIKES = 36;
    private static final int NOTHING = 0;
    private static final int IN_HAND = 1;
    private static final int RAISED = 2;

    private final AtomicBuffer buffer;
    private int suspects;

    /**
     * Starts on what the process before left behind.
     *
     * @param buffer at least {@value #LENGTH} bytes, zero when new
     * @throws IllegalStateException when no more sets can be remembered as refused: an operator must look
     */
    public CrumbBuffer(final AtomicBuffer buffer) {
        buffer.boundsCheck(0, LENGTH);
        this.buffer = buffer;
        if (buffer.getInt(STATE) != NOTHING) {
            strike(buffer.getInt(STATE) == RAISED ? STRIKES_TO_REFUSE : 1);
            buffer.putIntRelease(STATE, NOTHING);
        }
        for (int entry = 1; entry < ENTRIES; entry++) {
            suspects += buffer.getInt(entry * ENTRY_LENGTH + STATE) == NOTHING ? 0 : 1;
        }
    }

    private void strike(final int strikes) {
        final int known = find(
                buffer.getInt(DATABASE_ID),
                buffer.getLong(SITE_HIGH),
                buffer.getLong(SITE_LOW),
                buffer.getLong(WALL),
                buffer.getInt(COUNTER));
        final int entry = known == 0 ? place() : known;
        final int strikesBefore = known == 0 ? 0 : buffer.getInt(entry + STRIKES);
        buffer.putBytes(entry + DATABASE_ID, buffer, DATABASE_ID, STRIKES - DATABASE_ID);
        buffer.putInt(entry + STRIKES, strikesBefore + strikes);
        buffer.putIntRelease(entry + STATE, IN_HAND);
    }

    /** A free entry, or that of a set with one strike: it only has to kill twice more to be found out. */
    private int place() {
        int single = 0;
        for (int entry = ENTRY_LENGTH; entry < LENGTH; entry += ENTRY_LENGTH) {
            if (buffer.getInt(entry + STATE) == NOTHING) {
                return entry;
            }
            single = buffer.getInt(entry + STRIKES) < STRIKES_TO_REFUSE ? entry : single;
        }
        if (single == 0) {
            throw new IllegalStateException("too many refused change sets, an operator must clear them: refused="
                    + (ENTRIES - 1) + ", refusedMax=" + (ENTRIES - 1));
        }
        return single;
    }

    private int find(
            final int databaseId, final long siteHigh, final long siteLow, final long wall, final int counter) {
        for (int entry = ENTRY_LENGTH; entry < LENGTH; entry += ENTRY_LENGTH) {
            if (buffer.getInt(entry + STATE) != NOTHING
                    && buffer.getLong(entry + WALL) == wall
                    && buffer.getInt(entry + COUNTER) == counter
                    && buffer.getLong(entry + SITE_HIGH) == siteHigh
                    && buffer.getLong(entry + SITE_LOW) == siteLow
                    && buffer.getInt(entry + DATABASE_ID) == databaseId) {
                return entry;
            }
        }
        return 0;
    }

    @Override
    public boolean refuses(
            final int databaseId, final long siteHigh, final long siteLow, final long wall, final int counter) {
        if (suspects == 0) {
            return false;
        }
        final int entry = find(databaseId, siteHigh, siteLow, wall, counter);
        return entry != 0 && buffer.getInt(entry + STRIKES) >= STRIKES_TO_REFUSE;
    }

    @Override
    public void note(
            final int databaseId, final long siteHigh, final long siteLow, final long wall, final int counter) {
        buffer.putInt(DATABASE_ID, databaseId);
        buffer.putLong(SITE_HIGH, siteHigh);
        buffer.putLong(SITE_LOW, siteLow);
        buffer.putLong(WALL, wall);
        buffer.putInt(COUNTER, counter);
        buffer.putIntRelease(STATE, IN_HAND);
    }

    @Override
    public void clear() {
        if (suspects > 0) {
            acquit();
        }
        buffer.putIntRelease(STATE, NOTHING);
    }

    private void acquit() {
        final int entry = find(
                buffer.getInt(DATABASE_ID),
                buffer.getLong(SITE_HIGH),
                buffer.getLong(SITE_LOW),
                buffer.getLong(WALL),
                buffer.getInt(COUNTER));
        if (entry != 0) {
            buffer.putIntRelease(entry + STATE, NOTHING);
            suspects--;
        }
    }

    @Override
    public void raised() {
        buffer.putIntRelease(STATE, RAISED);
    }

    /**
     * The sets that are refused, for the log and the operator.
     *
     * @return a line each
     */
    public List<String> refused() {
        final List<String> lines = new ArrayList<>();
        for (int entry = ENTRY_LENGTH; entry < LENGTH; entry += ENTRY_LENGTH) {
            if (buffer.getInt(entry + STATE) != NOTHING && buffer.getInt(entry + STRIKES) >= STRIKES_TO_REFUSE) {
                lines.add("databaseId=" + buffer.getInt(entry + DATABASE_ID)
                        + ", site=" + new UUID(buffer.getLong(entry + SITE_HIGH), buffer.getLong(entry + SITE_LOW))
                        + ", wall=" + buffer.getLong(entry + WALL)
                        + ", counter=" + buffer.getInt(entry + COUNTER)
                        + ", strikes=" + buffer.getInt(entry + STRIKES));
            }
        }
        return lines;
    }
}
