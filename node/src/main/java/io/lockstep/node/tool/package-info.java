/** Commands that talk to a node or read its journal: load, dump, watch, vectors, verify, bench. */
package io.lockstep.node.tool;
