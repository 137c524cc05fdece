package io.lockstep.node.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.codec.ErrorCode;
import io.lockstep.node.cli.CliException;
import io.lockstep.node.cli.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLoaderTest {
    @TempDir
    private Path folder;

    private Path file(final String text) throws IOException {
        return Files.writeString(folder.resolve("node.conf"), text);
    }

    private static ConfigLoader loopback() {
        return new ConfigLoader().flag(Settings.AUTH, "none");
    }

    private static void fails(final ExitCode code, final String part, final Runnable action) {
        final CliException failure = assertThrows(CliException.class, action::run);
        assertEquals(code, failure.exitCode());
        assertTrue(failure.getMessage().contains(part), failure.getMessage());
    }

    @Test
    void shouldPreferFlagToEnvironmentToFileToDefault() throws IOException {
        final Path file = file("ring-slots = 64\ntcp = 127.0.0.1:1\nmetrics = 127.0.0.1:5\n");
        final Map<String, String> environment = Map.of("LOCKSTEP_RING_SLOTS", "128", "LOCKSTEP_TCP", "127.0.0.1:2");
        final NodeConfig config = loopback()
                .file(file)
                .environment(environment)
                .flag(Settings.RING_SLOTS, "256")
                .conclude();
        assertEquals(256, config.number(Settings.RING_SLOTS));
        assertEquals("flag --ring-slots", config.origin(Settings.RING_SLOTS));
        assertEquals("127.0.0.1:2", config.text(Settings.TCP));
        assertEquals("environment LOCKSTEP_TCP", config.origin(Settings.TCP));
        assertEquals("127.0.0.1:5", config.text(Settings.METRICS));
        assertEquals("file " + file + " line 3", config.origin(Settings.METRICS));
        assertEquals("synced", config.text(Settings.DURABILITY));
        assertEquals("default", config.origin(Settings.DURABILITY));
    }

    @Test
    void shouldKeepLessStateInMemoryThanThereMayBe() {
        assertEquals("default", loopback().conclude().origin(Settings.STATE_RESIDENT_BYTES));
        final NodeConfig small =
                loopback().flag(Settings.STATE_BYTES_MAX, "1GiB").conclude();
        assertEquals(768L << 20, small.number(Settings.STATE_RESIDENT_BYTES));
        assertEquals("derived from state-bytes-max", small.origin(Settings.STATE_RESIDENT_BYTES));
        fails(
                ExitCode.CONFIG,
                "state-resident-bytes=" + (1L << 30) + " must be below state-bytes-max=" + (1L << 30),
                () -> loopback()
                        .flag(Settings.STATE_BYTES_MAX, "1GiB")
                        .flag(Settings.STATE_RESIDENT_BYTES, "1GiB")
                        .conclude());
    }

    @Test
    void shouldRefuseUploadsThatNoRoomIsMeantFor() {
        fails(ExitCode.CONFIG, "upload-bytes-max=8388608 must be at most uploads-bytes-max=4194304", () -> loopback()
                .flag(Settings.byKey("upload-bytes-max"), "8MiB")
                .flag(Settings.byKey("uploads-bytes-max"), "4MiB")
                .conclude());
    }

    @Test
    void shouldReadUnits() {
        final NodeConfig config = loopback()
                .flag(Settings.JOURNAL_FILE_BYTES, "64MiB")
                .flag(Settings.byKey("heartbeat-ms"), "2s")
                .conclude();
        assertEquals(64L << 20, config.number(Settings.JOURNAL_FILE_BYTES));
        assertEquals(2_000, config.number(Settings.byKey("heartbeat-ms")));
    }

    @Test
    void shouldSuggestTheSettingThatWasMeant() throws IOException {
        final Path file = file("# a comment\n\ndurabilty = synced\n");
        fails(
                ExitCode.CONFIG,
                "line 3: unknown setting 'durabilty'; did you mean 'durability'?",
                () -> new ConfigLoader().file(file));
    }

    @Test
    void shouldRefuseASettingGivenTwice() throws IOException {
        final Path file = file("tcp = 127.0.0.1:1\ntcp = 127.0.0.1:2\n");
        fails(ExitCode.CONFIG, "already set in line 1", () -> new ConfigLoader().file(file));
    }

    @Test
    void shouldRefuseALineWithoutValue() throws IOException {
        final Path file = file("tcp\n");
        fails(ExitCode.CONFIG, "'tcp' is not name = value", () -> new ConfigLoader().file(file));
    }

    @Test
    void shouldNameTheFileThatIsNotThere() {
        fails(ExitCode.CONFIG, "there is no configuration file", () -> new ConfigLoader()
                .file(folder.resolve("absent")));
    }

    @Test
    void shouldNameRangeAndOriginOfAValueOutside() {
        fails(
                ExitCode.CONFIG,
                "environment LOCKSTEP_CHANGES_MAX: changes-max: '0' is outside 1 to 65534",
                () -> new ConfigLoader().environment(Map.of("LOCKSTEP_CHANGES_MAX", "0")));
    }

    @Test
    void shouldSayWhatANumberLooksLike() {
        fails(ExitCode.CONFIG, "for example 1048576, 512KiB", () -> new ConfigLoader()
                .flag(Settings.FRAME_BYTES_MAX, "many"));
    }

    @Test
    void shouldWarnOfAnUnknownEnvironmentName() {
        final ConfigLoader loader = new ConfigLoader().environment(Map.of("LOCKSTEP_SERVICE_HOST", "10.0.0.1"));
        assertEquals(1, loader.warnings().size());
        assertTrue(loader.warnings().get(0).contains("LOCKSTEP_SERVICE_HOST"));
    }

    @Test
    void shouldRefuseAnEnvironmentNameThatIsNearlyASetting() {
        fails(
                ExitCode.CONFIG,
                "LOCKSTEP_DURABILTY is no setting; did you mean LOCKSTEP_DURABILITY?",
                () -> new ConfigLoader().environment(Map.of("LOCKSTEP_DURABILTY", "synced")));
    }

    @Test
    void shouldLeaveTheNamesOfLauncherAndToolsAlone() {
        final ConfigLoader loader = new ConfigLoader()
                .environment(Map.of("LOCKSTEP_JAVA_OPTS", "-Xmx1g", "LOCKSTEP_SHARED", "..", "LOCKSTEP_TOKEN", "t"));
        assertEquals(List.of(), loader.warnings());
    }

    @Test
    void shouldRefuseNoAuthenticationBeyondLoopback() {
        fails(ExitCode.CONFIG, "tcp=0.0.0.0:7440 is not one", () -> loopback()
                .flag(Settings.TCP, "0.0.0.0:7440")
                .conclude());
    }

    @Test
    void shouldAskForATokensFileUnlessAuthenticationIsOff() {
        fails(ExitCode.CONFIG, "auth=tokens needs tokens=FILE", () -> new ConfigLoader().conclude());
    }

    @Test
    void shouldAskForTlsOrConsentBeyondLoopback() {
        final ConfigLoader open =
                new ConfigLoader().flag(Settings.TOKENS, "tokens").flag(Settings.TCP, "0.0.0.0:0");
        fails(ExitCode.CONFIG, "plaintext=true", open::conclude);
        open.flag(Settings.PLAINTEXT, "true").conclude();
    }

    @Test
    void shouldNameBothValuesThatDoNotGoTogether() {
        fails(ExitCode.CONFIG, "space-hard-bytes=2048 must be below space-soft-bytes=1024", () -> loopback()
                .flag(Settings.SPACE_HARD_BYTES, "2048")
                .flag(Settings.SPACE_SOFT_BYTES, "1024")
                .conclude());
    }

    @Test
    void shouldFitFrameAndRingToSmallJournalFiles() {
        final NodeConfig config =
                loopback().flag(Settings.JOURNAL_FILE_BYTES, "16MiB").conclude();
        assertTrue(config.number(Settings.FRAME_BYTES_MAX) >= 256 << 10, config.text(Settings.FRAME_BYTES_MAX));
        assertEquals("derived from journal-file-bytes", config.origin(Settings.RECORD_RING_BYTES));
    }

    @Test
    void shouldNameTheSmallestFileThatFits() {
        fails(ExitCode.CONFIG, "journal-file-bytes must be at least ", () -> smallDisk("8MiB"));
        final CliException refused = assertThrows(CliException.class, () -> smallDisk("8MiB"));
        final String least = refused.getMessage().replaceAll(".*journal-file-bytes must be at least (\\d+)MiB.*", "$1");
        assertEquals(Long.parseLong(least) << 20, smallDisk(least + "MiB").number(Settings.JOURNAL_FILE_BYTES));
        assertThrows(CliException.class, () -> smallDisk(Long.parseLong(least) - 1 + "MiB"));
    }

    private static NodeConfig smallDisk(final String fileBytes) {
        return loopback()
                .flag(Settings.JOURNAL_FILE_BYTES, fileBytes)
                .flag(Settings.RECORD_RING_BYTES, "8MiB")
                .conclude();
    }

    @Test
    void shouldNotShrinkWhatWasAskedFor() {
        fails(ExitCode.CONFIG, "do not go together", () -> loopback()
                .flag(Settings.JOURNAL_FILE_BYTES, "8MiB")
                .flag(Settings.FRAME_BYTES_MAX, "1MiB")
                .conclude());
    }

    @Test
    void shouldRefuseMetricsBeyondLoopback() {
        fails(ExitCode.CONFIG, "metrics=0.0.0.0:1 is not a loopback address", () -> loopback()
                .flag(Settings.METRICS, "0.0.0.0:1")
                .conclude());
    }

    @Test
    void shouldSayOfEverySettingWhatAClientSeesAndWhyItIsThere() {
        for (final Setting setting : Settings.all()) {
            assertTrue(setting.seen().length() > 3, "what does a client see? " + setting.key());
            assertTrue(setting.why().length() > 10, "why is it there? " + setting.key());
            for (final String text : List.of(setting.description(), setting.seen(), setting.why())) {
                assertFalse(text.contains("Seen:") || text.contains("Why:"), "in the wrong place: " + setting);
                assertFalse(text.contains("s above"), "each stands for itself: " + setting);
            }
        }
    }

    @Test
    void shouldSayWhatAClientCanDoAboutAnErrorThatItSees() {
        assertEquals("QUOTA_EXCEEDED (permanent) with both values; reads go on.", Settings.DATABASE_BYTES_MAX.seen());
        assertEquals("RESOURCE_EXHAUSTED (try again) to what writes; reads go on.", Settings.SPACE_HARD_BYTES.seen());
        assertEquals(
                "its value in Welcome; over it, FRAME_TOO_LARGE (permanent for the connection) and a close.",
                Settings.FRAME_BYTES_MAX.seen());
    }

    @Test
    void shouldHaveASettingForEveryErrorThatALimitGives() {
        for (final ErrorCode code : List.of(
                ErrorCode.FRAME_TOO_LARGE,
                ErrorCode.CHANGE_SET_TOO_LARGE,
                ErrorCode.EFFECT_TOO_LARGE,
                ErrorCode.QUOTA_EXCEEDED,
                ErrorCode.FILTERS_TOO_LARGE,
                ErrorCode.BUSY,
                ErrorCode.RATE_LIMITED,
                ErrorCode.RESOURCE_EXHAUSTED,
                ErrorCode.TOO_MANY_CONNECTIONS,
                ErrorCode.HANDSHAKE_TIMEOUT,
                ErrorCode.HEARTBEAT_TIMEOUT,
                ErrorCode.SLOW_CONSUMER)) {
            assertTrue(
                    Settings.all().stream().anyMatch(setting -> setting.seen().contains(code.name())), code.name());
        }
    }

    @Test
    void shouldDescribeEverySettingOnceAndAcceptItsOwnDefault() {
        final Set<String> keys = new HashSet<>();
        for (final Setting setting : Settings.all()) {
            assertTrue(keys.add(setting.key()), setting.key());
            assertTrue(setting.description().length() > 10, setting.key());
            if (!setting.defaultText().isEmpty()) {
                setting.type().canonical(setting.defaultText());
            }
        }
    }
}
