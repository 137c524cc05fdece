/** One connection: transport, framing, messages, heartbeats, and the window of what was not answered yet. Not an API. */
package io.lockstep.client.wire;
