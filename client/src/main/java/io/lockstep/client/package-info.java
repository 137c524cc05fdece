/**
 * The Java client: {@link io.lockstep.client.LockstepClient}, driven by its caller's polls, and
 * {@link io.lockstep.client.BlockingClient}, which polls on a thread of its own.
 */
package io.lockstep.client;
