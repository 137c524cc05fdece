/**
 * A database on a device: readable and writable with or without a node, kept in a local folder, and brought together with
 * the node whenever there is one. {@link io.lockstep.client.offline.OfflineDatabase} is where to start.
 */
package io.lockstep.client.offline;
