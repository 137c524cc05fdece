package io.lockstep.node.cli;

import picocli.CommandLine.IVersionProvider;

/** The version, as Maven wrote it into the jar. */
public final class BuildVersion implements IVersionProvider {
    /** Printed where the classes were not packaged. */
    private static final String UNPACKAGED = "development";

    /**
     * The version.
     *
     * @return for example 0.1.0
     */
    public static String version() {
        final String version = BuildVersion.class.getPackage().getImplementationVersion();
        return version == null ? UNPACKAGED : version;
    }

    @Override
    public String[] getVersion() {
        return new String[] {"lockstep " + version(), "Java " + Runtime.version()};
    }
}
