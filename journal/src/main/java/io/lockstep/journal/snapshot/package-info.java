/** Snapshots of the state on disk: written beside the journal, checked block by block, the newest few kept. */
package io.lockstep.journal.snapshot;
