/** Programs that show the client at work; run them against a node. */
package io.lockstep.client.examples;
