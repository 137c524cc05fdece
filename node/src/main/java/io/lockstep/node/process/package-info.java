/** A node in a process of its own, for commands that start one. */
package io.lockstep.node.process;
