package io.lockstep.engine.arbitration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.KeyForm;
import io.lockstep.codec.RowPolicy;
import io.lockstep.engine.snapshot.SnapshotException;
import io.lockstep.engine.snapshot.SnapshotMark;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a database may leave memory, and how it comes back. */
class ResidencyTest {
    private static final long IDLE_NS = 1_000;
    private static final long NOW_MS = ModelSets.START_MS + 10_000;
    private static final long DAY_MS = 24L * 60 * 60 * 1_000;

    private final ModelSets sets = new ModelSets(3);
    private ArbiterDriver driver;
    private Residency residency;
    private StateScan scan;
    private ShelfModel.Taken held;
    private long heldWalk = -1;
    private long nowNs;
    private int first;
    private int second;

    @BeforeEach
    void start() {
        start(driver(64L << 20, 1));
        first = make("d0");
        second = make("d1");
    }

    private static ArbiterDriver driver(final long arenaBytes, final int residentMax) {
        return new ArbiterDriver(new ArbiterContext()
                .incarnation(11, 22)
                .hashSeed(1, 2)
                .arenaBytesMax(arenaBytes)
                .databasesResidentMax(residentMax)
                .conclude());
    }

    private void start(final ArbiterDriver newDriver) {
        driver = newDriver;
        residency = driver.arbiter().residency();
        scan = driver.arbiter().scan();
        residency.begin(scan, nowNs);
    }

    @AfterEach
    void close() {
        driver.close();
    }

    @Test
    void shouldKeepWhatNoSnapshotHolds() {
        closeAll();
        makeRoom();
        assertEquals(2, residency.resident());
        assertTrue(residency.isSnapshotWorthwhile());
        assertFalse(residency.isSnapshotWorthwhile(), "said once");
    }

    @Test
    void shouldLeaveLongestUnusedFirst() {
        release(second);
        tick(1);
        release(first);
        snapshot();
        makeRoom();
        assertNull(driver.arbiter().database(second));
        assertNotNull(driver.arbiter().database(first));
        assertEquals(1, residency.evictions());
    }

    @Test
    void shouldKeepWhatIsOpen() {
        release(first);
        snapshot();
        makeRoom();
        makeRoom();
        assertNotNull(driver.arbiter().database(second), "it is in use");
        assertNull(driver.arbiter().database(first));
    }

    @Test
    void shouldKeepWhatWasOpenedAfterTheGatewayLooked() {
        release(first);
        assertEquals(first, open("d0"));
        driver.release(first, 2); // the two that made them
        snapshot();
        makeRoom();
        assertNotNull(driver.arbiter().database(first));
        driver.release(first, 3);
        makeRoom();
        assertNull(driver.arbiter().database(first));
    }

    @Test
    void shouldKeepWhatChangedSinceTheSnapshot() {
        closeAll();
        snapshot();
        submit(first);
        submit(second);
        makeRoom();
        assertEquals(2, residency.resident());
    }

    @Test
    void shouldKeepWhatWasPrunedSinceTheSnapshot() {
        for (int i = 0; i < 100; i++) {
            submit(first);
        }
        release(first);
        snapshot();
        assertTrue(driver.prune(first, NOW_MS + 1_000, 0) > 0, "there are tombstones");
        makeRoom();
        assertNotNull(driver.arbiter().database(first), "its sequence is the same, its state is not");
    }

    @Test
    void shouldKeepWhatChangedDuringItsWalk() {
        closeAll();
        final ShelfModel shelf = begin();
        scan.step(shelf);
        scan.step(shelf);
        submit(first);
        end(shelf);
        makeRoom();
        assertNotNull(driver.arbiter().database(first));
        assertNull(driver.arbiter().database(second), "what did not change is held");
    }

    @Test
    void shouldKeepWhatAWalkIsAt() {
        closeAll();
        snapshot();
        final ShelfModel shelf = begin();
        scan.step(shelf);
        scan.step(shelf); // in the midst of the first
        makeRoom();
        assertNotNull(driver.arbiter().database(first));
        end(shelf);
    }

    @Test
    void shouldKeepWhatOnlyASnapshotHoldsThatWasGivenUp() {
        closeAll();
        final ShelfModel shelf = begin();
        while (scan.step(shelf) != StateScan.Progress.DONE) {
            nowNs++;
        }
        scan.end(shelf, mark());
        makeRoom();
        assertEquals(2, residency.resident());
    }

    @Test
    void shouldStayForAWhileAfterItsLastSession() {
        snapshot();
        closeAll();
        residency.now(nowNs, heldWalk);
        assertFalse(residency.makeRoom(IDLE_NS));
        assertEquals(2, residency.resident());
    }

    @Test
    void shouldGiveAllOfItsMemoryBack() {
        final long before = residency.usedBytes();
        final int third = make("d2");
        for (int i = 0; i < 3_000; i++) {
            driver.submit(third, sets.next(NOW_MS), NOW_MS);
        }
        final long with = residency.usedBytes();
        release(third);
        closeAll();
        snapshot();
        makeRoom();
        assertNull(driver.arbiter().database(third));
        final long evicted = residency.usedBytes();
        assertTrue(evicted <= before + 64, "before=" + before + " with=" + with + " after=" + evicted);
    }

    @Test
    void shouldAnswerAnOpeningWithTheQuestionUntilItIsBack() {
        closeAll();
        snapshot();
        makeRoom();
        assertEquals(ArbiterDriver.ABSENT, open("d0"));
        assertEquals(ArbiterDriver.ABSENT, open("d0"));
        bringBack();
        assertEquals(first, open("d0"));
        assertEquals(1, residency.loads());
        assertEquals(0, residency.toAskFor());
    }

    @Test
    void shouldListWhatIsNotInMemory() {
        submit(first);
        closeAll();
        snapshot();
        makeRoom();
        assertEquals(List.of("d0", "d1"), driver.databases());
    }

    @Test
    void shouldRefuseAStateOtherThanTheOneThatLeft() {
        final List<byte[]> earlier = snapshot().of(first);
        submit(first);
        closeAll();
        snapshot();
        makeRoom();
        residency.want(first);
        assertEquals(first, residency.toAskFor());
        residency.asked();
        assertThrows(SnapshotException.class, () -> load(earlier));
        assertNull(driver.arbiter().database(first));
    }

    @Test
    void shouldRefuseToBringBackWhatDoesNotFit() {
        closeAll();
        snapshot();
        makeRoom();
        driver.arbiter().databases().known().sizes(first, 1, 1L << 30);
        assertEquals(0, open("d0"));
        assertEquals(ErrorCode.RESOURCE_EXHAUSTED, driver.lastError());
        assertTrue(driver.lastErrorText().contains("stateBytesMax=67108864"), driver.lastErrorText());
        assertEquals(0, residency.toAskFor());
    }

    @Test
    void shouldNotBringBackForAPruneWhatHasNothingToPrune() {
        closeAll();
        snapshot();
        makeRoom();
        assertEquals(0, driver.prune(first, NOW_MS, 0));
        assertEquals(0, residency.toAskFor());
    }

    @Test
    void shouldBringBackForAPruneWhatMayHaveSomething() {
        for (int i = 0; i < 100; i++) {
            submit(first);
        }
        closeAll();
        snapshot();
        makeRoom();
        assertEquals(0, driver.prune(first, NOW_MS, 2 * DAY_MS));
        assertEquals(0, residency.toAskFor(), "it has none that are so old");
        assertEquals(-1, driver.prune(first, NOW_MS + 3 * DAY_MS, DAY_MS));
        assertEquals(ErrorCode.BUSY, driver.lastError());
        bringBack();
        assertTrue(driver.prune(first, NOW_MS + 3 * DAY_MS, DAY_MS) > 0);
    }

    @Test
    void shouldTakeWhatIsNotInMemoryOverFromSnapshotToSnapshot() {
        submit(first);
        closeAll();
        for (int i = 0; i < 3; i++) {
            snapshot();
            makeRoom();
        }
        assertEquals(2, held.of(first).size(), "names and rows");
        residency.want(first);
        bringBack();
        assertEquals(1, driver.arbiter().database(first).sequence());
    }

    private int make(final String name) {
        return driver.create(name, RowPolicy.LAST_WRITER_WINS, KeyForm.TYPED);
    }

    private int open(final String name) {
        return driver.open(name, RowPolicy.LAST_WRITER_WINS, KeyForm.TYPED, 0, false, 0);
    }

    private void submit(final int database) {
        driver.submit(database, sets.next(NOW_MS), NOW_MS);
    }

    private void release(final int database) {
        driver.release(database, Long.MAX_VALUE);
    }

    private void closeAll() {
        release(first);
        release(second);
    }

    private void tick(final long ns) {
        nowNs += ns;
        residency.now(nowNs, heldWalk);
    }

    /** Until nothing more can leave. */
    private void makeRoom() {
        tick(2 * IDLE_NS);
        while (residency.makeRoom(IDLE_NS)) {
            nowNs++;
        }
    }

    private ShelfModel begin() {
        final ShelfModel shelf = new ShelfModel(held);
        scan.start(mark());
        return shelf;
    }

    private ShelfModel.Taken end(final ShelfModel shelf) {
        while (scan.step(shelf) != StateScan.Progress.DONE) {
            nowNs++;
        }
        assertTrue(scan.end(shelf, mark()));
        held = shelf.taken();
        heldWalk = scan.walk();
        residency.now(nowNs, heldWalk);
        return held;
    }

    private ShelfModel.Taken snapshot() {
        return end(begin());
    }

    private void bringBack() {
        final int wanted = residency.toAskFor();
        residency.asked();
        load(held.of(wanted));
    }

    private void load(final List<byte[]> blocks) {
        for (final byte[] bytes : new ArrayList<>(blocks)) {
            residency.block(new UnsafeBuffer(bytes), bytes.length);
            Residency.Progress progress = residency.load();
            while (progress == Residency.Progress.MORE) {
                progress = residency.load();
            }
        }
    }

    private SnapshotMark mark() {
        return new SnapshotMark(
                driver.records().size(),
                77,
                driver.arbiter().epoch(),
                driver.arbiter().lastStampedTimeMs(),
                0);
    }
}
