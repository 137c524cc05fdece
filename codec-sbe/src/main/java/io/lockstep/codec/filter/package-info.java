/** Which changes a subscription or a read of the state is about. */
package io.lockstep.codec.filter;
