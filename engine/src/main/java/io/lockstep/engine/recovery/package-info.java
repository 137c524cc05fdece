/** From a journal to a state that can be trusted: genesis, replay with comparison, the rule for tails. */
package io.lockstep.engine.recovery;
