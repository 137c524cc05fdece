package io.lockstep.engine.arbitration;

import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.engine.command.CommandKind;
import io.lockstep.engine.command.IngressCommand;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** Answers commands for databases that cannot take them: that are unknown, not in memory, or held. */
final class StrayCommands {
    /** A large change set holds its database for some tens of milliseconds. */
    private static final int HELD_RETRY_MS = 50;

    private final DatabaseRegistry databases;
    private final NodeCommands nodeCommands;
    private final AnswerEncoder answers;

    StrayCommands(final DatabaseRegistry databases, final NodeCommands nodeCommands, final AnswerEncoder answers) {
        this.databases = databases;
        this.nodeCommands = nodeCommands;
        this.answers = answers;
    }

    /** Whoever feeds the ring keeps such commands back; one that comes all the same must not see half a set. */
    void onHeld(
            final Database database,
            final DirectBuffer body,
            final int offset,
            final MutableDirectBuffer out,
            final int outOffset,
            final Decision decision) {
        decision.answer(
                outOffset,
                answers.error(
                        out,
                        outOffset,
                        body.getLong(offset + MessageHeaderDecoder.ENCODED_LENGTH, ByteOrder.LITTLE_ENDIAN),
                        ErrorCode.BUSY,
                        HELD_RETRY_MS,
                        1,
                        1,
                        "a large change set is being applied: database=" + database.name()));
    }

    /** There is none, or none in memory. */
    void onUnknownDatabase(
            final IngressCommand command,
            final DirectBuffer body,
            final int offset,
            final MutableDirectBuffer out,
            final int outOffset,
            final Decision decision) {
        if (databases.isKnown(command.databaseId())) {
            onAbsentDatabase(command, body, offset, out, outOffset, decision);
            return;
        }
        decision.answer(
                outOffset,
                answers.error(
                        out,
                        outOffset,
                        // Of every message that is for a database, the first field.
                        body.getLong(offset + MessageHeaderDecoder.ENCODED_LENGTH, ByteOrder.LITTLE_ENDIAN),
                        ErrorCode.UNKNOWN_DATABASE,
                        databases.count(),
                        command.databaseId(),
                        "no such database: databaseId=" + command.databaseId()));
    }

    /**
     * Only who has no session meets one that is not in memory: the node itself, which prunes. Where there is nothing to prune
     * it stays away; else it is back when the node asks again.
     */
    private void onAbsentDatabase(
            final IngressCommand command,
            final DirectBuffer body,
            final int offset,
            final MutableDirectBuffer out,
            final int outOffset,
            final Decision decision) {
        if (command.kind() == CommandKind.PRUNE
                && nodeCommands.onPruneAbsent(databases.known(), command, body, offset, out, outOffset, decision)) {
            return;
        }
        final long requestId = body.getLong(offset + MessageHeaderDecoder.ENCODED_LENGTH, ByteOrder.LITTLE_ENDIAN);
        decision.answer(outOffset, databases.onAbsent(command.databaseId(), requestId, out, outOffset));
    }
}
