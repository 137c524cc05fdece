package io.lockstep.engine.recovery;

import io.lockstep.engine.record.RecordDescriptor;
import io.lockstep.engine.record.RecordView;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;

/** Compares a recorded record with the unsealed one that arbitration gives now: every byte but the sealed fields. */
final class RecordComparison {
    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;

    private RecordComparison() {}

    static boolean same(
            final DirectBuffer recorded,
            final int recordedOffset,
            final int recordedLength,
            final DirectBuffer recomputed,
            final int recomputedOffset,
            final int recomputedLength) {
        return recordedLength == recomputedLength
                && range(recorded, recordedOffset, recomputed, recomputedOffset, 0, RecordDescriptor.CRC_OFFSET)
                && range(
                        recorded,
                        recordedOffset,
                        recomputed,
                        recomputedOffset,
                        RecordDescriptor.COVERED_OFFSET,
                        RecordDescriptor.POSITION_OFFSET)
                && range(
                        recorded,
                        recordedOffset,
                        recomputed,
                        recomputedOffset,
                        RecordDescriptor.STAMPED_TIME_OFFSET,
                        RecordDescriptor.PREVIOUS_HASH_OFFSET)
                && range(
                        recorded,
                        recordedOffset,
                        recomputed,
                        recomputedOffset,
                        RecordDescriptor.SURVIVORS_OFFSET,
                        recordedLength);
    }

    private static boolean range(
            final DirectBuffer a,
            final int aOffset,
            final DirectBuffer b,
            final int bOffset,
            final int from,
            final int to) {
        int index = from;
        for (; index + Long.BYTES <= to; index += Long.BYTES) {
            if (a.getLong(aOffset + index, LE) != b.getLong(bOffset + index, LE)) {
                return false;
            }
        }
        for (; index < to; index++) {
            if (a.getByte(aOffset + index) != b.getByte(bOffset + index)) {
                return false;
            }
        }
        return true;
    }

    /** Names the first difference; what says most about a cause comes first. */
    static ReplayDivergedException difference(final RecordView recorded, final RecordView recomputed) {
        final long position = recorded.position();
        final String[][] fields = {
            {"rulesVersion", text(recorded.rulesVersion()), text(recomputed.rulesVersion())},
            {"kind", recorded.kind().name(), recomputed.kind().name()},
            {"flags", text(recorded.flags()), text(recomputed.flags())},
            {"epoch", text(recorded.epoch()), text(recomputed.epoch())},
            {"stampedTimeMs", text(recorded.stampedTimeMs()), text(recomputed.stampedTimeMs())},
            {"databaseId", text(recorded.databaseId()), text(recomputed.databaseId())},
            {"principalId", text(recorded.principalId()), text(recomputed.principalId())},
            {"sessionId", text(recorded.sessionId()), text(recomputed.sessionId())},
            {"sequence", text(recorded.sequence()), text(recomputed.sequence())},
            {"outcomes", outcomes(recorded), outcomes(recomputed)},
            {"survivors", survivors(recorded), survivors(recomputed)},
            {"pruned", text(recorded.pruned()), text(recomputed.pruned())},
            {"stateDigest", Long.toHexString(recorded.stateDigest()), Long.toHexString(recomputed.stateDigest())},
            {"command", command(recorded), command(recomputed)},
        };
        for (final String[] field : fields) {
            if (!field[1].equals(field[2])) {
                return new ReplayDivergedException(position, field[0], field[1], field[2]);
            }
        }
        return new ReplayDivergedException(
                position, "layout", "length " + recorded.length(), "length " + recomputed.length());
    }

    private static String text(final long value) {
        return Long.toString(value);
    }

    private static String outcomes(final RecordView view) {
        return hex(view.buffer(), view.outcomesOffset(), view.outcomesLength());
    }

    private static String survivors(final RecordView view) {
        return hex(view.buffer(), view.survivorsOffset(), view.survivorsLength());
    }

    private static String command(final RecordView view) {
        return hex(view.buffer(), view.commandOffset(), view.commandLength());
    }

    private static String hex(final DirectBuffer buffer, final int offset, final int length) {
        final StringBuilder text = new StringBuilder(2 * length);
        for (int i = 0; i < length; i++) {
            final int b = buffer.getByte(offset + i) & 0xFF;
            text.append(Character.forDigit(b >>> 4, 16)).append(Character.forDigit(b & 15, 16));
        }
        return text.toString();
    }
}
