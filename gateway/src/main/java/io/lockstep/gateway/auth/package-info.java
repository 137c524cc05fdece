/** Who a client is and what it may do. */
package io.lockstep.gateway.auth;
