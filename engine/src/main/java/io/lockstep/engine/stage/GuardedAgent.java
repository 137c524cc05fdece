package io.lockstep.engine.stage;

import org.agrona.concurrent.Agent;

/** An agent that works only while nothing has failed, and whose own failure stops all the others. */
public final class GuardedAgent implements Agent {
    private final Agent agent;
    private final FailStop failStop;

    GuardedAgent(final Agent agent, final FailStop failStop) {
        this.agent = agent;
        this.failStop = failStop;
    }

    @Override
    public void onStart() {
        try {
            agent.onStart();
        } catch (final Throwable failure) {
            failStop.fail(agent.roleName(), failure);
        }
    }

    @Override
    public int doWork() {
        if (failStop.failed()) {
            return 0;
        }
        try {
            return agent.doWork();
        } catch (final Throwable failure) {
            failStop.fail(agent.roleName(), failure);
            return 0;
        }
    }

    @Override
    public void onClose() {
        try {
            agent.onClose();
        } catch (final Throwable failure) {
            failStop.fail(agent.roleName(), failure);
        }
    }

    @Override
    public String roleName() {
        return agent.roleName();
    }
}
