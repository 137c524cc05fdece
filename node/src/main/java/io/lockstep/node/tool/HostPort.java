package io.lockstep.node.tool;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Where a node listens.
 *
 * @param host a name or address, without brackets
 * @param port 1 to 65,535
 */
public record HostPort(String host, int port) {
    private static final int PORT_MAX = 65_535;

    /**
     * Reads {@code HOST:PORT}; an IPv6 address stands in brackets.
     *
     * @param text to read
     * @return what it names
     * @throws IllegalArgumentException saying what would be right
     */
    public static HostPort parse(final String text) {
        final int colon = text.lastIndexOf(':');
        final String host = colon < 0 ? text : text.substring(0, colon);
        final boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (colon <= 0 || (host.indexOf(':') >= 0 && !bracketed)) {
            throw new IllegalArgumentException(
                    "address=" + text + " is not HOST:PORT, for example 127.0.0.1:7400 or [::1]:7400");
        }
        final String digits = text.substring(colon + 1);
        try {
            final int port = Integer.parseInt(digits);
            if (port >= 1 && port <= PORT_MAX) {
                return new HostPort(bracketed ? host.substring(1, host.length() - 1) : host, port);
            }
        } catch (final NumberFormatException e) {
            throw new IllegalArgumentException(badPort(text, digits), e);
        }
        throw new IllegalArgumentException(badPort(text, digits));
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    private static String badPort(final String text, final String digits) {
        return "address=" + text + " has port=" + digits + ", which is not between 1 and " + PORT_MAX;
    }

    /** For picocli. */
    public static final class Converter implements ITypeConverter<HostPort> {
        /** For picocli. */
        public Converter() {}

        @Override
        public HostPort convert(final String value) {
            try {
                return parse(value);
            } catch (final IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
