/** Commands for operators that need no running node of their own: config, status, token, clear-poison, completion. */
package io.lockstep.node.admin;
