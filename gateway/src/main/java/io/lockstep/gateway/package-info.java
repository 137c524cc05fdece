/** The gateway: the front door of a node, an agent on the thread of the transports. */
package io.lockstep.gateway;
