/** Slots, byte rings and their wiring: the only package that knows the Disruptor. */
package io.lockstep.engine.ring;
