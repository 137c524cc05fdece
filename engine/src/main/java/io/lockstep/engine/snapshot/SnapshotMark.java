package io.lockstep.engine.snapshot;

/**
 * A place between two records of the journal.
 *
 * @param position of the record before
 * @param hash of that record
 * @param epoch in force
 * @param stampedTimeMs of the last record, milliseconds since 1970
 * @param sealedThrough last position covered by a seal, 0 if there is none
 */
public record SnapshotMark(long position, long hash, long epoch, long stampedTimeMs, long sealedThrough) {}
