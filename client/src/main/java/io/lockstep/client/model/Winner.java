package io.lockstep.client.model;

import io.lockstep.codec.WinnerKind;

/**
 * What stands in the way of a change that did not apply. Immutable.
 *
 * @param change index of the change in its change set
 * @param kind a cell, a tombstone or the prune mark
 * @param hlc its clock
 * @param value of a cell its value, null otherwise and where it was left out
 * @param omitted whether the value was left out because the answer would have been too large
 */
public record Winner(int change, WinnerKind kind, Hlc hlc, Value value, boolean omitted) {}
