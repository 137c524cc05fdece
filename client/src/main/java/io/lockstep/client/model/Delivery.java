package io.lockstep.client.model;

import io.lockstep.codec.DeliveryDecoder;
import java.util.ArrayList;
import java.util.List;

/**
 * The effects of one sequence, decoded. Immutable.
 *
 * @param sequence its sequence
 * @param afterSequence the sequence delivered before it
 * @param check goes into the cursor
 * @param epoch in which it was made
 * @param stampedTimeMs when the node took it in, milliseconds since 1970
 * @param clock site, wall and counter of the change set; opSeq 0
 * @param own whether the session named the site as its own
 * @param migrations applied migrations
 * @param changes applied changes; deletes name their survivors
 */
public record Delivery(
        long sequence,
        long afterSequence,
        long check,
        long epoch,
        long stampedTimeMs,
        Hlc clock,
        boolean own,
        List<Migration> migrations,
        List<Change> changes) {
    /** Copies the lists. */
    public Delivery {
        migrations = List.copyOf(migrations);
        changes = List.copyOf(changes);
    }

    /**
     * Decodes a message.
     *
     * @param decoder wrapped around a validated message; its groups are walked
     * @return the delivery
     * @throws IllegalArgumentException if a value is not in canonical form
     */
    public static Delivery decode(final DeliveryDecoder decoder) {
        decoder.sbeRewind();
        final Hlc clock = new Hlc(
                decoder.wall(),
                decoder.counter(),
                new Site(decoder.site().high(), decoder.site().low()),
                0);
        final boolean own = decoder.flags().own();
        final List<Migration> migrations = migrations(decoder.migrations());
        final List<DecodedChange> changes = changes(decoder.changes());
        for (final DeliveryDecoder.SurvivorsDecoder survivor : decoder.survivors()) {
            final int change = survivor.change();
            if (change >= changes.size()) {
                throw new IllegalArgumentException(
                        "a survivor of no change: change=" + change + ", changes=" + changes.size());
            }
            changes.get(change).survivors.add(survivor.columnName());
        }
        final List<Change> finished = new ArrayList<>(changes.size());
        for (final DecodedChange change : changes) {
            finished.add(change.finish());
        }
        return new Delivery(
                decoder.sequence(),
                decoder.afterSequence(),
                decoder.check(),
                decoder.epoch(),
                decoder.stampedTimeMs(),
                clock,
                own,
                migrations,
                finished);
    }

    private static List<Migration> migrations(final DeliveryDecoder.MigrationsDecoder group) {
        final List<Migration> migrations = new ArrayList<>(group.count());
        for (final DeliveryDecoder.MigrationsDecoder each : group) {
            migrations.add(new Migration(
                    (int) each.opSeq(),
                    each.kind(),
                    (int) each.version(),
                    each.schemaName(),
                    each.objectName(),
                    each.fromObjectName(),
                    each.ddl()));
        }
        return migrations;
    }

    private static List<DecodedChange> changes(final DeliveryDecoder.ChangesDecoder group) {
        final List<DecodedChange> changes = new ArrayList<>(group.count());
        for (final DeliveryDecoder.ChangesDecoder each : group) {
            changes.add(DecodedChange.decode(each));
        }
        return changes;
    }
}
