package io.lockstep.gateway.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.MessageHeaderDecoder;
import io.lockstep.codec.PruneResultDecoder;
import io.lockstep.codec.message.ChangeSetWriter;
import io.lockstep.engine.arbitration.ArbiterContext;
import io.lockstep.gateway.testing.Messages;
import io.lockstep.gateway.testing.Received;
import io.lockstep.gateway.testing.TestClient;
import io.lockstep.gateway.testing.TestHub;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A Prune is answered once, however many commands it takes. */
class PruneTest {
    private static final int TOMBSTONES = 3 * ArbiterContext.PRUNED_AT_ONCE_MAX_DEFAULT + 5;
    private static final long WALL = 1_700_000_000_000L;

    private final TestHub node = new TestHub();
    private final TestClient client = node.open("", "notes");
    private long nowMs = 1_750_000_000_000L;
    private int deleted;

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void shouldPruneEverythingAndTellTheSum() {
        delete(TOMBSTONES);
        tick();
        client.says(Messages.prune(7));
        node.settle();
        final PruneResultDecoder result = result(client.last());
        assertEquals(7, result.requestId());
        assertEquals(TOMBSTONES, result.pruned());
        assertEquals(TOMBSTONES, result.databaseSequence());
        assertEquals(0, node.parts().engine().arbiter().database(1).tombstones());
        assertEquals(0, client.session().inFlight());
        assertEquals(0, client.session().readsInFlight());
    }

    @Test
    void shouldNotPruneWhatIsDeletedMeanwhile() {
        delete(TOMBSTONES);
        tick();
        client.says(Messages.prune(7));
        node.engineCycle();
        delete(10);
        node.settle();
        assertEquals(10, node.parts().engine().arbiter().database(1).tombstones());
    }

    @Test
    void shouldRefuseASecondOneMeanwhile() {
        delete(TOMBSTONES);
        tick();
        client.says(Messages.prune(7), Messages.prune(8));
        assertEquals(ErrorCode.BUSY, client.last().errorCode());
        node.settle();
        assertEquals(7, result(client.last()).requestId());
        client.says(Messages.prune(9));
        node.settle();
        assertEquals(0, result(client.last()).pruned());
    }

    @Test
    void shouldFinishBeforeItCloses() {
        delete(TOMBSTONES);
        tick();
        client.says(Messages.prune(7), Messages.close(8));
        node.settle();
        assertNotNull(client.closed());
        assertEquals(0, node.parts().engine().arbiter().database(1).tombstones());
    }

    @Test
    void shouldStopWhenTheConnectionIsLost() {
        delete(TOMBSTONES);
        tick();
        client.says(Messages.prune(7));
        node.engineCycle();
        client.hangsUp();
        node.settle();
        final long left = node.parts().engine().arbiter().database(1).tombstones();
        assertTrue(left > 0 && left < TOMBSTONES, "left=" + left);
        assertNull(node.hub().sessionList().stream().findFirst().orElse(null));
    }

    private PruneResultDecoder result(final Received received) {
        assertEquals(PruneResultDecoder.TEMPLATE_ID, received.templateId());
        return new PruneResultDecoder()
                .wrapAndApplyHeader(new UnsafeBuffer(received.bytes()), 0, new MessageHeaderDecoder());
    }

    /** Each in a millisecond of its own. */
    private void delete(final int count) {
        for (int i = 0; i < count; i++) {
            tick();
            final byte[] key = new byte[9];
            key[0] = 2;
            new UnsafeBuffer(key).putLong(1, deleted, ByteOrder.LITTLE_ENDIAN);
            final UnsafeBuffer buffer = new UnsafeBuffer(new byte[256]);
            final ChangeSetWriter set = new ChangeSetWriter()
                    .wrap(buffer, 0)
                    .header(100 + deleted, 0, 9, WALL + deleted, 0, false, 0, 1)
                    .delete(
                            0,
                            "main".getBytes(StandardCharsets.US_ASCII),
                            "t".getBytes(StandardCharsets.US_ASCII),
                            key);
            final byte[] message = new byte[set.length()];
            buffer.getBytes(0, message);
            deleted++;
            client.says(message);
            node.settle();
        }
    }

    private void tick() {
        nowMs++;
        node.parts().engine().clock().set(nowMs);
    }
}
