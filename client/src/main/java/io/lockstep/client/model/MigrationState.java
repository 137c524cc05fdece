package io.lockstep.client.model;

/**
 * A schema migration that a database keeps. Immutable.
 *
 * @param hlc its clock
 * @param migration what it does; its opSeq is that of the clock
 */
public record MigrationState(Hlc hlc, Migration migration) {}
