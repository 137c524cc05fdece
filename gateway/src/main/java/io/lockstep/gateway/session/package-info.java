/** Sessions as state machines, subscriptions, fan-out and catch-up; knows no transport. */
package io.lockstep.gateway.session;
