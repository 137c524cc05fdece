/** What a snapshot is made of, between the arbiter, which scans and restores, and whoever keeps the file. */
package io.lockstep.engine.snapshot;
