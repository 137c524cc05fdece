package io.lockstep.engine.stage;

/**
 * The agents of an engine, each guarded; no one of them knows its thread.
 *
 * @param clock ticks the ingress clock; with the transports
 * @param snapshots takes them between commands, on the thread of the first stage; null for none
 * @param arbitrate first stage
 * @param journal second stage
 * @param commit opens the egress gate; with egress
 * @param egress last stage; with the transports
 */
public record StageAgents(
        GuardedAgent clock,
        GuardedAgent snapshots,
        GuardedAgent arbitrate,
        GuardedAgent journal,
        GuardedAgent commit,
        GuardedAgent egress) {}
