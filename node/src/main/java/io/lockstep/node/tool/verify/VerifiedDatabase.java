package io.lockstep.node.tool.verify;

import io.lockstep.codec.hash.Digest128;
import io.lockstep.engine.arbitration.Arbiter;
import io.lockstep.engine.arbitration.DatabaseView;
import java.util.ArrayList;
import java.util.List;

/**
 * A database as the journal ends. Immutable.
 *
 * @param id the node's number for it
 * @param name its name
 * @param sequence the last handed out
 * @param cells live cells
 * @param tombstones rows that were deleted and are remembered
 * @param digest of the live cells, 32 hex digits
 * @param secondDigest of tombstones, migrations and the prune mark, 32 hex digits; zeros where there are none
 */
public record VerifiedDatabase(
        int id, String name, long sequence, long cells, long tombstones, String digest, String secondDigest) {
    static List<VerifiedDatabase> of(final Arbiter arbiter) {
        final List<VerifiedDatabase> found = new ArrayList<>();
        for (int id = 1; id <= arbiter.databaseCount(); id++) {
            found.add(of(arbiter.database(id)));
        }
        return found;
    }

    private static VerifiedDatabase of(final DatabaseView view) {
        return new VerifiedDatabase(
                view.id(),
                view.name(),
                view.sequence(),
                view.cells(),
                view.tombstones(),
                hex(view.liveDigestHigh(), view.liveDigestLow()),
                hex(view.secondDigestHigh(), view.secondDigestLow()));
    }

    /**
     * The second digest, explained.
     *
     * @return empty where there is nothing that it would cover
     */
    public String secondDigestText() {
        return secondDigest.equals(hex(0, 0)) ? "" : " secondDigest=" + secondDigest + " (of deletes and migrations)";
    }

    private static String hex(final long high, final long low) {
        final Digest128 digest = new Digest128();
        digest.set(high, low);
        return digest.toString();
    }
}
