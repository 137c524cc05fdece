package io.lockstep.node.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.node.cli.CliException;
import io.lockstep.node.cli.ExitCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class ListenCheckTest {
    private static CliException refused(final InetSocketAddress address) {
        final CliException refused =
                assertThrows(CliException.class, () -> ListenCheck.check(address, "--metrics", "HERE"));
        assertEquals(ExitCode.BIND_FAILED, refused.exitCode());
        return refused;
    }

    @Test
    void shouldTellAPortThatIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            final String message =
                    refused((InetSocketAddress) taken.getLocalSocketAddress()).getMessage();
            assertEquals(
                    "cannot listen on HERE: address already in use; choose another --metrics or stop the other process",
                    message);
        }
    }

    @Test
    void shouldTellAnAddressOfAnotherMachine() {
        final String message = refused(new InetSocketAddress("192.0.2.1", 0)).getMessage();
        assertTrue(message.contains("not an address of this machine; choose another --metrics"), message);
    }

    @Test
    void shouldLeaveThePortToWhoeverListensNext() throws IOException {
        final int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        final InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        ListenCheck.check(address, "--tcp", "HERE");
        try (ServerSocket next = new ServerSocket()) {
            next.bind(address);
            assertEquals(port, next.getLocalPort());
        }
    }
}
