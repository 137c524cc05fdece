/** Pages of a database's state for clients that are new, out of a snapshot's file. */
package io.lockstep.engine.bootstrap;
