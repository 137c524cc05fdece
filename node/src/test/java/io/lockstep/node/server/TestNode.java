package io.lockstep.node.server;

import java.nio.file.Files;
import java.nio.file.Path;

/** Lets the launcher run the classes under test. */
public final class TestNode {
    private TestNode() {}

    /**
     * Sets what the launcher needs to use this very class path and Java, and to build nothing.
     *
     * @param builder of a process that runs the launcher
     */
    public static void environment(final ProcessBuilder builder) {
        final String surefire = System.getProperty("surefire.test.class.path");
        builder.environment()
                .put("LOCKSTEP_CLASS_PATH", surefire == null ? System.getProperty("java.class.path") : surefire);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    }

    /**
     * The launcher.
     *
     * @return at the top of the checkout
     */
    public static Path launcher() {
        Path path = Path.of("").toAbsolutePath();
        while (!Files.exists(path.resolve("codec-sbe/pom.xml"))) {
            path = path.getParent();
        }
        return path.resolve("lockstep");
    }
}
