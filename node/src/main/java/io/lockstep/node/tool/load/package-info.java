/** What {@code lockstep load} is made of: sources of change sets, lanes to the node, and the tally of answers. */
package io.lockstep.node.tool.load;
