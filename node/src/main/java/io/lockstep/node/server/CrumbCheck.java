package io.lockstep.node.server;

import static io.lockstep.node.server.CrumbDescriptor.FILE_LENGTH;
import static io.lockstep.node.server.CrumbDescriptor.MAGIC;
import static io.lockstep.node.server.CrumbDescriptor.MAGIC_OFFSET;

import io.lockstep.engine.port.JournalFailedException;
import io.lockstep.engine.port.JournalFailedException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** Whether a file is a crumb, read before it is mapped: what lies behind the end of a mapped file is no memory. */
final class CrumbCheck {
    /** The magic without its last byte, which is the version. */
    private static final long FAMILY_MASK = 0x00FF_FFFF_FFFF_FFFFL;

    private static final String REMEDY =
            "; put the file back from a copy, or delete it: then no change set is refused any"
                    + " more, and nothing else is lost";

    private CrumbCheck() {}

    /**
     * Checks a file.
     *
     * @param channel open on it for reading
     * @param file for the message
     * @return whether it is new: empty, or of zeros since its first start was cut off
     * @throws JournalFailedException DAMAGE if it is no whole crumb, FORMAT if it is one of another version
     */
    static boolean isFresh(final FileChannel channel, final Path file) throws IOException {
        final long bytes = channel.size();
        if (bytes == 0) {
            return true;
        }
        if (bytes != FILE_LENGTH) {
            throw new JournalFailedException(
                    Kind.DAMAGE,
                    "the crumb file is damaged: file=" + file + ", bytes=" + bytes + ", expectedBytes=" + FILE_LENGTH
                            + REMEDY,
                    null);
        }
        final ByteBuffer content = ByteBuffer.allocate(FILE_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        int read = 0;
        while (content.hasRemaining() && read >= 0) {
            read = channel.read(content, content.position());
        }
        final long magic = content.getLong(MAGIC_OFFSET);
        if (magic == MAGIC) {
            return false;
        }
        if ((magic & FAMILY_MASK) == (MAGIC & FAMILY_MASK)) {
            throw new JournalFailedException(
                    Kind.FORMAT,
                    "the crumb file was written by another version of Lockstep: file=" + file + ", formatVersion="
                            + (char) (magic >>> 56) + ", expected=" + (char) (MAGIC >>> 56),
                    null);
        }
        for (int i = 0; i < FILE_LENGTH; i++) {
            if (content.get(i) != 0) {
                throw new JournalFailedException(
                        Kind.DAMAGE,
                        "the crumb file is damaged, it does not begin as one: file=" + file + ", magic=0x"
                                + Long.toHexString(magic) + ", expected=0x" + Long.toHexString(MAGIC) + REMEDY,
                        null);
            }
        }
        return true;
    }
}
