package io.lockstep.gateway.session;

import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.KeyForm;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.SubmitChangeSetDecoder;
import io.lockstep.codec.frame.FrameDescriptor;
import io.lockstep.codec.frame.FrameLimits;
import io.lockstep.codec.frame.FrameValidator;
import io.lockstep.engine.arbitration.LargeSetLimits;
import io.lockstep.engine.arbitration.SetFolder;
import io.lockstep.gateway.session.SessionPublisher.Refusal;
import java.util.zip.CRC32C;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Looks at uploads that have come whole, as long as that takes: checksum, frame, keys in the form of the database. Gives
 * the memory back of those that are over. Shares a thread with the readers.
 */
public final class UploadExaminer implements Agent {
    private final UploadQueues queues;
    private final Runnable wakeup;
    private final FrameValidator validator;
    private final SetFolder folder;
    private final int totalBytesMax;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final SubmitChangeSetDecoder set = new SubmitChangeSetDecoder();
    private final byte[] copy = new byte[64 << 10];

    /**
     * An examiner.
     *
     * @param queues to the thread of the transports
     * @param limits of frames; those of names, keys and statements hold for uploads too
     * @param totalBytesMax of an upload
     * @param wakeup wakes the thread of the transports
     */
    public UploadExaminer(
            final UploadQueues queues, final FrameLimits limits, final int totalBytesMax, final Runnable wakeup) {
        this.queues = queues;
        this.wakeup = wakeup;
        this.totalBytesMax = totalBytesMax;
        validator = new FrameValidator(new FrameLimits(
                totalBytesMax + FrameDescriptor.HEADER_LENGTH,
                changesMax(limits.frameBytesMax()),
                limits.nameBytesMax(),
                limits.keyBytesMax(),
                limits.keyPartsMax(),
                limits.ddlBytesMax()));
        folder = new SetFolder(limits);
    }

    /** Most changes and migrations of an upload: their outcomes must fit an answer. */
    static int changesMax(final int frameBytesMax) {
        return LargeSetLimits.changesMax(frameBytesMax - FrameDescriptor.HEADER_LENGTH);
    }

    @Override
    public int doWork() {
        final Upload upload = queues.pollRequest();
        if (upload == null) {
            return 0;
        }
        if (upload.state() == Upload.State.OVER) {
            upload.free();
            return 1;
        }
        upload.refuse(refusal(upload));
        queues.answer(upload);
        wakeup.run();
        return 1;
    }

    private Refusal refusal(final Upload upload) {
        final UnsafeBuffer memory = upload.memory();
        if (upload.foldBytes() > 0) {
            fold(upload, memory);
            return null;
        }
        final int crc = crc(memory);
        if (crc != upload.key().crc()) {
            return Refusal.limit(
                    ErrorCode.UPLOAD_REFUSED,
                    upload.key().crc() & 0xFFFF_FFFFL,
                    crc & 0xFFFF_FFFFL,
                    "the bytes do not match their checksum: send them again");
        }
        if (!validator.validateClientMessage(memory, 0, memory.capacity())) {
            // The connection goes on: what would end it is said of the set alone.
            return Refusal.limit(
                    validator.fatal() ? ErrorCode.INVALID_CHANGE_SET : validator.errorCode(),
                    validator.limitValue(),
                    validator.actualValue(),
                    validator.errorText());
        }
        header.wrap(memory, 0);
        if (header.templateId() != SubmitChangeSetDecoder.TEMPLATE_ID || !isAsAnnounced(upload, memory)) {
            return Refusal.of(
                    ErrorCode.UPLOAD_REFUSED,
                    "not the SubmitChangeSet that was announced: templateId=" + header.templateId());
        }
        return upload.keysFolded() ? askToFold(upload, memory) : null;
    }

    private boolean isAsAnnounced(final Upload upload, final UnsafeBuffer memory) {
        set.wrapAndApplyHeader(memory, 0, header);
        return set.site().high() == upload.key().siteHigh()
                && set.site().low() == upload.key().siteLow()
                && set.wall() == upload.key().wall()
                && set.counter() == upload.key().counter();
    }

    /** Its keys have to be folded: there must be room for both forms at once. */
    private Refusal askToFold(final Upload upload, final UnsafeBuffer memory) {
        final long length = folder.length(KeyForm.QUEREUS, memory, memory.capacity());
        if (length == memory.capacity() && !folder.isFolding()) {
            return null;
        }
        final long lengthMax = Math.min(2L * totalBytesMax, Integer.MAX_VALUE);
        if (length > lengthMax) {
            return Refusal.limit(
                    ErrorCode.CHANGE_SET_TOO_LARGE, lengthMax, length, "with its keys in the database's form");
        }
        upload.wantsFolding((int) length);
        return null;
    }

    /** There is room for it. */
    private void fold(final Upload upload, final UnsafeBuffer memory) {
        final long length = folder.length(KeyForm.QUEREUS, memory, memory.capacity());
        final UnsafeBuffer folded = new UnsafeBuffer(UnsafeApi.allocateMemory(length), (int) length);
        folder.copy(memory, memory.capacity(), folded);
        upload.folded(folded);
    }

    private int crc(final UnsafeBuffer memory) {
        final CRC32C crc = new CRC32C();
        for (int from = 0; from < memory.capacity(); from += copy.length) {
            final int length = Math.min(copy.length, memory.capacity() - from);
            memory.getBytes(from, copy, 0, length);
            crc.update(copy, 0, length);
        }
        return (int) crc.getValue();
    }

    @Override
    public String roleName() {
        return "uploads";
    }
}
