package io.lockstep.node.cli;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * An address as written on the command line: HOST:PORT, with IPv6 hosts in brackets.
 *
 * @param host as written, without brackets
 * @param port 0 to 65,535
 */
public record HostPort(String host, int port) {
    private static final int PORT_MAX = 65_535;

    /**
     * Reads an address.
     *
     * @param text HOST:PORT or [IPV6]:PORT
     * @return the address
     * @throws IllegalArgumentException says what is wrong and what would be right
     */
    public static HostPort parse(final String text) {
        final int colon = text.lastIndexOf(':');
        if (colon <= 0 || colon == text.length() - 1) {
            throw new IllegalArgumentException("'" + text + "' is not HOST:PORT, for example 127.0.0.1:7440");
        }
        String host = text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            throw new IllegalArgumentException("'" + text + "': write IPv6 hosts in brackets, for example [::1]:7440");
        }
        final int port;
        try {
            port = Integer.parseInt(text.substring(colon + 1));
        } catch (final NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "': the port is not a number from 0 to 65535", e);
        }
        if (port < 0 || port > PORT_MAX || host.isEmpty()) {
            throw new IllegalArgumentException("'" + text + "': the port is not a number from 0 to 65535");
        }
        return new HostPort(host, port);
    }

    /**
     * Looks the host up.
     *
     * @return a socket address
     * @throws CliException with {@link ExitCode#CONFIG} when there is no such host
     */
    public InetSocketAddress resolve() {
        try {
            return new InetSocketAddress(InetAddress.getByName(host), port);
        } catch (final UnknownHostException e) {
            throw new CliException(ExitCode.CONFIG, "there is no host '" + host + "' (in " + this + ")", e);
        }
    }

    @Override
    public String toString() {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
