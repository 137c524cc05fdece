/** Settings: one table, three sources, strict. */
package io.lockstep.node.config;
