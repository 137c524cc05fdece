package io.lockstep.engine.recovery;

/**
 * What a bad record in a journal is.
 *
 * @param torn true: never was promised, everything from it on is cut; false: damage, and nothing may be cut
 * @param rule a sentence that names the rule applied, with the values
 */
public record TailVerdict(boolean torn, String rule) {}
