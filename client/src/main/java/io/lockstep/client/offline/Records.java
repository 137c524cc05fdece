package io.lockstep.client.offline;

import io.lockstep.client.model.ChangeOutcome;
import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.model.Delivery;
import io.lockstep.client.model.Progress;
import io.lockstep.client.model.Site;
import io.lockstep.client.model.StatePage;
import io.lockstep.client.model.SubmitOutcome;
import io.lockstep.client.store.RecordSink;
import io.lockstep.client.store.StoreException;
import io.lockstep.codec.DeliveryDecoder;
import io.lockstep.codec.KeyForm;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.RowPolicy;
import io.lockstep.codec.StatePageDecoder;
import io.lockstep.codec.SubmitResultDecoder;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Typed calls to records, and records to calls of a {@link LocalState}. Messages of the protocol stay as they are. */
final class Records {
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    private Records() {}

    static void written(final RecordSink sink, final long id, final ChangeSet set) {
        final UnsafeBuffer payload = new UnsafeBuffer(new byte[Long.BYTES + set.encodedLength()]);
        payload.putLong(0, id, ORDER);
        payload.putBytes(Long.BYTES, set.message(), 0, set.encodedLength());
        append(sink, Kinds.WRITTEN, payload);
    }

    static void restamped(final RecordSink sink, final long oldId, final long newId, final ChangeSet set) {
        final UnsafeBuffer payload = new UnsafeBuffer(new byte[2 * Long.BYTES + set.encodedLength()]);
        payload.putLong(0, oldId, ORDER);
        payload.putLong(Long.BYTES, newId, ORDER);
        payload.putBytes(2 * Long.BYTES, set.message(), 0, set.encodedLength());
        append(sink, Kinds.RESTAMPED, payload);
    }

    static void answered(final RecordSink sink, final long id, final DirectBuffer answer) {
        final UnsafeBuffer payload = new UnsafeBuffer(new byte[Long.BYTES + answer.capacity()]);
        payload.putLong(0, id, ORDER);
        payload.putBytes(Long.BYTES, answer, 0, answer.capacity());
        append(sink, Kinds.ANSWERED, payload);
    }

    static void refused(final RecordSink sink, final long id, final int code, final String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        final UnsafeBuffer payload = new UnsafeBuffer(new byte[Long.BYTES + Integer.BYTES + bytes.length]);
        payload.putLong(0, id, ORDER);
        payload.putInt(Long.BYTES, code, ORDER);
        payload.putBytes(Long.BYTES + Integer.BYTES, bytes);
        append(sink, Kinds.REFUSED, payload);
    }

    /** A record of an id alone: told, dropped or resent. */
    static void ofId(final RecordSink sink, final int kind, final long id) {
        final UnsafeBuffer payload = new UnsafeBuffer(new byte[Long.BYTES]);
        payload.putLong(0, id, ORDER);
        append(sink, kind, payload);
    }

    static void delivered(final RecordSink sink, final DirectBuffer message) {
        sink.append(Kinds.DELIVERED, message, 0, message.capacity());
    }

    static void progressed(final RecordSink sink, final Progress progress) {
        final UnsafeBuffer payload = new UnsafeBuffer(new byte[3 * Long.BYTES]);
        payload.putLong(0, progress.afterSequence(), ORDER);
        payload.putLong(Long.BYTES, progress.sequence(), ORDER);
        payload.putLong(2 * Long.BYTES, progress.check(), ORDER);
        append(sink, Kinds.PROGRESSED, payload);
    }

    static void settings(final RecordSink sink, final Settings settings) {
        final byte[] payload = {
            (byte) settings.rowPolicy().value(), (byte) settings.keyForm().value()
        };
        append(sink, Kinds.SETTINGS, new UnsafeBuffer(payload));
    }

    static void incarnation(final RecordSink sink, final Site incarnation) {
        final UnsafeBuffer payload = new UnsafeBuffer(new byte[2 * Long.BYTES]);
        payload.putLong(0, incarnation.high(), ORDER);
        payload.putLong(Long.BYTES, incarnation.low(), ORDER);
        append(sink, Kinds.INCARNATION, payload);
    }

    /** An entry as it is, for a checkpoint. */
    static void entry(final RecordSink sink, final Entry entry) {
        written(sink, entry.id, entry.set);
        if (entry.answer != null) {
            answered(sink, entry.id, entry.answer);
        } else if (entry.state == EntryState.REFUSED) {
            refused(sink, entry.id, entry.code, entry.text);
        }
        if (entry.told) {
            ofId(sink, Kinds.TOLD, entry.id);
        }
    }

    /** Does what a record says. */
    static void apply(
            final LocalState state, final int kind, final DirectBuffer buffer, final int offset, final int length) {
        switch (kind) {
            case Kinds.STATE -> state.loaded(statePage(buffer, offset));
            case Kinds.DELIVERED -> state.delivered(delivery(buffer, offset));
            case Kinds.PROGRESSED -> state.progressed(progress(buffer, offset));
            case Kinds.SETTINGS ->
                state.settings(
                        new Settings(RowPolicy.get(buffer.getByte(offset)), KeyForm.get(buffer.getByte(offset + 1))));
            case Kinds.INCARNATION ->
                state.incarnation(new Site(buffer.getLong(offset, ORDER), buffer.getLong(offset + Long.BYTES, ORDER)));
            default -> applyToOutbox(state, kind, buffer, offset, length);
        }
    }

    private static void applyToOutbox(
            final LocalState state, final int kind, final DirectBuffer buffer, final int offset, final int length) {
        if (kind < Kinds.WRITTEN || kind > Kinds.RESENT) {
            throw new StoreException(StoreException.Reason.DIFFERS, "a record of a later version: kind=" + kind);
        }
        final long id = buffer.getLong(offset, ORDER);
        final int body = offset + Long.BYTES;
        if (kind == Kinds.WRITTEN) {
            state.written(id, ChangeSet.decode(buffer, body));
            return;
        }
        final Entry entry = state.outbox().find(id);
        if (entry == null) {
            return;
        }
        switch (kind) {
            case Kinds.ANSWERED -> {
                final byte[] bytes = new byte[length - Long.BYTES];
                buffer.getBytes(body, bytes);
                final UnsafeBuffer answer = new UnsafeBuffer(bytes);
                state.answered(entry, outcome(answer), answer);
            }
            case Kinds.REFUSED -> {
                final int textLength = length - Long.BYTES - Integer.BYTES;
                final String text = buffer.getStringWithoutLengthUtf8(body + Integer.BYTES, textLength);
                state.refused(entry, buffer.getInt(body, ORDER), text);
            }
            case Kinds.TOLD -> state.told(id);
            case Kinds.DROPPED -> state.dropped(entry);
            case Kinds.RESTAMPED ->
                state.restamped(entry, buffer.getLong(body, ORDER), ChangeSet.decode(buffer, body + Long.BYTES));
            default -> state.resent(entry);
        }
    }

    /** Whether an answer leaves nothing undecided. */
    static boolean isSettled(final DirectBuffer buffer, final int offset, final int length) {
        final byte[] answer = new byte[length - Long.BYTES];
        buffer.getBytes(offset + Long.BYTES, answer);
        final SubmitOutcome outcome = outcome(new UnsafeBuffer(answer));
        return outcome.isSettled() && !outcome.outcomes().contains(ChangeOutcome.TOO_LATE);
    }

    private static SubmitOutcome outcome(final DirectBuffer answer) {
        return SubmitOutcome.decode(
                new SubmitResultDecoder().wrapAndApplyHeader(answer, 0, new MessageHeaderDecoder()));
    }

    private static StatePage statePage(final DirectBuffer buffer, final int offset) {
        return StatePage.decode(new StatePageDecoder().wrapAndApplyHeader(buffer, offset, new MessageHeaderDecoder()));
    }

    private static Delivery delivery(final DirectBuffer buffer, final int offset) {
        return Delivery.decode(new DeliveryDecoder().wrapAndApplyHeader(buffer, offset, new MessageHeaderDecoder()));
    }

    private static Progress progress(final DirectBuffer buffer, final int offset) {
        return new Progress(
                buffer.getLong(offset, ORDER),
                buffer.getLong(offset + Long.BYTES, ORDER),
                buffer.getLong(offset + 2 * Long.BYTES, ORDER));
    }

    private static void append(final RecordSink sink, final int kind, final UnsafeBuffer payload) {
        sink.append(kind, payload, 0, payload.capacity());
    }
}
