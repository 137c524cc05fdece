package io.lockstep.node.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lockstep.client.model.ChangeSet;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChangeSetJsonTest {
    private static final String SITE = "000102030405060708090a0b0c0d0e0f";

    @Test
    void shouldReadBackTheSameChangeSetThatWasWritten() throws IOException {
        final long seed = 20_261;
        final RandomSets sets = new RandomSets(seed);
        for (int i = 0; i < 3_000; i++) {
            final ChangeSet set = sets.next();
            final byte[] line = written(set);
            assertEquals(set, ChangeSetJson.read(line, "line=" + i), "seed=" + seed + ", set=" + i);
        }
    }

    @Test
    void shouldWriteOneLineForEachChangeSet() throws IOException {
        final String line = new String(written(new RandomSets(7).next()), StandardCharsets.UTF_8);
        assertEquals(line.length() - 1, line.indexOf('\n'), line);
    }

    @Test
    void shouldKeepEqualOpSeqsForTheNodeToRefuse() {
        final String change =
                "{\"op\":\"delete\",\"opSeq\":5,\"schema\":\"s\",\"table\":\"t\",\"pk\":[{\"null\":true}]}";
        assertEquals(2, read(set("[" + change + "," + change + "]")).changes().size());
    }

    @Test
    void shouldPassOverNowAndExpect() {
        final String line = "{\"now\":5,\"expect\":{\"status\":\"accepted\",\"outcomes\":[[1],{}]},"
                + set("[]").substring(1);
        assertEquals(0, read(line).changes().size());
    }

    @Test
    void shouldPassOverWhatWatchSaysBesides() {
        final String change =
                "{\"op\":\"delete\",\"opSeq\":5,\"schema\":\"s\",\"table\":\"t\",\"pk\":[{\"null\":true}]";
        final String line = "{\"sequence\":3,\"own\":true,"
                + set("[" + change + ",\"survivors\":[\"a\",\"b\"]}]").substring(1);
        assertEquals(read(set("[" + change + "}]")), read(line));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"schema\":\"s\",\"table\":\"t\"} | line=7: a cell of a state, as dump and snapshot write it",
                "[] | found [",
                "{\"site\":\"12\",\"wall\":1,\"counter\":0,\"changes\":[]} | 32 hexadecimal digits",
                "{\"wall\":1,\"counter\":0,\"changes\":[]} | lacks field=site",
                "{\"site\":\"000102030405060708090a0b0c0d0e0f\",\"wall\":\"1\",\"counter\":0} | field=wall: found 1, right would be an integer",
                "{\"site\":\"000102030405060708090a0b0c0d0e0f\",\"wall\":1,\"wall\":2} | not JSON",
                "{\"sight\":1} | known are site, wall, counter, changes, migrations",
                "{\"site\":\"000102030405060708090a0b0c0d0e0f\",\"wall\":1,\"counter\":0,\"changes\":[] | not JSON",
                "{\"site\":\"000102030405060708090a0b0c0d0e0f\",\"wall\":1,\"counter\":0,\"changes\":[]}{} | more than one JSON value"
            })
    void shouldNameLineFieldAndRemedyOfBadInput(final String line, final String expected) {
        final BadInputException failure = assertThrows(BadInputException.class, () -> read(line));
        assertTrue(
                failure.getMessage().startsWith("line=7")
                        && failure.getMessage().contains(expected),
                failure.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"integer\":5} | field=changes/0/pk/0/integer",
                "{\"integer\":\"05\"} | without leading zeros",
                "{\"integer\":\"9223372036854775808\"} | decimal",
                "{\"real\":\"half\"} | binary64",
                "{\"blob\":\"0g\"} | hexadecimal",
                "{\"null\":false} | {\"null\": true}",
                "{\"number\":\"1\"} | one of",
                "{} | one of",
                "{\"text\":\"a\",\"text2\":\"b\"} | one member only"
            })
    void shouldSayWhichValuesThereAre(final String value, final String expected) {
        final BadInputException failure = assertThrows(BadInputException.class, () -> read(set(write(value))));
        assertTrue(failure.getMessage().contains(expected), failure.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"decimal\":\"5\"} | outside 64 bits",
                "{\"real\":\"-0.0\"} | neither NaN nor -0.0",
                "{\"text\":\"\\ud800\"} | unpaired surrogate"
            })
    void shouldTellWhatNoFrameCanCarryFromBadInput(final String part, final String expected) {
        final UnsendableException failure = assertThrows(UnsendableException.class, () -> read(set(write(part))));
        assertTrue(failure.getMessage().contains(expected), failure.getMessage());
    }

    @Test
    void shouldCallACounterAboveSixteenBitsUnsendable() {
        final String line = "{\"site\":\"" + SITE + "\",\"wall\":1,\"counter\":65536,\"changes\":[]}";
        final UnsendableException failure = assertThrows(UnsendableException.class, () -> read(line));
        assertTrue(failure.getMessage().contains("value=65536 is outside 0 to 65535"), failure.getMessage());
    }

    @Test
    void shouldRefuseBytesThatAreNotUtf8() {
        final byte[] line = set(write("{\"text\":\"X\"}")).getBytes(StandardCharsets.ISO_8859_1);
        line[new String(line, StandardCharsets.ISO_8859_1).indexOf('X')] = (byte) 0xFF;
        assertThrows(BadInputException.class, () -> ChangeSetJson.read(line, "line=7"));
    }

    private static String set(final String changes) {
        return "{\"site\":\"" + SITE + "\",\"wall\":1,\"counter\":0,\"changes\":" + changes + ",\"migrations\":[]}";
    }

    private static String write(final String part) {
        return "[{\"op\":\"write\",\"opSeq\":0,\"schema\":\"s\",\"table\":\"t\",\"pk\":[" + part
                + "],\"column\":\"c\",\"value\":{\"null\":true}}]";
    }

    private static ChangeSet read(final String line) {
        return ChangeSetJson.read(line.getBytes(StandardCharsets.UTF_8), "line=7");
    }

    private static byte[] written(final ChangeSet set) throws IOException {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonLineWriter writer = new JsonLineWriter(bytes)) {
            writer.changeSet(set);
        }
        return bytes.toByteArray();
    }
}
