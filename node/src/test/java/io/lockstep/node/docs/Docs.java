package io.lockstep.node.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds and cuts the pages that tests read. */
final class Docs {
    private Docs() {}

    static Path root() {
        Path path = Path.of("").toAbsolutePath();
        while (!Files.exists(path.resolve("codec-sbe/pom.xml"))) {
            path = path.getParent();
        }
        return path;
    }

    static String read(final String page) throws IOException {
        return Files.readString(root().resolve(page));
    }

    static String between(final String page, final String from, final String to) {
        final int start = page.indexOf(from);
        if (start < 0) {
            return "the page has no mark " + from;
        }
        return page.substring(start + from.length(), page.indexOf(to, start)).strip();
    }
}
