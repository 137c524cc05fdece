/** A journal in memory, for embedding, benchmarks and simulation. */
package io.lockstep.engine.memory;
