/** The load generator behind {@code lockstep bench}, and the baselines that it measures itself against. */
package io.lockstep.node.tool.bench;
