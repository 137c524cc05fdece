package io.lockstep.engine.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.codec.RecordKind;
import io.lockstep.engine.arbitration.Decision;
import io.lockstep.engine.command.CommandKind;
import io.lockstep.engine.command.IngressCommand;
import io.lockstep.engine.memory.MemoryJournal;
import io.lockstep.engine.port.JournalFailedException;
import io.lockstep.engine.record.Incarnation;
import io.lockstep.engine.record.NodeRecordWriter;
import io.lockstep.engine.record.RecordDescriptor;
import io.lockstep.engine.record.RecordSealer;
import io.lockstep.engine.record.SealDigest;
import io.lockstep.engine.stage.LedgerDecider;
import io.lockstep.engine.stage.TestCommands;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReplayTest {
    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
    private static final Incarnation INCARNATION = new Incarnation(21, 22);

    private final MemoryJournal journal = MemoryJournal.selfSyncing();
    private final LedgerDecider writer = new LedgerDecider();
    private final TestCommands commands = new TestCommands();
    private final IngressCommand envelope = new IngressCommand();
    private final Decision decision = new Decision();
    private final UnsafeBuffer out = new UnsafeBuffer(new byte[LedgerDecider.OUT_BYTES_MAX]);
    private final NodeRecordWriter nodeRecords = new NodeRecordWriter(1);
    private final SealDigest sealDigest = new SealDigest();
    private RecordSealer sealer;

    @BeforeEach
    void begin() {
        JournalBootstrap.incarnation(journal, INCARNATION, 1, TimeUnit.MINUTES.toNanos(1));
        try (var reader = journal.openReader()) {
            reader.poll(
                    (buffer, offset, length) -> {
                        sealer = new RecordSealer(
                                INCARNATION, 1, buffer.getLong(offset + RecordDescriptor.HASH_OFFSET, LE));
                        sealDigest.update(buffer, offset, length);
                        return true;
                    },
                    1,
                    1);
        }
    }

    private void changeSet(final long wall, final long stampedTimeMs) {
        commands.changeSet(1, 7, wall, 1);
        envelope.set(CommandKind.CHANGE_SET, 4, 5, 6, 0, stampedTimeMs);
        decide();
    }

    private void epoch(final long epoch, final long stampedTimeMs) {
        commands.epoch(epoch);
        envelope.set(CommandKind.EPOCH, 0, 0, 0, 0, stampedTimeMs);
        decide();
    }

    private void decide() {
        writer.decide(envelope, commands.buffer(), 0, commands.length(), out, 0, decision);
        append(decision.recordLength());
    }

    private void append(final int length) {
        sealer.seal(out, 0, length, 0);
        journal.append(out, 0, length);
        sealDigest.update(out, 0, length);
    }

    private RecoveredState replay() {
        return replay(new LedgerDecider()::decide);
    }

    private RecoveredState replay(final Replayer replayer) {
        try (var reader = journal.openReader()) {
            return new Replay(INCARNATION, replayer, LedgerDecider.OUT_BYTES_MAX)
                    .run(reader, journal.writtenPosition(), ReplayProgress.NONE);
        }
    }

    private String damageOf(final JournalFailedException.Kind kind) {
        final JournalFailedException failure = assertThrows(JournalFailedException.class, this::replay);
        assertEquals(kind, failure.kind());
        return failure.getMessage();
    }

    @Test
    void shouldEndWhereTheJournalEnds() {
        changeSet(10, 100);
        epoch(3, 150);
        changeSet(11, 200);
        final RecoveredState state = replay();
        assertEquals(4, state.lastPosition());
        assertEquals(sealer.lastHash(), state.lastHash());
        assertEquals(3, state.epoch());
        assertEquals(200, state.lastStampedTimeMs());
        assertEquals(0, state.sealedThrough());
        assertEquals(4, state.sealDigest().records());
    }

    @Test
    void shouldGiveTheStateMachineTheRecordedEnvelopes() {
        changeSet(10, 100);
        final List<String> envelopes = new ArrayList<>();
        final LedgerDecider again = new LedgerDecider();
        replay((command, body, offset, length, target, targetOffset, decided) -> {
            envelopes.add(command.kind() + " " + command.sessionId() + " " + command.principalId() + " "
                    + command.databaseId() + " " + command.stampedTimeMs());
            again.decide(command, body, offset, length, target, targetOffset, decided);
        });
        assertEquals(List.of("CHANGE_SET 4 5 6 100"), envelopes);
    }

    @Test
    void shouldNamePositionFieldAndBothValuesWhenArbitrationDiffers() {
        changeSet(10, 100);
        changeSet(11, 100);
        final LedgerDecider planted = new LedgerDecider();
        final var difference = assertThrows(
                ReplayDivergedException.class,
                () -> replay((command, body, offset, length, target, targetOffset, decided) -> {
                    planted.decide(command, body, offset, length, target, targetOffset, decided);
                    if (planted.sequence(6) == 2) {
                        target.putLong(decided.recordOffset() + RecordDescriptor.STATE_DIGEST_OFFSET, 0xBAD, LE);
                    }
                }));
        assertEquals(3, difference.position());
        assertEquals("stateDigest", difference.field());
        assertEquals(Long.toHexString(10 * 31 + 11), difference.recorded());
        assertEquals("bad", difference.recomputed());
    }

    @Test
    void shouldFindAnOutcomeThatDiffers() {
        changeSet(10, 100);
        final LedgerDecider planted = new LedgerDecider();
        final var difference = assertThrows(
                ReplayDivergedException.class,
                () -> replay((command, body, offset, length, target, targetOffset, decided) -> {
                    planted.decide(command, body, offset, length, target, targetOffset, decided);
                    target.putByte(decided.recordOffset() + decided.recordLength() - 1, (byte) 1);
                }));
        assertEquals("outcomes", difference.field());
        assertEquals("00", difference.recorded());
        assertEquals("01", difference.recomputed());
    }

    @Test
    void shouldFindARecordThatWouldNotBeMadeAgain() {
        changeSet(10, 100);
        final var difference = assertThrows(
                ReplayDivergedException.class,
                () -> replay((command, body, offset, length, target, targetOffset, decided) -> decided.clear()));
        assertEquals("no record", difference.recomputed());
    }

    @Test
    void shouldCheckSealsAndBeginTheNextOne() {
        changeSet(10, 100);
        seal(1, 2);
        changeSet(11, 100);
        final RecoveredState state = replay();
        assertEquals(2, state.sealedThrough());
        assertEquals(1, state.sealDigest().records());
    }

    @Test
    void shouldRefuseASealThatDoesNotMatch() {
        changeSet(10, 100);
        final int length = nodeRecords.wrap(out, 0, 0, 100).seal(1, 2, new byte[SealDigest.LENGTH]);
        append(length);
        assertTrue(damageOf(JournalFailedException.Kind.DAMAGE).contains("a seal does not match"));
    }

    @Test
    void shouldRefuseASealThatCoversOtherRecords() {
        changeSet(10, 100);
        seal(2, 2);
        assertTrue(damageOf(JournalFailedException.Kind.DAMAGE).contains("a seal covers other records"));
    }

    @Test
    void shouldPassACutThatFollowsTheRecordThatItKeeps() {
        changeSet(10, 100);
        append(nodeRecords.wrap(out, 0, 0, 100).cut(3, 9, sealer.lastHash()));
        changeSet(11, 100);
        assertEquals(4, replay().lastPosition());
    }

    @Test
    void shouldRefuseACutThatKeepsAnotherRecord() {
        changeSet(10, 100);
        append(nodeRecords.wrap(out, 0, 0, 100).cut(3, 9, 1));
        assertTrue(damageOf(JournalFailedException.Kind.DAMAGE).contains("a cut does not follow"));
    }

    @Test
    void shouldRefuseAnEpochThatDoesNotRise() {
        epoch(3, 100);
        epoch(3, 100);
        assertTrue(damageOf(JournalFailedException.Kind.DAMAGE).contains("epoch=3, before=3"));
    }

    @Test
    void shouldRefuseTimeThatGoesBack() {
        changeSet(10, 100);
        changeSet(11, 99);
        assertTrue(damageOf(JournalFailedException.Kind.DAMAGE).contains("stampedTimeMs=99, before=100"));
    }

    @Test
    void shouldRefuseAnotherJournalsRecords() {
        changeSet(10, 100);
        final var failure = assertThrows(JournalFailedException.class, () -> {
            try (var reader = journal.openReader()) {
                new Replay(new Incarnation(1, 1), writer::decide, LedgerDecider.OUT_BYTES_MAX)
                        .run(reader, 2, ReplayProgress.NONE);
            }
        });
        assertTrue(failure.getMessage().contains("verdict=BAD_HASH"), failure.getMessage());
    }

    @Test
    void shouldRefuseRulesThatItDoesNotKnow() {
        append(new NodeRecordWriter(99).wrap(out, 0, 0, 100).cut(2, 3, sealer.lastHash()));
        assertTrue(damageOf(JournalFailedException.Kind.FORMAT).contains("rulesVersion=99"));
    }

    @Test
    void shouldRefuseAJournalThatEndsEarly() {
        changeSet(10, 100);
        final var failure = assertThrows(JournalFailedException.class, () -> {
            try (var reader = journal.openReader()) {
                new Replay(INCARNATION, new LedgerDecider()::decide, LedgerDecider.OUT_BYTES_MAX)
                        .run(reader, 3, ReplayProgress.NONE);
            }
        });
        assertTrue(failure.getMessage().contains("position=3, lastPosition=3"), failure.getMessage());
    }

    @Test
    void shouldKeepTheIncarnationOfAJournalThatIsThere() {
        assertEquals(
                INCARNATION,
                JournalBootstrap.incarnation(journal, new Incarnation(9, 9), 1, TimeUnit.MINUTES.toNanos(1)));
        assertEquals(1, journal.writtenPosition());
    }

    @Test
    void shouldGiveUpOnAGenesisThatDoesNotBecomeDurable() {
        final var failure = assertThrows(
                JournalFailedException.class,
                () -> JournalBootstrap.incarnation(MemoryJournal.manuallySynced(), INCARNATION, 1, 0));
        assertTrue(failure.getMessage().contains("durablePosition=0"), failure.getMessage());
    }

    @Test
    void shouldTellHowFarItHasCome() {
        changeSet(10, 100);
        final List<String> told = new ArrayList<>();
        try (var reader = journal.openReader()) {
            new Replay(INCARNATION, new LedgerDecider()::decide, LedgerDecider.OUT_BYTES_MAX)
                    .run(reader, 2, (position, last) -> told.add(position + "/" + last));
        }
        assertEquals(List.of("2/2"), told);
    }

    private void seal(final long from, final long to) {
        final byte[] sha256 = new byte[SealDigest.LENGTH];
        sealDigest.finish(sha256);
        final int length = nodeRecords.wrap(out, 0, 0, 100).seal(from, to, sha256);
        sealer.seal(out, 0, length, 0);
        journal.append(out, 0, length);
        assertEquals(RecordKind.SEAL.value(), out.getByte(RecordDescriptor.KIND_OFFSET));
    }
}
