package io.lockstep.client;

import java.util.ArrayList;
import java.util.List;

/** Which node to try next: where a node sent the client first, then the configured ones in turn. One thread. */
final class AddressBook {
    private final List<HostAndPort> configured = new ArrayList<>();
    private HostAndPort redirect;
    private int index;

    AddressBook(final List<String> addresses) {
        addresses.forEach(address -> configured.add(HostAndPort.parse(address)));
    }

    HostAndPort current() {
        return redirect != null ? redirect : configured.get(index);
    }

    /** The present one failed: a redirection is forgotten, otherwise the next one's turn comes. */
    void failed() {
        if (redirect != null) {
            redirect = null;
        } else {
            index = (index + 1) % configured.size();
        }
    }

    /**
     * A node names another.
     *
     * @return false if that is not an address
     */
    boolean redirect(final String address) {
        try {
            redirect = HostAndPort.parse(address);
            return true;
        } catch (final IllegalArgumentException e) {
            return false;
        }
    }

    int size() {
        return configured.size();
    }
}
