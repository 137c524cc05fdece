package io.lockstep.engine.bootstrap;

import io.lockstep.codec.filter.ChangeFilters;

/**
 * What a page should be like.
 *
 * @param requestId of the client's request
 * @param pageBytesMax at most so long, but for a first entry that alone is longer
 * @param check of the sequence that the client subscribes after, 0 if not known
 * @param filters leave out what they do not match
 * @param takesParts whether the client can put a value together that comes in parts
 */
public record PageOrder(long requestId, long pageBytesMax, long check, ChangeFilters filters, boolean takesParts) {}
