package io.lockstep.client.offline;

import io.lockstep.client.model.Delivery;
import io.lockstep.client.model.Progress;
import io.lockstep.client.model.Site;
import io.lockstep.client.model.SubmitOutcome;
import io.lockstep.client.store.RecordSink;
import io.lockstep.codec.DeliveryDecoder;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.SubmitResultDecoder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** What a node says, as it is staged. */
final class NodeWords {
    private NodeWords() {}

    /** Effects of one sequence; the decoder is walked. */
    record Effects(Delivery delivery, DirectBuffer message) implements Staged {
        static Effects of(final DeliveryDecoder decoder) {
            final Delivery delivery = Delivery.decode(decoder);
            return new Effects(delivery, bytes(decoder.buffer(), decoder.offset(), decoder.encodedLength()));
        }

        @Override
        public void append(final RecordSink sink) {
            Records.delivered(sink, message);
        }

        @Override
        public void apply(final LocalState state) {
            state.delivered(delivery);
        }
    }

    /** Nothing matched. */
    record Nothing(Progress progress) implements Staged {
        @Override
        public void append(final RecordSink sink) {
            Records.progressed(sink, progress);
        }

        @Override
        public void apply(final LocalState state) {
            state.progressed(progress);
        }
    }

    /** What became of a change set; the decoder is walked. */
    record Answer(long id, SubmitOutcome outcome, DirectBuffer message) implements Staged {
        static Answer of(final long id, final SubmitResultDecoder decoder) {
            final SubmitOutcome outcome = SubmitOutcome.decode(decoder);
            return new Answer(id, outcome, bytes(decoder.buffer(), decoder.offset(), decoder.encodedLength()));
        }

        @Override
        public void append(final RecordSink sink) {
            Records.answered(sink, id, message);
        }

        @Override
        public void apply(final LocalState state) {
            final Entry entry = state.outbox().find(id);
            if (entry != null) {
                state.answered(entry, outcome, message);
            }
        }
    }

    /** A change set was refused without being judged. */
    record No(long id, int code, String text) implements Staged {
        @Override
        public void append(final RecordSink sink) {
            Records.refused(sink, id, code, text);
        }

        @Override
        public void apply(final LocalState state) {
            final Entry entry = state.outbox().find(id);
            if (entry != null) {
                state.refused(entry, code, text);
            }
        }
    }

    /** The database's rules. */
    record Rules(Settings settings) implements Staged {
        @Override
        public void append(final RecordSink sink) {
            Records.settings(sink, settings);
        }

        @Override
        public void apply(final LocalState state) {
            state.settings(settings);
        }
    }

    /** The identity of the node's journal. */
    record Journal(Site incarnation) implements Staged {
        @Override
        public void append(final RecordSink sink) {
            Records.incarnation(sink, incarnation);
        }

        @Override
        public void apply(final LocalState state) {
            state.incarnation(incarnation);
        }
    }

    private static UnsafeBuffer bytes(final DirectBuffer buffer, final int bodyOffset, final int bodyLength) {
        final byte[] bytes = new byte[MessageHeaderDecoder.ENCODED_LENGTH + bodyLength];
        buffer.getBytes(bodyOffset - MessageHeaderDecoder.ENCODED_LENGTH, bytes);
        return new UnsafeBuffer(bytes);
    }
}
