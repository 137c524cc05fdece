/** The command line's root: registers the commands of the packages beneath it. */
package io.lockstep.node;
