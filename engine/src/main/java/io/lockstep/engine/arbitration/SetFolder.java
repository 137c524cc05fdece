package io.lockstep.engine.arbitration;

import io.lockstep.codec.KeyForm;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.frame.FrameLimits;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Brings the keys of a large change set into the form of its database before its parts are journaled, which hold them so.
 * One thread, any.
 */
public final class SetFolder {
    private final CommandCopier copier;
    private final MigrationCursor migrations = new MigrationCursor();
    private int changesOffset;

    /**
     * A folder.
     *
     * @param limits of frames
     */
    public SetFolder(final FrameLimits limits) {
        copier = new CommandCopier(limits.keyPartsMax() * ArbiterContext.FOLDED_PART_BYTES_MAX + limits.keyBytesMax());
    }

    /**
     * Tells how long the copy will be.
     *
     * @param keyForm of the database
     * @param set holds a validated SubmitChangeSet from offset 0 on
     * @param length bytes
     * @return bytes; more than an int holds if a folded key is longer than a key can be
     */
    public long length(final KeyForm keyForm, final DirectBuffer set, final int length) {
        final int blockLength =
                set.getShort(MessageHeaderDecoder.blockLengthEncodingOffset(), ByteOrder.LITTLE_ENDIAN) & 0xFFFF;
        migrations.wrap(set, MessageHeaderDecoder.ENCODED_LENGTH + blockLength);
        while (migrations.next()) {
            // Only to find where they end.
        }
        changesOffset = migrations.end();
        return copier.length(keyForm, set, changesOffset, length);
    }

    /**
     * Whether any key is not in that form yet, after {@link #length}.
     *
     * @return false if a copy would be the same
     */
    public boolean isFolding() {
        return copier.isFolding();
    }

    /**
     * Copies the change set that {@link #length} was asked about last.
     *
     * @param set holds it from offset 0 on
     * @param length bytes
     * @param out gets the copy from offset 0 on
     */
    public void copy(final DirectBuffer set, final int length, final MutableDirectBuffer out) {
        copier.copy(set, 0, length, changesOffset, out, 0);
    }
}
