/** JMH benchmarks, each with its budget, and the report that holds the results against the budgets. */
package io.lockstep.benchmarks;
