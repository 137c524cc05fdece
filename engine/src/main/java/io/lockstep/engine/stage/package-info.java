/** The agents on the ring, one screen each, and the layouts that give them threads. */
package io.lockstep.engine.stage;
