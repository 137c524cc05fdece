package io.lockstep.engine.snapshot;

/**
 * A place between two records of the journal.
 *
 * @param position of the record before
 * @param hash of that record
 * @param epoch in force
 * @param stampedTimeMs of the last record, milliseconds since 1970
 * @param unsealedFrom first position that no seal covers yet
 */
public record SnapshotMark(long position, long hash, long epoch, long stampedTimeMs, long unsealedFrom) {}
