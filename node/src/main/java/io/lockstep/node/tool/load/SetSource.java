package io.lockstep.node.tool.load;

import io.lockstep.node.json.BadInputException;
import java.io.Closeable;
import java.io.IOException;

/** Lines of change sets in the order in which they are to be sent. One thread. */
public interface SetSource extends Closeable {
    /**
     * The next line.
     *
     * @return its bytes, or null after the last
     * @throws BadInputException if the source is damaged
     * @throws IOException from below
     */
    byte[] next() throws IOException;

    /**
     * Names the line that {@link #next} gave, for errors.
     *
     * @return such as {@code a.jsonl: line=7}
     */
    String where();

    /**
     * How many lines there are in all.
     *
     * @return -1 while that is not known
     */
    long total();
}
