/** From a journal record to the message that subscribers receive. */
package io.lockstep.engine.delivery;
