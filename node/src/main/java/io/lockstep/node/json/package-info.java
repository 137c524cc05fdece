/** JSON lines: change sets in, deliveries and state out, in the form of the conformance vectors. */
package io.lockstep.node.json;
