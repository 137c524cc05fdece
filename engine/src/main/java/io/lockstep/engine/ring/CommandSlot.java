package io.lockstep.engine.ring;

import io.lockstep.engine.arbitration.Decision;
import io.lockstep.engine.command.CommandKind;
import io.lockstep.engine.command.IngressCommand;
import io.lockstep.engine.port.CommittedSlot;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One event of the ring: an envelope, and where the bytes are. Each group of fields is written by one stage and read by
 * the ones after it; the ring's sequences order the writes before the reads.
 */
public final class CommandSlot implements CommittedSlot {
    private final UnsafeBuffer records;

    // written by ingress
    private final IngressCommand command = new IngressCommand();
    private int commandOffset;
    private int commandLength;
    private long commandEnd;

    // written by the arbitrate stage
    private int databaseId;
    private int recordOffset;
    private int recordLength;
    private int answerOffset;
    private int answerLength;
    private long recordEnd;

    // written by the journal stage
    private long commitPosition;

    CommandSlot(final UnsafeBuffer records) {
        this.records = records;
    }

    void published(final int offset, final int length, final long end) {
        commandOffset = offset;
        commandLength = length;
        commandEnd = end;
    }

    /**
     * Notes what arbitration decided. Arbitrate stage only.
     *
     * @param decision where record and answer are
     * @param end of the claim in the record byte ring
     */
    public void decided(final Decision decision, final long end) {
        databaseId = decision.databaseId();
        recordOffset = decision.recordOffset();
        recordLength = decision.recordLength();
        answerOffset = decision.answerOffset();
        answerLength = decision.answerLength();
        recordEnd = end;
    }

    /**
     * Notes what must be committed before this slot is. Journal stage only.
     *
     * @param position its own record's, or that of the last record before it
     */
    public void journaled(final long position) {
        commitPosition = position;
    }

    /**
     * The envelope, with its stamped time.
     *
     * @return the slot's own instance
     */
    public IngressCommand command() {
        return command;
    }

    /**
     * Where the command's SBE message starts.
     *
     * @return an offset into the command byte ring; good until the arbitrate stage has passed this slot
     */
    public int commandOffset() {
        return commandOffset;
    }

    /**
     * Bytes of the command.
     *
     * @return bytes
     */
    public int commandLength() {
        return commandLength;
    }

    /**
     * End of the command's claim.
     *
     * @return a position of the command byte ring
     */
    public long commandEnd() {
        return commandEnd;
    }

    /**
     * End of the claim of record and answer.
     *
     * @return a position of the record byte ring
     */
    public long recordEnd() {
        return recordEnd;
    }

    @Override
    public CommandKind kind() {
        return command.kind();
    }

    @Override
    public long sessionId() {
        return command.sessionId();
    }

    @Override
    public int databaseId() {
        return databaseId;
    }

    @Override
    public long position() {
        return commitPosition;
    }

    @Override
    public DirectBuffer buffer() {
        return records;
    }

    /**
     * The record byte ring, for the stages that write into it.
     *
     * @return the same buffer as {@link #buffer()}
     */
    public UnsafeBuffer records() {
        return records;
    }

    @Override
    public int answerOffset() {
        return answerOffset;
    }

    @Override
    public int answerLength() {
        return answerLength;
    }

    @Override
    public int recordOffset() {
        return recordOffset;
    }

    @Override
    public int recordLength() {
        return recordLength;
    }
}
