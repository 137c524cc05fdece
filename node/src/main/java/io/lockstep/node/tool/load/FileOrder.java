package io.lockstep.node.tool.load;

import io.lockstep.node.json.LineReader;
import java.io.IOException;

/** Lines as they stand in the file; one at a time is in memory. */
public final class FileOrder implements SetSource {
    private final LineReader reader;

    /**
     * A source.
     *
     * @param reader at the first line; closed with this
     */
    public FileOrder(final LineReader reader) {
        this.reader = reader;
    }

    @Override
    public byte[] next() throws IOException {
        return reader.next();
    }

    @Override
    public String where() {
        return reader.where();
    }

    @Override
    public long total() {
        return -1;
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
