package io.lockstep.engine.arbitration;

import io.lockstep.codec.KeyForm;
import io.lockstep.codec.SubmitChangeSetDecoder.ChangesDecoder;
import io.lockstep.codec.value.QuereusKeyForm;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Copies a change set into its record, with the keys in the form of its database. */
final class CommandCopier {
    private static final int KEY_PREFIX = ChangesDecoder.keyHeaderLength();
    private static final int KEY_BYTES_MAX = 65_534;

    private final ChangeCursor changes = new ChangeCursor();
    private final UnsafeBuffer folded;
    private boolean anyFolded;

    /** @param keyBytesMax of a key as it is submitted */
    CommandCopier(final int keyBytesMax) {
        folded = new UnsafeBuffer(new byte[QuereusKeyForm.foldedLengthMax(keyBytesMax)]);
    }

    /**
     * Tells how long the copy will be.
     *
     * @return bytes; more than an int holds if a folded key is longer than a key can be
     */
    long length(final KeyForm keyForm, final DirectBuffer body, final int changesOffset, final int length) {
        anyFolded = false;
        if (keyForm != KeyForm.QUEREUS) {
            return length;
        }
        long result = length;
        changes.wrap(body, changesOffset);
        while (changes.next()) {
            if (QuereusKeyForm.needsFolding(body, changes.key(), changes.keyLength())) {
                anyFolded = true;
                final int foldedLength = fold();
                if (foldedLength > KEY_BYTES_MAX) {
                    return Long.MAX_VALUE;
                }
                result += foldedLength - changes.keyLength();
            }
        }
        return result;
    }

    /** Whether any key is not in the form yet, after {@link #length}. */
    boolean isFolding() {
        return anyFolded;
    }

    /** Copies the change set that {@link #length} was asked about last. */
    void copy(
            final DirectBuffer body,
            final int offset,
            final int length,
            final int changesOffset,
            final MutableDirectBuffer out,
            final int outOffset) {
        if (!anyFolded) {
            out.putBytes(outOffset, body, offset, length);
            return;
        }
        int from = offset;
        int to = outOffset;
        changes.wrap(body, changesOffset);
        while (changes.next()) {
            final int before = changes.key() - KEY_PREFIX - from;
            out.putBytes(to, body, from, before);
            to += before;
            final int foldedLength = fold();
            out.putShort(to, (short) foldedLength, ByteOrder.LITTLE_ENDIAN);
            out.putBytes(to + KEY_PREFIX, folded, 0, foldedLength);
            to += KEY_PREFIX + foldedLength;
            from = changes.key() + changes.keyLength();
        }
        out.putBytes(to, body, from, offset + length - from);
    }

    private int fold() {
        return QuereusKeyForm.fold(changes.buffer(), changes.key(), changes.keyLength(), folded, 0);
    }
}
