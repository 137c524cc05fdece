package io.lockstep.node.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.node.server.TestNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the tutorial of the README as it stands, in one shell in an empty folder; only the port is another one. */
class ReadmeTest {
    private static final Pattern TESTED = Pattern.compile("<!-- tested -->\n```sh\n(.*?)```", Pattern.DOTALL);
    private static final String PORT = "7440";
    private static final long TIMEOUT_S = 120;

    @TempDir
    private Path folder;

    private static String freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return Integer.toString(socket.getLocalPort());
        }
    }

    @Test
    void shouldRunTheTutorialAsItStands() throws Exception {
        final StringBuilder script =
                new StringBuilder("set -euo pipefail\ntrap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n");
        final Matcher matcher = TESTED.matcher(Docs.read("README.md"));
        int blocks = 0;
        while (matcher.find()) {
            script.append(matcher.group(1).replace(PORT, freePortOnce())).append('\n');
            blocks++;
        }
        assertTrue(blocks >= 4, "blocks=" + blocks);
        Files.createSymbolicLink(folder.resolve("lockstep"), Docs.root().resolve("lockstep"));
        final Path output = folder.resolve("output");
        final ProcessBuilder builder = new ProcessBuilder("bash", "-c", script.toString())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        TestNode.environment(builder);
        final Process process = builder.start();
        final boolean ended = process.waitFor(TIMEOUT_S, TimeUnit.SECONDS);
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        final String text = Files.readString(output);
        assertTrue(ended, text);
        assertEquals(0, process.exitValue(), text);
        assertTrue(text.contains("\"accepted\":2,"), text);
        assertTrue(text.contains("\"superseded\":1,"), text);
        assertTrue(text.contains("written later, sent first"), text);
        assertTrue(text.contains("verdict       all holds"), text);
    }

    private String port;

    private String freePortOnce() throws IOException {
        if (port == null) {
            port = freePort();
        }
        return port;
    }
}
