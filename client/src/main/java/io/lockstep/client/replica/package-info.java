/** Replicas in memory, built from deliveries. They know nothing of connections. */
package io.lockstep.client.replica;
