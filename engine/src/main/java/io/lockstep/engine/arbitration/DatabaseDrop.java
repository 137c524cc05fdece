package io.lockstep.engine.arbitration;

/** Gives the memory of a database back that nobody refers to any more, a little at a time. */
final class DatabaseDrop {
    private final Database database;
    private int phase;

    DatabaseDrop(final Database database) {
        this.database = database;
    }

    /**
     * Goes on.
     *
     * @param most so many blocks, but for the cells of one row
     * @return true when nothing is left
     */
    boolean step(final int most) {
        final boolean done =
                switch (phase) {
                    case 0 -> database.rowTable().free(most);
                    case 1 -> database.migrationTable().free(most);
                    case 2 -> database.tables().free(most);
                    case 3 -> database.columns().free(most);
                    default -> database.sites().free(most);
                };
        phase += done ? 1 : 0;
        return phase > 4;
    }
}
