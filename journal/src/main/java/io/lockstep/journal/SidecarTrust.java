package io.lockstep.journal;

import org.agrona.DirectBuffer;

/**
 * Which files a start need not scan: those that lie whole below the first position it needs and at or below the durable
 * mark (so that no cut can void any of them), and whose sidecar is sound and goes on where the file before ended. The
 * file's first and last record must be what the sidecar says; what lies between is checked when it is read.
 */
final class SidecarTrust {
    /** Trusts nothing. */
    static final SidecarTrust NONE = new SidecarTrust(0, 0);

    private final long positionMax;

    /**
     * A rule.
     *
     * @param fromPosition first position that is needed; 0 to trust nothing
     * @param markPosition that the durable mark names
     */
    SidecarTrust(final long fromPosition, final long markPosition) {
        positionMax = Math.min(fromPosition - 1, markPosition);
    }

    /**
     * The sidecar that makes a scan of a file unnecessary.
     *
     * @param generation of the file
     * @param file mapped
     * @param lastPosition of the file before
     * @param lastHash of the file before
     * @return null if the file must be scanned
     */
    MappedFileIndex sidecar(
            final int generation, final MappedJournalFile file, final long lastPosition, final long lastHash) {
        if (lastPosition >= positionMax) {
            return null;
        }
        final MappedFileIndex sidecar = Sidecars.read(SidecarDescriptor.path(file.path()));
        if (sidecar == null) {
            return null;
        }
        if (sidecar.isLinked()
                && sidecar.generation() == generation
                && sidecar.endOffset() <= file.size()
                && sidecar.firstPosition() == lastPosition + 1
                && sidecar.previousHash() == lastHash
                && sidecar.lastPosition() <= positionMax
                && agree(sidecar, file)) {
            return sidecar;
        }
        sidecar.close();
        return null;
    }

    private static boolean agree(final MappedFileIndex sidecar, final MappedJournalFile file) {
        final DirectBuffer buffer = file.buffer();
        final int first = sidecar.documentOffset(0) + QueueDescriptor.WORD_BYTES;
        final int last = sidecar.documentOffset(sidecar.entries() - 1) + QueueDescriptor.WORD_BYTES;
        return first > 0
                && last > 0
                && file.recordLength(first) > 0
                && file.recordLength(last) > 0
                && RecordFields.position(buffer, first) == sidecar.firstPosition()
                && RecordFields.previousHash(buffer, first) == sidecar.previousHash()
                && RecordFields.position(buffer, last) == sidecar.lastPosition()
                && RecordFields.hash(buffer, last) == sidecar.lastHash();
    }
}
