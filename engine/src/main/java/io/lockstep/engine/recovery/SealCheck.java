package io.lockstep.engine.recovery;

import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.SealCommandDecoder;
import io.lockstep.engine.record.RecordView;
import io.lockstep.engine.record.SealDigest;
import java.util.Arrays;

/** Follows the records that a seal covers, and compares it with them. One thread. */
final class SealCheck {
    private static final int HEADER = MessageHeaderDecoder.ENCODED_LENGTH;

    private final SealDigest digest = new SealDigest();
    private final byte[] sha256 = new byte[SealDigest.LENGTH];
    private final byte[] recordedSha256 = new byte[SealDigest.LENGTH];

    /** Of the records after the last seal. */
    SealDigest digest() {
        return digest;
    }

    /** A SEAL record comes after what the digest has. */
    void check(final RecordView view) {
        final SealCommandDecoder seal = new SealCommandDecoder()
                .wrap(
                        view.buffer(),
                        view.commandOffset() + HEADER,
                        SealCommandDecoder.BLOCK_LENGTH,
                        SealCommandDecoder.SCHEMA_VERSION);
        final long fromPosition = view.position() - digest.records();
        if (seal.fromPosition() != fromPosition || seal.toPosition() != view.position() - 1) {
            throw ReplayFailure.damage(
                    "a seal covers other records",
                    view.position(),
                    "from=" + seal.fromPosition() + ", to=" + seal.toPosition() + ", expectedFrom=" + fromPosition);
        }
        final int shaLength = seal.sha256Length();
        seal.getSha256(recordedSha256, 0, SealDigest.LENGTH);
        digest.finish(sha256);
        if (shaLength != SealDigest.LENGTH || !Arrays.equals(sha256, recordedSha256)) {
            throw ReplayFailure.damage(
                    "a seal does not match the records that it covers",
                    view.position(),
                    "from=" + seal.fromPosition() + ", to=" + seal.toPosition());
        }
    }
}
