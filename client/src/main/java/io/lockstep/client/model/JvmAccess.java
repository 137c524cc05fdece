package io.lockstep.client.model;

import org.agrona.concurrent.UnsafeBuffer;

/**
 * Whether the JVM lets the buffers of this library at its memory, which a flag of the command line decides. Looked at before
 * the first buffer is made, since its failure names no flag. Stateless.
 */
public final class JvmAccess {
    private static final String PACKAGE = "jdk.internal.misc";

    private JvmAccess() {}

    /**
     * Looks.
     *
     * @throws IllegalStateException naming the flag that is missing
     */
    public static void check() {
        // The class literal initialises nothing: that is what would fail.
        final Module buffers = UnsafeBuffer.class.getModule();
        if (!Object.class.getModule().isExported(PACKAGE, buffers)) {
            throw new IllegalStateException("this JVM was started without a flag that the buffers of the client need: "
                    + "java --add-opens java.base/" + PACKAGE + "="
                    + (buffers.isNamed() ? buffers.getName() : "ALL-UNNAMED")
                    + " (or, in the manifest of the jar that is started, Add-Opens: java.base/" + PACKAGE + ")");
        }
    }
}
