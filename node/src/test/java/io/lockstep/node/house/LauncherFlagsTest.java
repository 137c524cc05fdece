package io.lockstep.node.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A running node opens the same packages of the JDK as the tests do. */
class LauncherFlagsTest {
    private static final Pattern OPENED = Pattern.compile("--add-(?:opens|exports) [a-z.]+/[a-z.A-Z]+=ALL-UNNAMED");

    private static Set<String> openedIn(final String text) {
        final Set<String> opened = new TreeSet<>();
        final Matcher matcher = OPENED.matcher(text);
        while (matcher.find()) {
            opened.add(matcher.group());
        }
        return opened;
    }

    @Test
    void shouldOpenTheSamePackagesAsTheTests() throws IOException {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("codec-sbe/pom.xml"))) {
            root = root.getParent();
        }
        final String pom = Files.readString(root.resolve("pom.xml"));
        final int from = pom.indexOf("<jvm.opens>");
        final Set<String> inPom = openedIn(pom.substring(from, pom.indexOf("</jvm.opens>", from)));
        assertFalse(inPom.isEmpty());
        assertEquals(inPom, openedIn(Files.readString(root.resolve("lockstep"))));
    }
}
