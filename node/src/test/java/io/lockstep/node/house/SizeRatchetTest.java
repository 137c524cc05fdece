package io.lockstep.node.house;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Keeps large classes from growing and new ones from joining: {@code config/size-ratchet.txt} lists every main class above
 * {@link #LINES_UNLISTED_MAX} lines with its size. A class that shrank is lowered there, one that grew is split.
 */
class SizeRatchetTest {
    private static final int LINES_UNLISTED_MAX = 350;

    @Test
    void shouldNotGrowLargeClasses() throws IOException {
        final Path root = root();
        final Map<String, Integer> listed = new TreeMap<>();
        for (final String line : Files.readAllLines(root.resolve("config/size-ratchet.txt"), StandardCharsets.UTF_8)) {
            if (!line.isBlank() && !line.startsWith("#")) {
                final String[] fields = line.trim().split("\\s+");
                listed.put(fields[1], Integer.parseInt(fields[0]));
            }
        }
        final List<String> wrong = new ArrayList<>();
        for (final Path file : mainClasses(root)) {
            final String name = root.relativize(file).toString().replace('\\', '/');
            final int lines = Files.readAllLines(file, StandardCharsets.UTF_8).size();
            final int linesMax = listed.getOrDefault(name, LINES_UNLISTED_MAX);
            if (lines > linesMax) {
                wrong.add(name + " lines=" + lines + " linesMax=" + linesMax);
            }
        }
        assertEquals(List.of(), wrong, "look for the second job in these classes");
    }

    private static List<Path> mainClasses(final Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> file.toString().contains("/src/main/java/"))
                    .filter(file -> !file.startsWith(root.resolve(".lockstep")))
                    .sorted()
                    .collect(Collectors.toList());
        }
    }

    private static Path root() {
        Path path = Path.of("").toAbsolutePath();
        while (!Files.exists(path.resolve("config/size-ratchet.txt"))) {
            path = path.getParent();
        }
        return path;
    }
}
