package io.lockstep.client.offline;

import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.store.Store;
import io.lockstep.client.store.StoreException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.DirectBuffer;

/** What can be saved of a damaged folder. */
public final class Salvage {
    private final Map<Long, ChangeSet> kept = new TreeMap<>();

    private Salvage() {}

    /**
     * The change sets of a folder's outbox that are sound. Written to another {@link OfflineDatabase} they go to the node;
     * those that it had settled already, whose answer was damaged, take no effect again. Changes nothing.
     *
     * @param folder that nobody has open
     * @return oldest first
     * @throws StoreException LOCKED, or FAILED if it cannot be read
     */
    public static List<ChangeSet> changeSets(final Path folder) {
        final Salvage salvage = new Salvage();
        Store.salvage(folder, salvage::onRecord);
        return new ArrayList<>(salvage.kept.values());
    }

    private void onRecord(final int kind, final DirectBuffer buffer, final int offset, final int length) {
        switch (kind) {
            case Kinds.WRITTEN -> kept.put(id(buffer, offset), ChangeSet.decode(buffer, offset + Long.BYTES));
            case Kinds.RESTAMPED -> {
                kept.remove(id(buffer, offset));
                kept.put(id(buffer, offset + Long.BYTES), ChangeSet.decode(buffer, offset + 2 * Long.BYTES));
            }
            case Kinds.ANSWERED -> {
                if (Records.isSettled(buffer, offset, length)) {
                    kept.remove(id(buffer, offset));
                }
            }
            case Kinds.DROPPED -> kept.remove(id(buffer, offset));
            default -> {
                // Neither more nor less is in the outbox by it.
            }
        }
    }

    private static long id(final DirectBuffer buffer, final int offset) {
        return buffer.getLong(offset, ByteOrder.LITTLE_ENDIAN);
    }
}
