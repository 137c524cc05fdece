package io.lockstep.client.offline;

import io.lockstep.client.store.RecordSink;

/** Something that the node said: written down first, together with what it said besides, and then done. */
interface Staged {
    /** Writes it down. */
    void append(RecordSink sink);

    /** Does it. */
    void apply(LocalState state);
}
