package io.lockstep.client.offline;

import io.lockstep.codec.KeyForm;
import io.lockstep.codec.RowPolicy;

/** What the database's rules are; assumed until the node was reached once. */
record Settings(RowPolicy rowPolicy, KeyForm keyForm) {}
