package io.lockstep.client.replica;

import io.lockstep.client.model.Key;

/** A row's identity. */
record RowKey(String schema, String table, Key key) {}
