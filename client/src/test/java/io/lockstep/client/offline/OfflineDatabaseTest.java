package io.lockstep.client.offline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.client.ClientContext;
import io.lockstep.client.DatabaseOptions;
import io.lockstep.client.model.Cell;
import io.lockstep.client.model.ChangeSet;
import io.lockstep.client.model.Hlc;
import io.lockstep.client.model.Key;
import io.lockstep.client.model.Site;
import io.lockstep.client.model.TableFilter;
import io.lockstep.client.model.Value;
import io.lockstep.client.store.StoreException;
import io.lockstep.client.testing.DatabaseScript;
import io.lockstep.client.testing.FakeDatabase;
import io.lockstep.client.testing.RunningNode;
import io.lockstep.codec.ErrorCode;
import io.lockstep.codec.OpenDatabaseDecoder;
import io.lockstep.codec.ResetReason;
import io.lockstep.codec.SubmitChangeSetDecoder;
import io.lockstep.codec.SubmitStatus;
import io.lockstep.codec.SubscribeDecoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class OfflineDatabaseTest {
    private static final long WAIT_MS = 20_000;

    @TempDir
    private Path folder;

    private final Detour detour = new Detour(new DatabaseScript());
    private final RunningNode node = new RunningNode(detour);
    private final Ear ear = new Ear();
    private String address = node.address();

    @AfterEach
    void close() {
        node.close();
    }

    private OfflineContext context() {
        return new OfflineContext()
                .folder(folder.resolve("device"))
                .database(DatabaseOptions.createIfMissing("db"))
                .client(new ClientContext().addresses(address).backoffMs(1, 20).lingerMs(2_000))
                .listener(ear)
                .retryMs(50)
                .syncIntervalMs(20);
    }

    /** Nobody listens there. */
    private OfflineContext alone() {
        address = "127.0.0.1:1";
        final OfflineContext context = context();
        address = node.address();
        return context;
    }

    private static long write(final OfflineDatabase database, final int key, final String text) {
        return database.write(changes -> changes.write("main", "t", Key.ofInteger(key), "a", Value.ofText(text)));
    }

    private static Optional<String> text(final OfflineDatabase database, final int key) {
        return database.value("main", "t", Key.ofInteger(key), "a").map(Value::asText);
    }

    private static void until(final BooleanSupplier holds) {
        final long startNs = System.nanoTime();
        while (!holds.getAsBoolean()) {
            assertTrue(System.nanoTime() - startNs < WAIT_MS * 1_000_000, "never came");
            Thread.onSpinWait();
        }
    }

    private List<String> nodeTexts() {
        synchronized (detour.script) {
            return detour.script.database.cells().stream()
                    .map(cell -> cell.value().asText())
                    .sorted()
                    .toList();
        }
    }

    private static Set<Cell> cells(final OfflineDatabase database) {
        return new HashSet<>(database.cells());
    }

    private Set<Cell> nodeCells() {
        synchronized (detour.script) {
            return new HashSet<>(detour.script.database.cells());
        }
    }

    private void submitElsewhere(final int key, final long wall, final String text) {
        detour.script.submitElsewhere(ChangeSet.builder(new Site(9, 9), wall, 0)
                .write("main", "t", Key.ofInteger(key), "a", Value.ofText(text))
                .build());
    }

    private long nodeSequence() {
        synchronized (detour.script) {
            return detour.script.database.deliveries().size();
        }
    }

    @Test
    void shouldShowAndKeepWhatIsWrittenWithoutANode() {
        final long id;
        try (OfflineDatabase database = OfflineDatabase.open(alone())) {
            id = write(database, 1, "offline");
            assertEquals(Optional.of("offline"), text(database, 1));
        }
        try (OfflineDatabase database = OfflineDatabase.open(alone())) {
            assertEquals(Optional.of("offline"), text(database, 1));
            assertEquals(
                    List.of(id), database.outbox().stream().map(OutboxEntry::id).toList());
        }
    }

    @Test
    void shouldSendWhatWasWrittenBeforeInItsOrder() throws InterruptedException {
        try (OfflineDatabase database = OfflineDatabase.open(alone())) {
            for (int i = 0; i < 50; i++) {
                write(database, i, "text " + i);
            }
        }
        try (OfflineDatabase database = OfflineDatabase.open(context())) {
            assertTrue(database.awaitAnswers(WAIT_MS));
            assertTrue(database.awaitSequence(50, WAIT_MS));
            until(() -> ear.settled.size() == 50);
            assertEquals(List.of(), database.outbox());
            assertEquals(nodeCells(), cells(database));
        }
        final List<String> order = detour.script.database.deliveries().stream()
                .map(delivery -> delivery.changes().get(0).value().asText())
                .toList();
        assertEquals(IntStream.range(0, 50).mapToObj(i -> "text " + i).toList(), order);
    }

    @Test
    void shouldStampLaterThanEverBeforeThoughTheClockWentBack() {
        final long[] nowMs = {1_800_000_000_000L};
        final Hlc before;
        try (OfflineDatabase database = OfflineDatabase.open(alone().wallClockMs(() -> nowMs[0]))) {
            write(database, 1, "one");
            before = database.row("main", "t", Key.ofInteger(1)).get("a").hlc();
        }
        nowMs[0] -= 1_000_000_000L;
        try (OfflineDatabase database = OfflineDatabase.open(alone().wallClockMs(() -> nowMs[0]))) {
            write(database, 2, "two");
            final Hlc after =
                    database.row("main", "t", Key.ofInteger(2)).get("a").hlc();
            assertTrue(after.compareTo(before) > 0, before + " " + after);
        }
    }

    @Test
    void shouldGiveWayToTheWinnerAndSaySo() throws InterruptedException {
        submitElsewhere(1, System.currentTimeMillis() + 30_000, "theirs");
        try (OfflineDatabase database = OfflineDatabase.open(alone())) {
            write(database, 1, "mine");
            assertEquals(Optional.of("mine"), text(database, 1));
        }
        try (OfflineDatabase database = OfflineDatabase.open(context())) {
            assertTrue(database.awaitAnswers(WAIT_MS));
            until(() -> ear.settled.size() == 1);
            final Value winner = ear.settled.get(0).outcome().winners().get(0).value();
            assertEquals("theirs", winner.asText());
            assertEquals(Optional.of("theirs"), text(database, 1));
        }
    }

    @Test
    void shouldGoOnFromItsCursorAfterARestart() throws InterruptedException {
        try (OfflineDatabase database = OfflineDatabase.open(context())) {
            assertTrue(database.awaitState(SyncState.LIVE, WAIT_MS));
            submitElsewhere(1, 1_000, "one");
            assertTrue(database.awaitSequence(1, WAIT_MS));
        }
        submitElsewhere(2, 1_000, "two");
        detour.received.clear();
        try (OfflineDatabase database = OfflineDatabase.open(context())) {
            assertTrue(database.awaitSequence(2, WAIT_MS));
            assertEquals(nodeCells(), cells(database));
        }
        assertEquals(
                List.of(1L),
                detour.received.stream()
                        .filter(each -> each.templateId() == SubscribeDecoder.TEMPLATE_ID)
                        .map(each -> each.subscribe().sequence())
                        .toList());
        assertEquals(List.of(), ear.resets);
    }

    @Test
    void shouldReadTheStateFirstWhereThereIsMuchToCatchUp() throws InterruptedException {
        submitElsewhere(1, 1_000, "one");
        submitElsewhere(2, 1_000, "two");
        submitElsewhere(1, 2_000, "three");
        detour.script.sequence = 3;
        try (OfflineDatabase database = OfflineDatabase.open(context())) {
            assertTrue(database.awaitSequence(3, WAIT_MS));
            assertTrue(database.awaitState(SyncState.LIVE, WAIT_MS));
            assertEquals(nodeCells(), cells(database));
            assertEquals(List.of(ResetCause.FIRST_TIME), ear.resets);
        }
    }

    @Test
    void shouldReadTheStateAnewAndKeepTheOutboxWhenAskedToReset() throws InterruptedException {
        try (OfflineDatabase database = OfflineDatabase.open(context())) {
            write(database, 1, "one");
            assertTrue(database.awaitAnswers(WAIT_MS));
            assertTrue(database.awaitSequence(1, WAIT_MS));
        }
        try (OfflineDatabase database = OfflineDatabase.open(alone())) {
            write(database, 2, "two");
        }
        submitElsewhere(3, 1_000, "three");
        detour.on(SubscribeDecoder.TEMPLATE_ID, (peer, message) -> {
            detour.off(SubscribeDecoder.TEMPLATE_ID);
            peer.resetRequired(message.requestId(), ResetReason.BEYOND_RETENTION, detour.script.incarnation);
        });
        try (OfflineDatabase database = OfflineDatabase.open(context())) {
            until(() -> ear.statesRead.size() == 1);
            assertTrue(database.awaitAnswers(WAIT_MS));
            assertTrue(database.awaitSequence(3, WAIT_MS));
            assertEquals(List.of(ResetCause.BEYOND_RETENTION), ear.resets);
            assertEquals(List.of("one", "three", "two"), nodeTexts());
            assertEquals(nodeCells(), cells(database));
        }
    }

    @Test
    void shouldKeepWhatWasTooLateUntilItIsStampedAnew() throws InterruptedException {
        detour.on(SubmitChangeSetDecoder.TEMPLATE_ID, (peer, message) -> {
            detour.off(SubmitChangeSetDecoder.TEMPLATE_ID);
            peer.result(message.requestId(), SubmitStatus.NO_EFFECT, 0, new byte[] {4});
        });
        final long id;
        try (OfflineDatabase database = OfflineDatabase.open(context())) {
            id = write(database, 1, "late");
            until(() -> ear.undecided.size() == 1);
            assertEquals(Optional.empty(), text(database, 1));
        }
        try (OfflineDatabase database = OfflineDatabase.open(context())) {
            final OutboxEntry entry = database.outbox().get(0);
            assertEquals(List.of(id, EntryState.TOO_LATE), List.of(entry.id(), entry.state()));
            final long again = database.restamp(id);
            assertTrue(again > id);
            assertTrue(database.awaitAnswers(WAIT_MS));
            assertEquals(List.of("late"), nodeTexts());
            assertEquals(List.of(), database.outbox());
            assertThrows(StoreException.class, () -> database.drop(id));
        }
        assertEquals(1, ear.undecided.size());
    }

    @Test
    void shouldStampAnewOnlyTheChangesThatWereTooLate() {
        detour.on(SubmitChangeSetDecoder.TEMPLATE_ID, (peer, message) -> {
            detour.off(SubmitChangeSetDecoder.TEMPLATE_ID);
            peer.result(message.requestId(), SubmitStatus.NO_EFFECT, 0, new byte[] {1, 4});
        });
        try (OfflineDatabase database = OfflineDatabase.open(context())) {
            final long id = database.write(
                    changes -> changes.write("main", "t", Key.ofInteger(1), "a", Value.ofText("superseded"))
                            .write("main", "t", Key.ofInteger(2), "a", Value.ofText("late")));
            until(() -> ear.undecided.size() == 1);
            database.restamp(id);
            until(() -> nodeTexts().equals(List.of("late")));
        }
    }

    @Test
    void shouldSayWhichChangeOfASetWasTooLarge() {
        detour.on(SubmitChangeSetDecoder.TEMPLATE_ID, (peer, message) -> peer.tooLarge(message.requestId(), 16, 20, 0));
        try (OfflineDatabase database = OfflineDatabase.open(context())) {
            write(database, 1, "one");
            until(() -> ear.undecided.size() == 1);
        }
        try (OfflineDatabase database = OfflineDatabase.open(context())) {
            final String text = database.outbox().get(0).text();
            assertTrue(
                    text.startsWith("REFUSED EFFECT_TOO_LARGE, value 20, limit 16, at change 0: write of main.t"),
                    text);
        }
    }

    @Test
    void shouldKeepWhatWasRefusedUntilItIsDropped() {
        detour.on(
                SubmitChangeSetDecoder.TEMPLATE_ID,
                (peer, message) -> peer.error(message.requestId(), ErrorCode.QUOTA_EXCEEDED, 0, "quota"));
        final long id;
        try (OfflineDatabase database = OfflineDatabase.open(context())) {
            id = write(database, 1, "one");
            until(() -> ear.undecided.size() == 1);
        }
        try (OfflineDatabase database = OfflineDatabase.open(context())) {
            final OutboxEntry entry = database.outbox().get(0);
            assertEquals(EntryState.REFUSED, entry.state());
            assertEquals(ErrorCode.QUOTA_EXCEEDED.value(), (short) entry.code());
            database.drop(id);
            assertEquals(List.of(), database.outbox());
        }
        try (OfflineDatabase database = OfflineDatabase.open(context())) {
            assertEquals(List.of(), database.outbox());
            assertEquals(Optional.empty(), text(database, 1));
        }
    }

    @Test
    void shouldSendARefusedSetAgainWhenAsked() throws InterruptedException {
        detour.on(SubmitChangeSetDecoder.TEMPLATE_ID, (peer, message) -> {
            detour.off(SubmitChangeSetDecoder.TEMPLATE_ID);
            peer.error(message.requestId(), ErrorCode.QUOTA_EXCEEDED, 0, "quota");
        });
        try (OfflineDatabase database = OfflineDatabase.open(context())) {
            final long id = write(database, 1, "one");
            until(() -> ear.undecided.size() == 1);
            database.resend(id);
            assertEquals(Optional.of("one"), text(database, 1));
            assertTrue(database.awaitAnswers(WAIT_MS));
            assertEquals(List.of("one"), nodeTexts());
        }
    }

    @Test
    void shouldTellAgainWhatTheListenerFailedAt() throws InterruptedException {
        ear.failing = true;
        try (OfflineDatabase database = OfflineDatabase.open(context())) {
            write(database, 1, "one");
            assertTrue(database.awaitAnswers(WAIT_MS));
        }
        assertEquals(List.of(), ear.settled);
        ear.failing = false;
        try (OfflineDatabase database = OfflineDatabase.open(context())) {
            until(() -> ear.settled.size() == 1);
        }
        try (OfflineDatabase database = OfflineDatabase.open(context())) {
            assertTrue(database.awaitState(SyncState.LIVE, WAIT_MS));
        }
        assertEquals(1, ear.settled.size());
    }

    @Test
    void shouldKeepItsOutboxThoughTheDatabaseCannotBeOpened() throws InterruptedException {
        detour.on(
                OpenDatabaseDecoder.TEMPLATE_ID,
                (peer, message) -> peer.error(message.requestId(), ErrorCode.NOT_PERMITTED, 0, "no"));
        try (OfflineDatabase database = OfflineDatabase.open(context())) {
            write(database, 1, "one");
            until(() -> ear.refusals.size() >= 2);
            assertEquals(EntryState.WAITING, database.outbox().get(0).state());
            detour.off(OpenDatabaseDecoder.TEMPLATE_ID);
            assertTrue(database.awaitAnswers(WAIT_MS));
            assertEquals(List.of("one"), nodeTexts());
        }
    }

    @Test
    void shouldEndInTheNodesStateThroughLossesAndRestartsAndRewrittenFiles() throws InterruptedException {
        final long seed = 20_261_123L;
        final Random random = new Random(seed);
        for (int round = 0; round < 6; round++) {
            try (OfflineDatabase database = OfflineDatabase.open(context().logBytesMin(2_000))) {
                for (int i = 0; i < 60; i++) {
                    final ChangeSet set = FakeDatabase.randomSet(
                            random, new Hlc(1_000 + random.nextInt(90), i, new Site(5, round), 0));
                    if (random.nextBoolean()) {
                        database.write(set);
                    } else {
                        detour.script.submitElsewhere(set);
                    }
                    if (random.nextInt(30) == 0) {
                        node.dropConnection();
                    }
                }
                if (round % 2 == 1) {
                    assertTrue(database.awaitAnswers(WAIT_MS), "seed=" + seed);
                    assertTrue(database.awaitSequence(nodeSequence(), WAIT_MS), "seed=" + seed);
                    assertEquals(nodeCells(), new HashSet<>(database.settledCells()), "seed=" + seed);
                    assertEquals(nodeCells(), cells(database), "seed=" + seed);
                }
            }
        }
    }

    @Test
    void shouldSendAgainWhatItDidNotSeeOfAnotherHistory() throws InterruptedException {
        detour.on(SubmitChangeSetDecoder.TEMPLATE_ID, (peer, message) -> {
            detour.off(SubmitChangeSetDecoder.TEMPLATE_ID);
            peer.result(message.requestId(), SubmitStatus.ACCEPTED, 77, new byte[] {0});
        });
        try (OfflineDatabase database = OfflineDatabase.open(context())) {
            write(database, 1, "settled by a node that lost it");
            assertTrue(database.awaitAnswers(WAIT_MS));
            until(() -> ear.settled.size() == 1);
        }
        detour.on(SubscribeDecoder.TEMPLATE_ID, (peer, message) -> {
            detour.off(SubscribeDecoder.TEMPLATE_ID);
            peer.resetRequired(message.requestId(), ResetReason.AHEAD_OF_NODE, detour.script.incarnation);
        });
        try (OfflineDatabase database = OfflineDatabase.open(context())) {
            until(() -> nodeTexts().size() == 1);
            assertTrue(database.awaitSequence(1, WAIT_MS));
            assertEquals(List.of(ResetCause.AHEAD_OF_NODE), ear.resets);
            assertEquals(nodeCells(), cells(database));
        }
    }

    @Test
    void shouldReadOtherRowsWhenItsFiltersChange() throws InterruptedException {
        submitElsewhere(1, 1_000, "one");
        try (OfflineDatabase database = OfflineDatabase.open(context())) {
            assertTrue(database.awaitSequence(1, WAIT_MS));
        }
        ear.resets.clear();
        try (OfflineDatabase database = OfflineDatabase.open(context().filters(List.of(TableFilter.of("t"))))) {
            until(() -> ear.resets.contains(ResetCause.FILTERS_CHANGED));
        }
    }

    @Test
    void shouldRefuseMoreThanTheOutboxMayHold() {
        try (OfflineDatabase database = OfflineDatabase.open(alone().outboxBytesMax(300))) {
            write(database, 1, "one");
            final StoreException full = assertThrows(StoreException.class, () -> write(database, 2, "x".repeat(300)));
            assertEquals(StoreException.Reason.LIMIT, full.reason());
            assertEquals(Optional.empty(), text(database, 2));
        }
    }

    @Test
    void shouldRefuseAFolderOfAnotherDatabase() {
        OfflineDatabase.open(alone()).close();
        final OfflineContext other = alone().database(DatabaseOptions.existing("other"));
        assertEquals(
                StoreException.Reason.DIFFERS,
                assertThrows(StoreException.class, () -> OfflineDatabase.open(other))
                        .reason());
    }

    @Test
    void shouldRefuseAFolderThatIsOpen() {
        try (OfflineDatabase database = OfflineDatabase.open(alone())) {
            final StoreException locked = assertThrows(StoreException.class, () -> OfflineDatabase.open(alone()));
            assertEquals(StoreException.Reason.LOCKED, locked.reason());
        }
    }

    @Test
    void shouldLetChangeSetsBeSavedFromADamagedFolder() throws IOException {
        final List<String> texts = List.of("before the damage", "the damaged one", "after the damage");
        try (OfflineDatabase database = OfflineDatabase.open(alone())) {
            texts.forEach(text -> write(database, texts.indexOf(text), text));
        }
        final Path file;
        try (Stream<Path> files = Files.list(folder.resolve("device"))) {
            file = files.filter(each -> each.toString().endsWith(".log"))
                    .findFirst()
                    .orElseThrow();
        }
        final byte[] bytes = Files.readAllBytes(file);
        bytes[new String(bytes, StandardCharsets.ISO_8859_1).indexOf(texts.get(1))] ^= 1;
        Files.write(file, bytes);
        final StoreException damaged = assertThrows(StoreException.class, () -> OfflineDatabase.open(alone()));
        assertEquals(StoreException.Reason.DAMAGED, damaged.reason());
        assertEquals(
                List.of(texts.get(0), texts.get(2)),
                Salvage.changeSets(folder.resolve("device")).stream()
                        .map(set -> set.changes().get(0).value().asText())
                        .toList());
    }

    @Test
    void shouldRefuseToWriteOnceClosed() {
        final OfflineDatabase database = OfflineDatabase.open(alone());
        database.close();
        assertEquals(
                StoreException.Reason.CLOSED,
                assertThrows(StoreException.class, () -> write(database, 1, "one"))
                        .reason());
        assertFalse(ear.states.isEmpty());
    }

    @Test
    void shouldKeepItsSite() {
        final Site site;
        try (OfflineDatabase database = OfflineDatabase.open(alone())) {
            site = database.site();
        }
        try (OfflineDatabase database = OfflineDatabase.open(alone())) {
            assertEquals(site, database.site());
        }
    }
}
