/** A running node: puts journal, engine and gateway together, and ends the process when one of them fails. */
package io.lockstep.node.server;
