package io.lockstep.node.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.gateway.limits.GatewayCounter;
import io.lockstep.node.admin.ConfigCommand;
import io.lockstep.node.cli.ExitCode;
import io.lockstep.node.config.ConfigLoader;
import io.lockstep.node.config.Settings;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** docs/operations.md says what the code does: its tables are those that the code prints. */
class OperationsPageTest {
    private final String page = Docs.read("docs/operations.md");

    OperationsPageTest() throws IOException {
        // Reading the page may fail.
    }

    @Test
    void shouldListEverySettingAsTheCodeDoes() {
        assertEquals(
                ConfigCommand.markdownTable().strip(),
                Docs.between(page, "<!-- settings -->", "<!-- end -->"),
                "paste the output of './lockstep config --markdown' between the marks");
    }

    @Test
    void shouldTakeTheSettingsThatItNamesForSmallDisks() {
        final String[] words = Docs.between(page, "Small disks:", "## ")
                .replaceAll("(?s).*--auth none (.*?)\n```.*", "$1")
                .split("\\s+");
        final ConfigLoader loader = new ConfigLoader().flag(Settings.AUTH, "none");
        for (int i = 0; i < words.length; i += 2) {
            loader.flag(Settings.byKey(words[i].substring(2)), words[i + 1]);
        }
        assertEquals(16L << 20, loader.conclude().number(Settings.JOURNAL_FILE_BYTES));
    }

    @Test
    void shouldListEveryExitCodeAsTheCodeDoes() {
        final StringBuilder table = new StringBuilder("| code | name | meaning |\n| --- | --- | --- |\n");
        for (final ExitCode code : ExitCode.values()) {
            table.append("| ").append(code.code()).append(" | ").append(code).append(" | ");
            table.append(code.meaning()).append(" |\n");
        }
        assertEquals(table.toString().strip(), Docs.between(page, "<!-- exit codes -->", "<!-- end -->"));
    }

    @Test
    void shouldNameEveryCounterOfTheGateway() {
        for (final GatewayCounter counter : GatewayCounter.values()) {
            assertTrue(page.contains("`" + counter.label() + "`"), "not explained: " + counter.label());
        }
    }
}
