package io.lockstep.journal;

import java.nio.file.Path;

/**
 * Something bad in a journal.
 *
 * @param file where
 * @param offset of its first byte in the file
 * @param position of the record, or the one that should be there
 * @param durable true if it lies at or below the highest durable position known: damage; otherwise it is a torn tail or
 *     harmless
 * @param text what is wrong, with the values
 */
public record JournalProblem(Path file, long offset, long position, boolean durable, String text) {}
