package io.lockstep.engine.stage;

import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.CompositeAgent;

/** Which agents share a thread. */
public enum ThreadLayout {
    /** One thread for everything; the default up to four cores. */
    SHARED {
        @Override
        public List<Agent> compose(final StageAgents stages, final Agent transport) {
            return List.of(composite(
                    "engine",
                    stages.clock(),
                    transport,
                    stages.snapshots(),
                    stages.arbitrate(),
                    stages.journal(),
                    stages.commit(),
                    stages.egress()));
        }
    },
    /** Three threads: transports with commit and egress, arbitration, journal. */
    DEDICATED {
        @Override
        public List<Agent> compose(final StageAgents stages, final Agent transport) {
            return List.of(
                    composite("transports", stages.clock(), transport, stages.commit(), stages.egress()),
                    composite("arbitrate", stages.snapshots(), stages.arbitrate()),
                    stages.journal());
        }
    };

    /**
     * Groups agents by thread; the first group is that of the transports.
     *
     * @param stages of the engine
     * @param transport guarded; null if there is none
     * @return one agent for each thread
     */
    public abstract List<Agent> compose(StageAgents stages, Agent transport);

    private static Agent composite(final String threadName, final Agent... agents) {
        final List<Agent> present = new ArrayList<>();
        for (final Agent agent : agents) {
            if (agent != null) {
                present.add(agent);
            }
        }
        return new NamedComposite(threadName, present);
    }

    /** The runner names its thread for the agent; the names of all of them in brackets say less than one. */
    private static final class NamedComposite extends CompositeAgent {
        private final String name;

        private NamedComposite(final String name, final List<Agent> agents) {
            super(agents);
            this.name = name;
        }

        @Override
        public String roleName() {
            return name;
        }
    }
}
