package io.lockstep.client.offline;

import io.lockstep.client.model.Cursor;

/**
 * How an {@link OfflineDatabase} is. Immutable.
 *
 * @param state how it stands to the node
 * @param cursor everything up to there was applied
 * @param nodeSequence the highest sequence that the node was heard to have, 0 if unknown
 * @param waiting change sets that were not answered
 * @param undecided change sets that wait for the application: too late, or refused
 * @param outboxBytes of the change sets that are kept
 * @param fileBytes of the local file
 */
public record OfflineStatus(
        SyncState state,
        Cursor cursor,
        long nodeSequence,
        int waiting,
        int undecided,
        long outboxBytes,
        long fileBytes) {}
