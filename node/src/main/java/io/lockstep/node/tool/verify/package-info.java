/** Checks a journal from end to end without changing it. */
package io.lockstep.node.tool.verify;
