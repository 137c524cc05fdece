/** Files that outlive the process: a log of checksummed records that begins with a checkpoint. Knows nothing of what is in them. */
package io.lockstep.client.store;
