/** What all commands share: exit codes, errors, addresses. */
package io.lockstep.node.cli;
