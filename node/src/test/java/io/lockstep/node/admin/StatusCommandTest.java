package io.lockstep.node.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StatusCommandTest {
    @Test
    void shouldShowApartWhateverClientsWereRefusedWith() {
        final Map<String, Object> values = new LinkedHashMap<>();
        values.put("refused_busy_total", 0L);
        values.put("refused_quota_exceeded_total", 3L);
        values.put("uploads_refused_total", 2L);
        values.put("refused_unknown_database_total", 1L);
        values.put("databases", 1L);
        assertEquals(
                "refused_unknown_database_total 1\ndatabases 1\nlimits reached:\n refused_quota_exceeded_total 3\n uploads_refused_total 2\n",
                StatusCommand.tableOf(values).replaceAll(" +", " "));
    }
}
