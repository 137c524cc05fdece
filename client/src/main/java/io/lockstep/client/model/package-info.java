/** Immutable values of the protocol: sites, clocks, values, keys, change sets, deliveries. They know nothing of connections. */
package io.lockstep.client.model;
