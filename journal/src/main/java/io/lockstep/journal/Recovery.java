package io.lockstep.journal;

import io.lockstep.codec.GenesisCommandDecoder;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.RecordKind;
import io.lockstep.engine.port.JournalFailedException;
import io.lockstep.engine.port.JournalFailedException.Kind;
import io.lockstep.engine.record.Incarnation;
import io.lockstep.engine.record.RecordView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.agrona.DirectBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens to an existing journal before a node may append to it: scan, index, refuse damage, bring to stable storage
 * what a killed process left in the page cache. Opening thread; used once.
 */
final class Recovery implements ScanListener {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
    private static final int COPY_BYTES = 1 << 20;
    private static final int PAGE_BYTES = 4096;

    private final JournalFolder folder;
    private final ForceOperation force;
    private final FileTable files;
    private final JournalIndex index;
    private final long fromPosition;
    private final RecordView view = new RecordView();
    private long markPosition;
    private JournalFile current;
    private JournalFile unsyncedFile;
    private int unsyncedOffset;
    private Incarnation incarnation;
    private Incarnation retainedIncarnation;
    private List<Path> givenUp = List.of();
    private long epoch;
    private int rulesVersion;
    private long stampedTimeMs;
    private ScanResult result;

    /**
     * A recovery.
     *
     * @param folder of the journal
     * @param force brings what a killed process left to stable storage
     * @param index empty; gets every file and record
     * @param fromPosition first position whose records are needed: finished files below it are known by their sidecars,
     *     where those can be trusted; 0 to read everything
     */
    Recovery(
            final JournalFolder folder, final ForceOperation force, final JournalIndex index, final long fromPosition) {
        this.folder = folder;
        this.force = force;
        this.index = index;
        this.fromPosition = fromPosition;
        files = index.files();
    }

    /**
     * Scans, judges, and makes durable what is there.
     *
     * @return what the scan found, without damage
     * @throws JournalFailedException DAMAGE, naming file, offset and position
     */
    ScanResult run() throws IOException {
        final DurableMark.Reading mark = DurableMark.read(folder.markFile());
        markPosition = mark.position();
        final RetentionMark retained = RetentionMark.read(folder.retainedFile());
        if (retained != null) {
            incarnation = retained.incarnation();
            retainedIncarnation = incarnation;
        }
        final JournalScan scan = new JournalScan(folder, mark, this, new SidecarTrust(fromPosition, markPosition));
        result = scan.run();
        givenUp = scan.givenUp();
        for (final JournalProblem problem : result.problems()) {
            LOG.warn(
                    "journal: file={}, offset={}, position={}: {}",
                    problem.file(),
                    problem.offset(),
                    problem.position(),
                    problem.text());
        }
        final JournalProblem damage = result.damage();
        if (damage != null) {
            throw new JournalFailedException(
                    Kind.DAMAGE,
                    "the journal is damaged, nothing was changed: file=" + damage.file() + ", offset=" + damage.offset()
                            + ", position=" + damage.position() + ", " + damage.text(),
                    null);
        }
        LOG.info("journal: rule applied: {}", result.rule());
        seal(current);
        makeDurable();
        tidy();
        index.retainedHeads(RetainedHeads.open(folder.retainedHeadsFile()));
        return result;
    }

    @Override
    public void onFile(final JournalFile file, final long bytes) {
        seal(current); // a record that follows shows that the file before ended where it was thought to end
        index.begin(file, bytes);
        current = file;
    }

    @Override
    public void onRecord(final MappedJournalFile file, final FileWalker walker, final long position) {
        final DirectBuffer buffer = file.buffer();
        final int offset = walker.offset();
        index.put(buffer, offset, walker.documentOffset());
        if (position > markPosition && unsyncedFile == null) {
            unsyncedFile = current;
            unsyncedOffset = walker.documentOffset();
        }
        view.wrap(buffer, offset, walker.length());
        epoch = view.epoch();
        rulesVersion = view.rulesVersion();
        stampedTimeMs = view.stampedTimeMs();
        if (position == 1) {
            incarnation = incarnationOf(view);
        }
    }

    /** Gives a file its sidecar; one above the mark gets it later, from the agent, so that it is never ahead of its file. */
    private void seal(final JournalFile file) {
        if (file == null
                || file.lastPosition() > markPosition
                || !(file.fileIndex() instanceof MemoryFileIndex memory)) {
            return;
        }
        final MappedFileIndex known = index.sidecars().read(file);
        if (known != null && known.isLinked()) {
            index.sidecars().keep(file, known);
        } else {
            if (known != null) {
                known.close();
            }
            if (!index.sidecars().seal(file, memory)) {
                file.fileIndex(null);
            }
        }
        memory.recycle(index.pool());
    }

    @Override
    public void onTrusted(final JournalFile file, final MappedFileIndex sidecar, final MappedJournalFile content) {
        seal(current);
        index.trust(file, sidecar);
        if (file.firstPosition() == 1) {
            final int offset = file.firstDocumentOffset() + QueueDescriptor.WORD_BYTES;
            incarnation = incarnationOf(view.wrap(content.buffer(), offset, content.recordLength(offset)));
        }
        final int offset = sidecar.documentOffset(sidecar.entries() - 1) + QueueDescriptor.WORD_BYTES;
        view.wrap(content.buffer(), offset, content.recordLength(offset));
        epoch = view.epoch();
        rulesVersion = view.rulesVersion();
        stampedTimeMs = view.stampedTimeMs();
    }

    static Incarnation incarnationOf(final RecordView record) {
        if (record.kind() != RecordKind.GENESIS || record.commandLength() < GenesisCommandDecoder.BLOCK_LENGTH) {
            return null;
        }
        final GenesisCommandDecoder genesis = new GenesisCommandDecoder()
                .wrapAndApplyHeader(record.buffer(), record.commandOffset(), new MessageHeaderDecoder());
        return new Incarnation(
                genesis.incarnation().high(), genesis.incarnation().low());
    }

    /** The journal's identity if its genesis was given up, or null. */
    Incarnation retainedIncarnation() {
        return retainedIncarnation;
    }

    /** The cut that the scan asks for, or null. A journal that lost even its first record starts anew without one. */
    CutRecord cut() {
        if (result.cutFrom() == 0 || incarnation == null) {
            return null;
        }
        final long durable = Math.min(result.durablePosition(), result.lastPosition());
        return new CutRecord(
                incarnation,
                new CutRecord.LastRecord(
                        result.lastPosition(), result.lastHash(), epoch, rulesVersion, stampedTimeMs, durable),
                result.cutFrom(),
                result.cutTo());
    }

    /**
     * Forces what is above the durable mark. The bytes are written again first: if a sync failed before the process died,
     * the kernel may take their pages for clean, and a force alone would say well without writing anything.
     */
    private void makeDurable() throws IOException {
        if (unsyncedFile == null) {
            return;
        }
        int from = unsyncedOffset / PAGE_BYTES * PAGE_BYTES;
        for (int index = unsyncedFile.index(); index < files.nextIndex(); index++) {
            final JournalFile file = files.get(index);
            try (FileChannel channel =
                    FileChannel.open(file.path(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                rewrite(channel, from, file.endOffset());
                force.force(channel);
            }
            JournalFolder.forceFolder(file.path().getParent(), force);
            from = 0;
        }
        JournalFolder.forceFolder(folder.path(), force);
    }

    private static void rewrite(final FileChannel channel, final int from, final int to) throws IOException {
        final ByteBuffer copy = ByteBuffer.allocateDirect(COPY_BYTES);
        for (int offset = from; offset < to; ) {
            copy.clear().limit(Math.min(COPY_BYTES, to - offset));
            if (channel.read(copy, offset) <= 0) {
                throw new IOException("file shrank while it was read, offset=" + offset);
            }
            copy.flip();
            final int bytes = copy.remaining();
            while (copy.hasRemaining()) {
                channel.write(copy, offset + (long) bytes - copy.remaining());
            }
            offset += bytes;
        }
    }

    /** Gives back what the last process allocated and did not use; nothing that is not zero is touched. */
    private void tidy() throws IOException {
        givenUp.forEach(JournalRetention::deleteFiles);
        folder.deleteLeftovers();
        final List<Integer> generations = folder.generations();
        for (final JournalFolder.Entry entry : folder.files()) {
            generations.remove(Integer.valueOf(entry.generation()));
        }
        for (final int empty : generations) {
            folder.deleteGeneration(empty);
        }
        final JournalFile last = files.last();
        for (int index = files.nextIndex() - 1;
                index >= 0 && files.get(index).generation() == last.generation();
                index--) {
            trim(files.get(index));
        }
    }

    private static void trim(final JournalFile file) throws IOException {
        final boolean zero;
        try (MappedJournalFile mapped = MappedJournalFile.open(file.path())) {
            final int kept = Math.min(mapped.size(), file.endOffset() + QueueDescriptor.END_LETTERS_BYTES_MAX);
            zero = mapped.isZero(kept, mapped.size());
        }
        if (zero) {
            PrepareAgent.trim(file.path(), file.endOffset());
        }
    }
}
