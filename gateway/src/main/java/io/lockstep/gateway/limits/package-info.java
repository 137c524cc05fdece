/** Every limit of the gateway, what it guards, and the counters that show it was met. */
package io.lockstep.gateway.limits;
