package io.lockstep.codec.frame;

import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.SubscribeDecoder;
import io.lockstep.codec.SubscribeDecoder.FiltersDecoder;

/** Walks the filters at the end of what asks for a part of a database. */
final class FilterWalk {
    /** A message of an earlier version ends before the filters. */
    private static final int SINCE_VERSION = SubscribeDecoder.filtersDecoderSinceVersion();

    private final FrameCursor cursor;

    FilterWalk(final FrameCursor cursor) {
        this.cursor = cursor;
    }

    /** Any number: how many a node takes is its own limit, and has a code of its own. */
    boolean filters(final int messageVersion) {
        if (messageVersion < SINCE_VERSION) {
            return true;
        }
        if (!cursor.group("filters", FiltersDecoder.sbeBlockLength())) {
            return false;
        }
        cursor.ruleCode(ErrorCode.INVALID_FILTER);
        final int count = cursor.groupCount();
        for (int i = 0; i < count; i++) {
            if (!cursor.entry(i) || !table() || !keyPrefix()) {
                return false;
            }
        }
        return true;
    }

    /** Up to a schema's name, a dot and a table's. */
    private boolean table() {
        return cursor.text16("table", 2 * cursor.limits().nameBytesMax() + 1) && cursor.notEmpty("table");
    }

    private boolean keyPrefix() {
        final boolean none = cursor.end() - cursor.position() >= Short.BYTES && cursor.headerField(0) == 0;
        return none ? cursor.data16("keyPrefix", 0) : cursor.key("keyPrefix");
    }
}
