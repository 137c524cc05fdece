/** TCP and TLS through Netty (alone with it): bytes in, frames out. */
package io.lockstep.gateway.tcp;
