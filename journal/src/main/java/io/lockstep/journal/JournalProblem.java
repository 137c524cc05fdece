package io.lockstep.journal;

import java.nio.file.Path;

/**
 * Something bad in a journal.
 *
 * @param file where
 * @param offset of its first byte in the file
 * @param position of the record, or the one that should be there
 * @param damage true if a node must not start on it; otherwise it is a tail that was never promised, or harmless
 * @param text what is wrong, with the values
 */
public record JournalProblem(Path file, long offset, long position, boolean damage, String text) {}
