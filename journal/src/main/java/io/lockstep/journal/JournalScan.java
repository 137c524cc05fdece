package io.lockstep.journal;

import io.lockstep.engine.recovery.TailRule;
import io.lockstep.engine.recovery.TailVerdict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;

/**
 * Reads a whole journal once, changes nothing, and says what holds: which records count, where they end, and what rule
 * applies to what comes after. One thread; used once.
 *
 * <p>A record counts if it is sound and follows the one before it by position and hash. Where the next one does not
 * come, everything behind is still looked through: for a record that does follow (the rest of a file or of a generation
 * was never published, or is voided by the cut that a later generation starts with), and for the highest durable position
 * that any sound record names.
 */
final class JournalScan {
    private static final int PROBLEMS_MAX = 1000;
    private static final String LOST_MARK =
            "; without it nothing tells whether the last records are all there: put back"
                    + " the file that belongs to these journal files, or the whole data folder from a copy; if there"
                    + " is none, './lockstep restore-mark' goes on with the records that are found";

    private final JournalFolder folder;
    private final DurableMark.Reading mark;
    private final ScanListener listener;
    private final SidecarTrust trust;
    private final List<JournalProblem> problems = new ArrayList<>();
    private final List<Path> givenUp = new ArrayList<>();
    private int files;
    private int fileIndex;
    private long lastPosition;
    private long lastHash;
    private long voided;
    private long durablePosition;
    private Tail tail;
    private JournalFile current;

    JournalScan(final JournalFolder folder, final DurableMark.Reading mark, final ScanListener listener) {
        this(folder, mark, listener, SidecarTrust.NONE);
    }

    /**
     * A scan that may leave files out.
     *
     * @param folder of the journal
     * @param mark as it was read
     * @param listener hears of every record that is read
     * @param trust says which files need not be
     */
    JournalScan(
            final JournalFolder folder,
            final DurableMark.Reading mark,
            final ScanListener listener,
            final SidecarTrust trust) {
        this.trust = trust;
        this.folder = folder;
        this.mark = mark;
        this.listener = listener;
        durablePosition = mark.position();
    }

    /**
     * Scans.
     *
     * @return what was found; damage is in it, not thrown
     * @throws IOException if a file cannot be read
     */
    ScanResult run() throws IOException {
        final RetentionMark retained = RetentionMark.read(folder.retainedFile());
        if (retained != null) {
            lastPosition = retained.firstPosition() - 1;
            lastHash = retained.previousHash();
        }
        for (final JournalFolder.Entry entry : folder.files()) {
            try (MappedJournalFile file = MappedJournalFile.open(entry.path())) {
                if (files == 0 && isGivenUp(file)) {
                    givenUp.add(entry.path());
                    continue;
                }
                files++;
                if (tail != null || !trusted(entry.generation(), file)) {
                    scan(entry.generation(), file);
                }
            } catch (final InternalError error) {
                throw new IOException("file=" + entry.path() + " cannot be read: " + error.getMessage(), error);
            }
        }
        return judge();
    }

    /** Whether a file holds only what retention has given up: its deletion was begun and not ended. */
    private boolean isGivenUp(final MappedJournalFile file) {
        final FileWalker walker = new FileWalker(file, 0);
        return walker.next() == FileWalker.Stop.RECORD
                && RecordFields.position(file.buffer(), walker.offset()) <= lastPosition;
    }

    /** Takes a file for what its sidecar says, if that goes on where the file before ended. */
    private boolean trusted(final int generation, final MappedJournalFile file) {
        final MappedFileIndex sidecar = trust.sidecar(generation, file, lastPosition, lastHash);
        if (sidecar == null) {
            return false;
        }
        final JournalFile known = new JournalFile(
                fileIndex++, generation, file.path(), sidecar.firstPosition(), sidecar.documentOffset(0));
        known.finish(sidecar.lastPosition(), sidecar.endOffset());
        lastPosition = sidecar.lastPosition();
        lastHash = sidecar.lastHash();
        listener.onTrusted(known, sidecar, file);
        return true;
    }

    private void scan(final int generation, final MappedJournalFile file) {
        final FileWalker walker = new FileWalker(file, 0);
        current = null;
        boolean reading = true;
        while (reading) {
            switch (walker.next()) {
                case RECORD -> {
                    record(generation, file, walker);
                    walker.skip();
                }
                case END ->
                    reading = file.lastNonZero(Math.min(walker.documentOffset(), file.size())) >= 0
                            && unreadable(generation, file, walker);
                case BAD -> reading = unreadable(generation, file, walker);
                default -> reading = false;
            }
        }
        if (current != null) {
            current.finish(lastPosition, endOf(file, walker));
        }
    }

    private static int endOf(final MappedJournalFile file, final FileWalker walker) {
        return Math.min(file.size(), walker.documentOffset() + QueueDescriptor.WORD_BYTES);
    }

    private void record(final int generation, final MappedJournalFile file, final FileWalker walker) {
        final DirectBuffer buffer = file.buffer();
        final int offset = walker.offset();
        final long position = RecordFields.position(buffer, offset);
        durablePosition = Math.max(durablePosition, Math.min(position, RecordFields.durablePosition(buffer, offset)));
        final boolean follows = position == lastPosition + 1 && RecordFields.previousHash(buffer, offset) == lastHash;
        if (follows && (tail == null || tail.maySkip(generation, file.path()))) {
            accept(generation, file, walker, position);
            return;
        }
        if (tail == null) {
            tail = Tail.brokenChain(
                    file.path(),
                    generation,
                    walker.documentOffset(),
                    lastPosition + 1,
                    "a sound record that does not follow the one before it: position=" + position + ", previousHash="
                            + Long.toHexString(RecordFields.previousHash(buffer, offset)) + ", expectedHash="
                            + Long.toHexString(lastHash));
        }
        tail.behind(generation, position);
        voided++;
    }

    private void accept(
            final int generation, final MappedJournalFile file, final FileWalker walker, final long position) {
        if (tail != null) {
            problem(
                    tail.path(),
                    tail.offset(),
                    tail.position(),
                    false,
                    tail.what() + "; harmless, position=" + position + " goes on at file=" + file.path() + ", offset="
                            + walker.documentOffset());
            tail = null;
        }
        if (!walker.wordAgrees()) {
            problem(
                    file.path(),
                    walker.documentOffset(),
                    position,
                    false,
                    "the queue's word is wrong, the record behind it is sound: word=0x"
                            + Integer.toHexString(file.word(walker.documentOffset())) + ", length=" + walker.length());
        }
        if (current == null) {
            current = new JournalFile(fileIndex++, generation, file.path(), position, walker.documentOffset());
            listener.onFile(current, file.size());
        }
        lastPosition = position;
        lastHash = RecordFields.hash(file.buffer(), walker.offset());
        listener.onRecord(file, walker, position);
    }

    /** Goes on at the next sound record of the file; false if there is none. */
    private boolean unreadable(final int generation, final MappedJournalFile file, final FileWalker walker) {
        final int from = walker.documentOffset();
        final boolean found = walker.resynchronise();
        final int foundOffset = found ? walker.documentOffset() : -1;
        if (tail != null && tail.isUnpublished() && !tail.path().equals(file.path())) {
            problem(tail.path(), tail.offset(), tail.position(), false, tail.what() + "; harmless, never published");
            tail = null;
        }
        if (tail == null) {
            tail = Tail.unreadable(file, generation, new FileWalker(file, from), lastPosition + 1, foundOffset);
        }
        return found;
    }

    /** Files that retention has given up and that are still there. After the scan. */
    List<Path> givenUp() {
        return givenUp;
    }

    private ScanResult judge() {
        if (mark.trouble() != null && files > 0) {
            // The mark is on stable storage before the first file has a name, so no death of a process explains this.
            problem(folder.markFile(), 0, 0, mark.lost(), mark.lost() ? mark.trouble() + LOST_MARK : mark.trouble());
        }
        if (tail == null) {
            final boolean whole = lastPosition >= durablePosition;
            final String rule = whole
                    ? "whole: nothing follows the last record; lastPosition=" + lastPosition
                    : "damage: records that were on stable storage once are gone; lastPosition=" + lastPosition
                            + ", highestDurablePosition=" + durablePosition;
            if (!whole) {
                problem(folder.path(), 0, lastPosition + 1, true, rule);
            }
            return result(rule, false);
        }
        if (tail.position() > durablePosition && tail.isUnpublished()) {
            final String rule =
                    "unfinished: an append that was begun and never published, nothing to cut; lastPosition="
                            + lastPosition + ", highestDurablePosition=" + durablePosition;
            problem(tail.path(), tail.offset(), tail.position(), false, tail.what() + "; " + rule);
            return result(rule, false);
        }
        final TailVerdict verdict = TailRule.judge(tail.position(), durablePosition, tail.isMissingZeroSectors());
        problem(tail.path(), tail.offset(), tail.position(), !verdict.torn(), tail.what() + "; " + verdict.rule());
        return result(verdict.rule(), verdict.torn());
    }

    private ScanResult result(final String rule, final boolean torn) {
        return new ScanResult(
                files,
                lastPosition,
                lastHash,
                voided,
                durablePosition,
                List.copyOf(problems),
                rule,
                torn ? tail.position() : 0,
                torn ? tail.positionMax() : 0,
                tail == null);
    }

    private void problem(
            final Path path, final long offset, final long position, final boolean damage, final String text) {
        if (problems.size() < PROBLEMS_MAX || damage) {
            problems.add(new JournalProblem(path, offset, position, damage, text));
        }
    }
}
