package io.lockstep.client.testing;

import io.lockstep.client.model.BeforeImage;
import io.lockstep.client.model.Cell;
import io.lockstep.client.model.ChangeOutcome;
import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.model.Checkpoint;
import io.lockstep.client.model.Delivery;
import io.lockstep.client.model.Hlc;
import io.lockstep.client.model.Key;
import io.lockstep.client.model.Site;
import io.lockstep.client.model.StatePage;
import io.lockstep.client.model.SubmitOutcome;
import io.lockstep.client.model.Value;
import io.lockstep.client.model.Winner;
import io.lockstep.client.replica.Replica;
import io.lockstep.codec.ChangeOp;
import io.lockstep.codec.MessageHeaderEncoder;
import io.lockstep.codec.PruneDecoder;
import io.lockstep.codec.ReadStateDecoder;
import io.lockstep.codec.ReadStatusDecoder;
import io.lockstep.codec.StatePageEncoder;
import io.lockstep.codec.SubmitChangeSetDecoder;
import io.lockstep.codec.SubmitResultEncoder;
import io.lockstep.codec.SubscribeDecoder;
import io.lockstep.codec.UnsubscribeDecoder;
import io.lockstep.codec.hash.Digest128;
import io.lockstep.codec.value.HlcDescriptor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** A polite node with a database behind it. One thread polls the node; others may change the database meanwhile. */
public final class DatabaseScript extends FakeNode.Polite {
    private static final int ROWS_A_PAGE = 2;

    public final FakeDatabase database = new FakeDatabase();
    private final Map<FakePeer, Long> subscribers = new HashMap<>();
    private Runnable betweenPages = () -> {};
    private boolean digestWrong;

    /** Runs something before each page, such as a change of the database. */
    public synchronized void betweenPages(final Runnable action) {
        betweenPages = action;
    }

    public synchronized void digestWrong(final boolean wrong) {
        digestWrong = wrong;
    }

    @Override
    public synchronized void onMessage(final FakePeer peer, final Received message) {
        switch (message.templateId()) {
            case SubmitChangeSetDecoder.TEMPLATE_ID -> submit(peer, message);
            case SubscribeDecoder.TEMPLATE_ID -> {
                final long from = message.subscribe().sequence();
                peer.subscribed(message.requestId(), from, database.deliveries().size(), incarnation);
                subscribers.put(peer, from);
                deliver();
            }
            case UnsubscribeDecoder.TEMPLATE_ID -> {
                final Long sequence = subscribers.remove(peer);
                if (sequence == null) {
                    throw new AssertionError("unsubscribed without a subscription");
                }
                peer.unsubscribed(message.requestId(), sequence);
            }
            case ReadStateDecoder.TEMPLATE_ID -> page(peer, message.readState());
            case ReadStatusDecoder.TEMPLATE_ID -> peer.status(message.requestId());
            case PruneDecoder.TEMPLATE_ID -> peer.pruned(message.requestId(), 3);
            default -> super.onMessage(peer, message);
        }
    }

    @Override
    protected void onOther(final FakePeer peer, final Received message) {
        // Credit and cursor acknowledgements need no answer.
    }

    /** Changes the database as another client would. Any thread; the node's thread delivers. */
    public synchronized void submitElsewhere(final ChangeSet set) {
        database.submit(set);
    }

    @Override
    public synchronized void onPoll() {
        deliver();
    }

    private void deliver() {
        subscribers.replaceAll((peer, from) -> {
            long at = from;
            for (final Delivery delivery : database.deliveries()) {
                if (delivery.sequence() > at && !peer.isClosed()) {
                    peer.delivery(delivery);
                    at = delivery.sequence();
                }
            }
            return at;
        });
    }

    private void submit(final FakePeer peer, final Received message) {
        submitted.add(message.requestId());
        final SubmitChangeSetDecoder decoder = message.submit();
        final boolean wantWinners = decoder.flags().wantWinners();
        final SubmitOutcome outcome = database.submit(decode(decoder));
        final SubmitResultEncoder encoder = new SubmitResultEncoder();
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        encoder.wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
                .requestId(message.requestId())
                .status(outcome.status())
                .reason(0)
                .sequence(outcome.sequence())
                .databaseSequence(outcome.databaseSequence())
                .epoch(1)
                .limitValue(-1)
                .actualValue(-1)
                .change(-1);
        final List<Winner> told = wantWinners ? outcome.winners() : List.of();
        final SubmitResultEncoder.WinnersEncoder winners = encoder.winnersCount(told.size());
        for (final Winner winner : told) {
            final byte[] value =
                    winner.value() == null ? new byte[0] : winner.value().toBytes();
            winners.next()
                    .change(winner.change())
                    .kind(winner.kind())
                    .omitted((short) 0)
                    .putHlc(clock(winner.hlc()), 0, HlcDescriptor.LENGTH)
                    .putValue(value, 0, value.length);
        }
        final byte[] outcomes = new byte[outcome.outcomes().size()];
        for (int i = 0; i < outcomes.length; i++) {
            final ChangeOutcome each = outcome.outcomes().get(i);
            outcomes[i] = (byte) each.ordinal();
        }
        encoder.putMigrationOutcomes(new byte[0], 0, 0).putOutcomes(outcomes, 0, outcomes.length);
        peer.encoded(buffer, MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength());
        deliver();
    }

    private static ChangeSet decode(final SubmitChangeSetDecoder decoder) {
        final ChangeSet.Builder builder = ChangeSet.builder(
                new Site(decoder.site().high(), decoder.site().low()), decoder.wall(), decoder.counter());
        decoder.migrations().forEach(SubmitChangeSetDecoder.MigrationsDecoder::sbeSkip);
        for (final SubmitChangeSetDecoder.ChangesDecoder change : decoder.changes()) {
            final ChangeOp op = change.op();
            final long opSeq = change.opSeq();
            final String schema = change.schemaName();
            final String table = change.tableName();
            final UnsafeBuffer key = new UnsafeBuffer(0, 0);
            change.wrapKey(key);
            final Key decodedKey = Key.decode(key, 0, key.capacity());
            final String column = change.columnName();
            final UnsafeBuffer value = new UnsafeBuffer(0, 0);
            change.wrapValue(value);
            change.skipBefore();
            if (op == ChangeOp.DELETE) {
                builder.delete(opSeq, schema, table, decodedKey, null);
            } else {
                final BeforeImage none = null;
                builder.write(opSeq, schema, table, decodedKey, column, Value.decode(value, 0, value.capacity()), none);
            }
        }
        return builder.build();
    }

    private void page(final FakePeer peer, final ReadStateDecoder request) {
        betweenPages.run();
        final List<List<Cell>> rows = database.rows();
        final int from = (int) Math.min(request.row(), rows.size());
        final int to = Math.min(from + ROWS_A_PAGE, rows.size());
        final List<Cell> cells =
                rows.subList(from, to).stream().flatMap(List::stream).toList();
        final Replica all = new Replica("db");
        all.load(new StatePage(0, 0, Checkpoint.START, true, 0, 0, database.cells(), List.of(), List.of()));
        final Digest128 digest = all.digest(incarnation);
        final StatePageEncoder encoder = new StatePageEncoder();
        final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer();
        encoder.wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
                .requestId(request.requestId())
                .sequence(database.deliveries().size())
                .check(0)
                .nextRow(to);
        encoder.flags().clear().last(to == rows.size());
        encoder.digest().high(digest.high()).low(digest.low() + (digestWrong ? 1 : 0));
        final StatePageEncoder.CellsEncoder group = encoder.cellsCount(cells.size());
        for (final Cell cell : cells) {
            final byte[] key = cell.key().toBytes();
            final byte[] value = cell.value().toBytes();
            group.next()
                    .putHlc(clock(cell.hlc()), 0, HlcDescriptor.LENGTH)
                    .schemaName(cell.schema())
                    .tableName(cell.table())
                    .putKey(key, 0, key.length)
                    .columnName(cell.column())
                    .putValue(value, 0, value.length);
        }
        encoder.migrationsCount(0);
        encoder.putWithin(new byte[0], 0, 0);
        peer.encoded(buffer, MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength());
    }

    private static byte[] clock(final Hlc hlc) {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[HlcDescriptor.LENGTH]);
        hlc.encode(buffer, 0);
        return buffer.byteArray();
    }
}
