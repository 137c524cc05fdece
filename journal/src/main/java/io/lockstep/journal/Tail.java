package io.lockstep.journal;

import static io.lockstep.journal.QueueDescriptor.LENGTH_MASK;
import static io.lockstep.journal.QueueDescriptor.META_DATA;
import static io.lockstep.journal.QueueDescriptor.NOT_COMPLETE;
import static io.lockstep.journal.QueueDescriptor.SECTOR_BYTES;
import static io.lockstep.journal.QueueDescriptor.WORD_BYTES;

import io.lockstep.engine.record.RecordDescriptor;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * The first place of a journal where the record that should come does not: what is there instead, and what was found
 * behind. Filled while the scan goes on; one thread.
 */
final class Tail {
    private final Path path;
    private final int generation;
    private final int offset;
    private final long position;
    private final String what;
    private boolean published;
    private boolean holdsRecord;
    private boolean zeroSectors;
    private boolean oneBit;
    private boolean soundBehind;
    private boolean soundInLaterGeneration;
    private boolean brokenChain;
    private long positionMax;

    private Tail(final Path path, final int generation, final int offset, final long position, final String what) {
        this.path = path;
        this.generation = generation;
        this.offset = offset;
        this.position = position;
        this.what = what;
        positionMax = position;
    }

    /** A sound record that does not follow the one before it. */
    static Tail brokenChain(
            final Path path, final int generation, final int offset, final long position, final String what) {
        final Tail tail = new Tail(path, generation, offset, position, what);
        tail.brokenChain = true;
        tail.published = true;
        tail.holdsRecord = true;
        return tail;
    }

    /**
     * Something that is not a sound record.
     *
     * @param walker stands at it
     * @param found offset of the next sound record in the file, or -1
     */
    static Tail unreadable(
            final MappedJournalFile file,
            final int generation,
            final FileWalker walker,
            final long position,
            final int found) {
        final int offset = walker.documentOffset();
        final int word = file.word(offset);
        final Tail tail = new Tail(
                file.path(), generation, offset, position, "no sound record: word=0x" + Integer.toHexString(word));
        final int lastNonZero = file.lastNonZero(offset);
        final int end = found >= 0 ? found : Math.max(lastNonZero + 1, claimedEnd(file, offset, word));
        tail.published = word != 0;
        tail.holdsRecord = walker.resemblesRecordBefore(Math.min(end, file.size()));
        tail.zeroSectors = hasZeroSector(file, offset, end) && !hasChangedBit(file, offset, word);
        tail.oneBit = found < 0 && isOneBit(file, offset, lastNonZero);
        if (!tail.holdsRecord && (word & (NOT_COMPLETE | META_DATA)) != 0) {
            tail.published = false; // the queue's own document, begun and not finished, or past use: no record of ours
        }
        return tail;
    }

    /** How far the record claims to reach: the smaller of the two lengths, since one flipped bit changes only one. */
    private static int claimedEnd(final MappedJournalFile file, final int offset, final int word) {
        final int byWord = word & LENGTH_MASK;
        final int byField = lengthField(file, offset);
        final int length = byField > 0 ? Math.min(byWord, byField) : byWord;
        return (int) Math.min(Integer.MAX_VALUE - SECTOR_BYTES, (long) offset + WORD_BYTES + length);
    }

    /** Zeros belong to many records; if one changed bit explains the failure, nothing is missing. */
    private static boolean hasChangedBit(final MappedJournalFile file, final int offset, final int word) {
        final int record = offset + WORD_BYTES;
        return BitRot.isOneBitAway(file.buffer(), record, word & LENGTH_MASK, file.size())
                || BitRot.isOneBitAway(file.buffer(), record, lengthField(file, offset), file.size());
    }

    private static int lengthField(final MappedJournalFile file, final int offset) {
        final int lengthOffset = offset + WORD_BYTES + RecordDescriptor.LENGTH_OFFSET;
        return lengthOffset <= file.size() - Integer.BYTES
                ? file.buffer().getInt(lengthOffset, ByteOrder.LITTLE_ENDIAN)
                : 0;
    }

    private static boolean hasZeroSector(final MappedJournalFile file, final int from, final int to) {
        for (int start = from; start < to; ) {
            final int end = Math.min(to, (start / SECTOR_BYTES + 1) * SECTOR_BYTES);
            if (file.isZero(start, end)) {
                return true;
            }
            start = end;
        }
        return false;
    }

    private static boolean isOneBit(final MappedJournalFile file, final int from, final int last) {
        return last >= 0 && Integer.bitCount(file.buffer().getByte(last) & 0xFF) == 1 && file.isZero(from, last);
    }

    /** Notes a sound record behind this place. */
    void behind(final int recordGeneration, final long recordPosition) {
        soundBehind = true;
        soundInLaterGeneration |= recordGeneration > generation;
        positionMax = Math.max(positionMax, recordPosition);
    }

    /** Whether a record that fits may follow at once: nothing that was a record lies in between. */
    boolean maySkip(final int recordGeneration, final Path recordPath) {
        return recordGeneration > generation || (!brokenChain && (!holdsRecord || !recordPath.equals(path)));
    }

    /** Nothing was lost here: no record was ever published at this place, and none lies behind. */
    boolean isUnpublished() {
        return !soundBehind && !brokenChain && (!published || oneBit);
    }

    /** What the tail rule asks for; a record whose word was never stored is missing at least that word's sector. */
    boolean isMissingZeroSectors() {
        return !brokenChain && !soundInLaterGeneration && (zeroSectors || !published);
    }

    Path path() {
        return path;
    }

    int offset() {
        return offset;
    }

    long position() {
        return position;
    }

    /** Highest position of any sound record behind, or the missing one. */
    long positionMax() {
        return positionMax;
    }

    String what() {
        return what;
    }
}
