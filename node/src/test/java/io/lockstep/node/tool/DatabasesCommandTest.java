package io.lockstep.node.tool;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lockstep.client.NodeDatabases;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class DatabasesCommandTest {
    private static final List<NodeDatabases.Entry> ENTRIES = List.of(
            new NodeDatabases.Entry("here", 1, 7, 3, 4_096, 2, true),
            new NodeDatabases.Entry("left", 2, 9, 5, 8_192, 0, false));

    @Test
    void shouldCountNoMemoryOfADatabaseThatLeftIt() {
        final List<String> lines =
                DatabasesCommand.tableOf(ENTRIES).lines().skip(1).toList();
        assertEquals("here 7 3 4,096 2 resident", lines.get(0).replaceAll(" +", " "));
        assertEquals("left 9 5 - 0 not resident", lines.get(1).replaceAll(" +", " "));
    }

    @Test
    void shouldTellWhatItTakesWhenItComesBack() throws IOException {
        assertEquals(
                List.of(
                        "{\"name\":\"here\",\"databaseId\":1,\"sequence\":7,\"cells\":3,\"bytes\":4096,"
                                + "\"bytesWhenResident\":4096,\"sessions\":2,\"resident\":true}",
                        "{\"name\":\"left\",\"databaseId\":2,\"sequence\":9,\"cells\":5,\"bytes\":0,"
                                + "\"bytesWhenResident\":8192,\"sessions\":0,\"resident\":false}"),
                DatabasesCommand.jsonOf(ENTRIES).lines().toList());
    }
}
