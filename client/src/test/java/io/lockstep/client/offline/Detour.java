package io.lockstep.client.offline;

import io.lockstep.client.testing.DatabaseScript;
import io.lockstep.client.testing.FakeNode;
import io.lockstep.client.testing.FakePeer;
import io.lockstep.client.testing.Received;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A node that answers some messages otherwise than its database would. */
final class Detour implements FakeNode.Script {
    final DatabaseScript script;
    final List<Received> received = new CopyOnWriteArrayList<>();
    private final Map<Integer, FakeNode.Script> detours = new ConcurrentHashMap<>();

    Detour(final DatabaseScript script) {
        this.script = script;
    }

    void on(final int templateId, final FakeNode.Script detour) {
        detours.put(templateId, detour);
    }

    void off(final int templateId) {
        detours.remove(templateId);
    }

    @Override
    public void onMessage(final FakePeer peer, final Received message) {
        received.add(message);
        detours.getOrDefault(message.templateId(), script).onMessage(peer, message);
    }

    @Override
    public void onPoll() {
        script.onPoll();
    }
}
