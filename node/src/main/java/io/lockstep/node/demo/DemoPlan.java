package io.lockstep.node.demo;

import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.model.Hlc;
import io.lockstep.client.model.Key;
import io.lockstep.client.model.Site;
import io.lockstep.client.model.Value;
import io.lockstep.node.demo.History.Commit;
import io.lockstep.node.demo.History.FileChange;
import io.lockstep.node.demo.History.FileVersion;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns a history into change sets: a commit is a set, a file is a row of main.files with the columns mode and blob.
 *
 * <p>Where the history alone is too short it is repeated under path prefixes. In every repetition other sites edit the
 * same rows at almost the same time: later than the commit where a later commit decides the file anyway, earlier where
 * this one does. So rivals win and lose on the way, and the end is the final tree under every prefix.
 */
final class DemoPlan {
    static final String SCHEMA = "main";
    static final String TABLE = "files";
    static final String MODE = "mode";
    static final String BLOB = "blob";

    /** Walls of two commits lie at least this far apart, so that rivals fit between them. */
    private static final long COMMIT_STEP_MS = 40;

    private static final int SITES_MIN = 8;
    private static final int SITES_MAX = 64;
    private static final int RIVALS_MAX = 6;

    /** Files of a set in a repetition; one commit in the history itself stays one set up to the limits. */
    private static final int FILES_PER_COPIED_SET = 16;

    private static final int FILES_PER_REAL_SET = 2_000;

    /** Files at the end in all prefixes together, which every replica and every proof holds in memory. */
    private static final int FINAL_FILES_WANTED = 60_000;

    private static final int COUNTER_MASK = 0xFFFF;

    private static final long SITE_HIGH = 0x4C4F_434B_5354_4550L;

    private final History history;
    private final int sites;
    private final long[] wallsMs;
    private final int[] counters;
    private final Map<String, Integer> lastTouch;
    private final List<PlannedSet> sets = new ArrayList<>();
    private final int realSets;
    private int copies;
    private int rivals;

    /**
     * One change set to be.
     *
     * @param commit index of the commit
     * @param copy 0 for the history itself, otherwise the number of the prefix
     * @param rival 0 for the commit's author, otherwise which of those who edit the same rows
     * @param from index of the first file of the commit
     * @param to index after the last one
     * @param site who sends it
     * @param counter of its clock: distinct for all sets of one commit
     */
    record PlannedSet(int commit, int copy, int rival, int from, int to, int site, int counter) {}

    /**
     * A plan.
     *
     * @param history what to send
     * @param setsMin at least so many sets
     * @param nowMs no clock is above this, milliseconds since 1970
     */
    DemoPlan(final History history, final int setsMin, final long nowMs) {
        this.history = history;
        sites = Math.max(SITES_MIN, Math.min(SITES_MAX, history.authors()));
        lastTouch = lastTouch(history.commits());
        counters = new int[history.commits().size()];
        wallsMs = walls(history.commits(), nowMs);
        addCopy(0, 0);
        realSets = sets.size();
        if (realSets < setsMin) {
            final int perCopy = Math.max(1, copiedSetsPerPass());
            final int copiesWanted = Math.max(
                    2, FINAL_FILES_WANTED / Math.max(1, history.finalTree().size()));
            rivals = Math.max(1, Math.min(RIVALS_MAX, (setsMin - realSets) / perCopy / copiesWanted));
            while (sets.size() < setsMin) {
                copies++;
                addCopy(copies, rivals);
            }
        }
    }

    private int copiedSetsPerPass() {
        return history.commits().stream()
                .mapToInt(commit -> (commit.changes().size() + FILES_PER_COPIED_SET - 1) / FILES_PER_COPIED_SET)
                .sum();
    }

    private void addCopy(final int copy, final int rivalsOfCopy) {
        final int filesPerSet = copy == 0 ? FILES_PER_REAL_SET : FILES_PER_COPIED_SET;
        for (int i = 0; i < history.commits().size(); i++) {
            final int files = history.commits().get(i).changes().size();
            for (int from = 0; from < files; from += filesPerSet) {
                final int to = Math.min(files, from + filesPerSet);
                final int author = siteOf(i);
                for (int rival = 0; rival <= rivalsOfCopy; rival++) {
                    sets.add(new PlannedSet(
                            i, copy, rival, from, to, (author + rival) % sites, counters[i]++ & COUNTER_MASK));
                }
            }
        }
    }

    /** A site an author, or turn by turn where there are too few authors. */
    private int siteOf(final int commit) {
        return history.authors() >= SITES_MIN ? history.commits().get(commit).author() % sites : commit % sites;
    }

    private static long[] walls(final List<Commit> commits, final long nowMs) {
        final long[] walls = new long[commits.size()];
        long previous = COMMIT_STEP_MS;
        for (int i = 0; i < walls.length; i++) {
            previous = Math.max(previous + COMMIT_STEP_MS, commits.get(i).timeMs());
            walls[i] = previous;
        }
        // A history from the future would be refused for its drift: then only its order counts.
        final long excessMs = previous + COMMIT_STEP_MS - nowMs;
        for (int i = 0; excessMs > 0 && i < walls.length; i++) {
            walls[i] = nowMs - (walls.length - i) * COMMIT_STEP_MS;
        }
        return walls;
    }

    /**
     * Makes the change set.
     *
     * @param planned one of {@link #sets()}
     * @return ready to be submitted
     */
    ChangeSet changeSet(final PlannedSet planned) {
        final List<FileChange> changes = history.commits().get(planned.commit()).changes();
        final ChangeSet.Builder builder = ChangeSet.builder(clock(planned));
        for (int i = planned.from(); i < planned.to(); i++) {
            final FileChange change = changes.get(i);
            final Key key = key(prefix(planned.copy()) + change.path());
            if (planned.rival() > 0) {
                builder.write(SCHEMA, TABLE, key, MODE, Value.ofText("100600"));
                builder.write(
                        SCHEMA, TABLE, key, BLOB, Value.ofText("rival-" + planned.rival() + "-" + planned.commit()));
            } else if (change.version() == null) {
                builder.delete(SCHEMA, TABLE, key);
            } else {
                builder.write(
                        SCHEMA, TABLE, key, MODE, Value.ofText(change.version().mode()));
                builder.write(
                        SCHEMA, TABLE, key, BLOB, Value.ofText(change.version().blob()));
            }
        }
        return builder.build();
    }

    /**
     * The clock of a set. One clock for all its rows: where they differ in who must win, the earlier one is right for all.
     *
     * @param planned one of {@link #sets()}
     * @return with opSeq 0
     */
    Hlc clock(final PlannedSet planned) {
        final boolean later = planned.rival() > 0 && allTouchedAgain(planned);
        final long wall = wallsMs[planned.commit()] + (later ? planned.rival() : -planned.rival());
        return new Hlc(wall, planned.counter(), site(planned.site()), 0);
    }

    private boolean allTouchedAgain(final PlannedSet planned) {
        final List<FileChange> changes = history.commits().get(planned.commit()).changes();
        for (int i = planned.from(); i < planned.to(); i++) {
            if (lastTouch.get(changes.get(i).path()) <= planned.commit()) {
                return false;
            }
        }
        return true;
    }

    private static Map<String, Integer> lastTouch(final List<Commit> commits) {
        final Map<String, Integer> lastTouch = new HashMap<>();
        for (int i = 0; i < commits.size(); i++) {
            for (final FileChange change : commits.get(i).changes()) {
                lastTouch.put(change.path(), i);
            }
        }
        return lastTouch;
    }

    /**
     * What every replica must hold in the end.
     *
     * @return mode and blob by path
     */
    Map<Key, FileVersion> expected() {
        final Map<Key, FileVersion> expected = new HashMap<>();
        for (int copy = 0; copy <= copies; copy++) {
            for (final Map.Entry<String, FileVersion> file : history.finalTree().entrySet()) {
                expected.put(key(prefix(copy) + file.getKey()), file.getValue());
            }
        }
        return expected;
    }

    /** The path as text, or as bytes where it is no valid UTF-8. */
    private static Key key(final String path) {
        final byte[] bytes = path.getBytes(StandardCharsets.ISO_8859_1);
        try {
            return Key.ofText(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (final CharacterCodingException e) {
            return Key.of(Value.ofBlob(bytes));
        }
    }

    private static String prefix(final int copy) {
        return copy == 0 ? "" : String.format("copy-%05d/", copy);
    }

    Site site(final int number) {
        return new Site(SITE_HIGH, number + 1L);
    }

    List<PlannedSet> sets() {
        return sets;
    }

    int sites() {
        return sites;
    }

    int realSets() {
        return realSets;
    }

    int copies() {
        return copies;
    }

    int rivals() {
        return rivals;
    }
}
