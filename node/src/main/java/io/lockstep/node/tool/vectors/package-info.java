/** Runs conformance vectors through the real ring and stages. */
package io.lockstep.node.tool.vectors;
