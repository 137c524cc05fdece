/** The main job on real input: history to change sets, a real node that is killed, replicas that follow, proofs. */
package io.lockstep.node.demo;
