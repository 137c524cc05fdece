package io.lockstep.client;

/**
 * An address as people write it.
 *
 * @param host name or literal
 * @param port 1 to 65,535
 */
record HostAndPort(String host, int port) {
    private static final int PORT_MAX = 65_535;

    /**
     * Reads HOST:PORT or [IPV6]:PORT.
     *
     * @throws IllegalArgumentException saying what would be right
     */
    static HostAndPort parse(final String text) {
        final int colon = text.lastIndexOf(':');
        String host = colon > 0 ? text.substring(0, colon) : "";
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            host = "";
        }
        int port;
        try {
            port = Integer.parseInt(text.substring(colon + 1));
        } catch (final NumberFormatException e) {
            port = 0;
        }
        if (host.isEmpty() || port < 1 || port > PORT_MAX) {
            throw new IllegalArgumentException("an address is HOST:PORT or [IPV6]:PORT: address=" + text);
        }
        return new HostAndPort(host, port);
    }

    @Override
    public String toString() {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
