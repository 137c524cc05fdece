/** Journal records: layout, sealing, checking, and the records that the node writes by itself. */
package io.lockstep.engine.record;
